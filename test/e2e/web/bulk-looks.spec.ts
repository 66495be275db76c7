import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openAddress, openClusterPage } from '../helpers/connect.ts';
import { stateFaults } from '../helpers/looks.ts';
import { tenants } from '../helpers/save-cluster.ts';

// the pages look the same on every host: once is enough
test('bulk changes, limits, pressure, all clusters and the palette are whole in each of their states, and axe finds nothing', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 60, buckets: 80 });
  const { page } = await openConsole();
  const faults: string[] = [];
  const look = async (name: string) => {
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    faults.push(...(await stateFaults(page, name)));
  };
  const morning = async (shows: string | RegExp, name: string) => {
    await openAddress(page, '/morning');
    await expect(page.getByText(shows).first()).toBeVisible();
    await look(name);
  };
  const pressure = async (shows: string | RegExp, name: string) => {
    await openAddress(page, `/c/${connectionId}/pressure`);
    await expect(page.getByText(shows).first()).toBeVisible();
    await look(name);
  };
  await page.waitForURL(/#\/(c|connections)\b/);
  await morning('No cluster', 'morning-none');
  const { url: endpoint, accessKeyId, secretKey } = gateway;
  const { id: connectionId } = await callValue(page, 'connections.save', {
    ...{ name: 'Rack 1', endpoint, accessKeyId, secretKey, environment: 'lab', signature: 'auto' },
  });
  await morning('Not read yet', 'morning-unread');
  await pressure('Not read', 'pressure-unread');
  await callValue(page, 'sync.refresh', { connectionId });
  await openClusterPage(page, connectionId, 'limits');
  await callValue(page, 'inventory.start', {
    connectionId,
    buckets: true,
    requestsPerSecond: 2000,
  });
  await expect(page.getByText(/Read: all 60 users/)).toBeVisible();
  await look('limits-full');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByLabel('Search everything').fill('quota');
  await expect(page.locator('[data-action][data-selected]')).toContainText(/quota/i);
  await look('palette');
  await page.keyboard.press('Escape');

  const users = (await tenants(page, connectionId, 'some')).map(({ userId }) => userId);
  const change = { change: 'setQuota', sizeGb: 1 } as const;
  const source = { from: 'users', userIds: users, change } as const;
  const { runId } = await callValue(page, 'bulk.preview', { connectionId, source });
  await openClusterPage(page, connectionId, `changes/run/${runId}`);
  await expect(page.getByRole('button', { name: /^Start/ })).toBeVisible();
  await look('bulk-preview');
  await page.getByRole('button', { name: /^Start/ }).click();
  await look('bulk-start');
  await page.getByLabel(/Pause for my approval/).check();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The first rows are done and verified')).toBeVisible();
  await look('bulk-canary');
  gateway.faults.add({ kind: 'status', status: 403, match: { method: 'PUT' }, count: 2 });
  await page.getByRole('button', { name: 'Resume with the rest' }).click();
  await expect(page.getByText('Finished').first()).toBeVisible();
  await look('bulk-result');
  await page.getByRole('row').nth(1).click();
  await look('bulk-result-row');

  await openClusterPage(page, connectionId, 'changes/new');
  const table = page.getByRole('textbox', { name: 'Table' });
  await expect(page.getByText('Columns a table may have')).toBeVisible();
  await look('bulk-table-empty');
  await table.fill(`id,quota_gb\n${users[0]},many\nffff,1`);
  await expect(page.getByText('2 errors')).toBeVisible();
  await look('bulk-table-errors');
  await openClusterPage(page, connectionId, 'changes/new?from=filter');
  await expect(page.getByText(/users match/)).toBeVisible();
  await look('bulk-filter');

  const inverse = await callValue(page, 'plans.inverse', { connectionId, runId });
  await openClusterPage(page, connectionId, 'changes/plan');
  await page.getByLabel('Open a plan file').setInputFiles({
    name: inverse.fileName,
    mimeType: inverse.mediaType,
    buffer: Buffer.from(inverse.content),
  });
  await expect(page.getByRole('button', { name: 'Compare with the cluster' })).toBeVisible();
  await look('bulk-plan');
  gateway.faults.add({ kind: 'reset-before' });
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(page.getByRole('button', { name: /^Data: / })).toContainText('Offline');
  await look('bulk-plan-offline');
  await openClusterPage(page, connectionId, 'changes');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await look('bulk-runs-offline');
  await pressure('Sizes sampled', 'pressure-offline');
  await morning('Offline', 'morning-offline');
  const failed = { code: 'INTERNAL', message: 'The database of Rack 1 can’t be read.' };
  const error = { ...failed, hint: 'Restart the console.', retryable: false };
  await page.route(/rpc.(signals|pressure)\./, (route) =>
    route.fulfill({ json: { ok: false, error } }),
  );
  await page.reload();
  await morning(error.message, 'morning-failed');
  await pressure(error.message, 'pressure-failed');
  expect(faults).toEqual([]);
});
