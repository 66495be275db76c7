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

test.describe('far from UTC', () => {
  test.use({ timezoneId: 'Pacific/Auckland' });

  test('a line of a statement leads to the UTC days that add up to it, and back', async ({
    openConsole,
    openGateway,
  }) => {
    const gateway = await openGateway(cluster);
    const { page } = await openConsole();
    const id = await saveCluster(page, gateway);
    await collectStatistics(page, id);
    await saveTariff(page, id);
    const now = new Date();
    const monthAt = (months: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString();
    const [from, to] = [monthAt(-1), monthAt(0)];
    await openClusterPage(page, id, `usage/statements?period=custom&from=${from}&to=${to}`);
    await page
      .getByRole('grid', { name: 'Users of the statement' })
      .getByRole('row')
      .nth(1)
      .click();
    const lines = page.getByRole('table', { name: 'Charges' });
    await lines.getByRole('link', { name: 'Out', exact: true }).click();

    const note = page.getByRole('region', { name: 'Line of the statement' });
    await expect(note).toContainText('The sum of the days is exactly this.');
    const days = page.getByRole('grid', { name: 'Usage by day' });
    const sum = await days.getByRole('row').last().getByRole('gridcell').nth(1).textContent();
    await expect(note).toContainText(`Out, ${sum} GB (`);
    // days of UTC, which begin around noon by the clock there
    const first = days.getByRole('row').nth(1).locator('time');
    await expect(first).toHaveText(/, 00:00$/);
    await expect(first).toHaveAttribute('datetime', /T00:00:00.000Z$/);
    expect(await lookFaults(page, 'usage-line')).toEqual([]);
    await page.getByRole('link', { name: 'Back to statement' }).click();
    await expect(lines).toBeVisible();
  });
});
