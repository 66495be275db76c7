import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { collectStatistics, saveTariff } from '../helpers/collect.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { enlargedFaults, lookFaults } from '../helpers/looks.ts';
import { saveCluster } from '../helpers/save-cluster.ts';

// Objects of one service over 62 days: last month is in it, wholly or in part, on each day of a month.
const cluster = {
  ...{ users: 200, buckets: 400 },
  ...{ usage: 3000, usageServices: 1, usageItems: 8, hugeCounters: false },
};

const parts = [
  { path: 'usage?period=last-month', shows: 'used most in', name: 'traffic' },
  { path: 'usage/coverage?period=last-30-days', shows: 'gateway hours', name: 'coverage' },
  { path: 'usage/storage', shows: 'Samples', name: 'storage' },
  { path: 'usage/gateway', shows: '3,000 statistics objects', name: 'gateway' },
  { path: 'usage/statements?period=last-30-days', shows: 'EUR', name: 'statements' },
  { path: 'usage/tariffs', shows: 'Included in each statement', name: 'tariffs' },
  { path: 'usage/collection', shows: 'On a schedule', name: 'collection' },
] as const;

test('usage of 3,000 objects and 200 users is whole in every part, and axe finds nothing', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway(cluster);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  await callValue(page, 'connections.save', {
    id,
    name: 'Rack 1',
    endpoint: gateway.url,
    accessKeyId: gateway.accessKeyId,
    environment: 'lab',
    signature: 'auto',
    maxConnections: 32,
  });
  await collectStatistics(page, id);
  await callValue(page, 'sync.refresh', { connectionId: id });
  await saveTariff(page, id);
  const faults: string[] = [];
  for (const { path, shows, name } of parts) {
    await openClusterPage(page, id, path);
    await expect(page.getByText(shows).first()).toBeVisible();
    faults.push(...(await lookFaults(page, `usage-${name}`)));
    faults.push(...(await enlargedFaults(page, `usage-${name}`)));
  }
  expect(faults).toEqual([]);
});
