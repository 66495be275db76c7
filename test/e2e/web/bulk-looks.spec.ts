import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { lookFaults } from '../helpers/looks.ts';
import { saveCluster, tenants } from '../helpers/save-cluster.ts';

// the pages look the same on every host: once is enough
test('bulk changes and limits are whole in each of their states, and axe finds nothing', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 60, buckets: 80 });
  const { page } = await openConsole();
  const connectionId = await saveCluster(page, gateway, { open: 'limits' });
  const faults: string[] = [];
  const look = async (name: string, ...checked: ('light' | 'dark')[]) => {
    faults.push(...(await lookFaults(page, name, checked)));
  };
  await callValue(page, 'inventory.start', {
    connectionId,
    buckets: true,
    requestsPerSecond: 2000,
  });
  await expect(page.getByText(/Read: all 60 users/)).toBeVisible();
  await look('limits-full', 'light', 'dark');

  const users = (await tenants(page, connectionId, 'some')).map(({ userId }) => userId);
  const change = { change: 'setQuota', sizeGb: 1 } as const;
  const source = { from: 'users', userIds: users, change } as const;
  const { runId } = await callValue(page, 'bulk.preview', { connectionId, source });
  await openClusterPage(page, connectionId, `changes/run/${runId}`);
  await expect(page.getByRole('button', { name: /^Start/ })).toBeVisible();
  await look('bulk-preview', 'dark');
  await page.getByRole('button', { name: /^Start/ }).click();
  await look('bulk-start', 'dark');
  await page.getByLabel(/Pause for my approval/).check();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The first rows are done and verified')).toBeVisible();
  await look('bulk-canary', 'light', 'dark');
  gateway.faults.add({ kind: 'status', status: 403, match: { method: 'PUT' }, count: 2 });
  await page.getByRole('button', { name: 'Resume with the rest' }).click();
  await expect(page.getByText('Finished').first()).toBeVisible();
  await look('bulk-result', 'light');
  await page.getByRole('row').nth(1).click();
  await look('bulk-result-row', 'light', 'dark');

  await openClusterPage(page, connectionId, 'changes/new');
  const table = page.getByRole('textbox', { name: 'Table' });
  await expect(page.getByText('Columns a table may have')).toBeVisible();
  await look('bulk-table-empty', 'light');
  await table.fill(`id,quota_gb\n${users[0]},many\nffff,1`);
  await expect(page.getByText('2 errors')).toBeVisible();
  await look('bulk-table-errors', 'light', 'dark');
  await openClusterPage(page, connectionId, 'changes/new?from=filter');
  await expect(page.getByText(/users match/)).toBeVisible();
  await look('bulk-filter', 'dark');

  const inverse = await callValue(page, 'plans.inverse', { connectionId, runId });
  await openClusterPage(page, connectionId, 'changes/plan');
  await page.getByLabel('Open a plan file').setInputFiles({
    name: inverse.fileName,
    mimeType: inverse.mediaType,
    buffer: Buffer.from(inverse.content),
  });
  await expect(page.getByRole('button', { name: 'Compare with the cluster' })).toBeVisible();
  await look('bulk-plan', 'dark');
  gateway.faults.add({ kind: 'reset-before' });
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Data: / })).toContainText('Offline');
  await look('bulk-plan-offline', 'light');
  await openClusterPage(page, connectionId, 'changes');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await look('bulk-runs-offline', 'light');
  expect(faults).toEqual([]);
});
