import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

test('the sweep fills the grid; unset, unlimited and a value are told apart and filtered', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 30, buckets: 40 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { open: 'limits' });
  const [user] = await tenants(page, id, 'some');
  const name = user?.email ?? '';
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row.getByText('not read').first()).toBeAttached();
  await page.getByRole('button', { name: 'Read all' }).click();
  await dialog(page)
    .getByLabel(/requests a second/)
    .fill('1000');
  await dialog(page)
    .getByLabel(/Also the 40 buckets/)
    .check();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Known of all 30 users, 40 of 40 buckets/)).toBeVisible();
  await expect(row.getByText('not read')).toHaveCount(0);

  const target = { user: user?.userId ?? '' };
  await callValue(page, 'quotas.set', { connectionId: id, target, sizeGb: 0 });
  await expect(row).toContainText('unlimited');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Unlimited' }).click();
  await page.keyboard.press('Escape');
  await expect(row).toBeVisible();
  await expect(page.getByText('Quota: unlimited')).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();

  const edit = page.getByRole('button', { name: 'Edit default' }).first();
  await edit.click();
  await dialog(page).getByLabel('Quota in GB').fill('12345');
  await dialog(page).getByRole('button', { name: 'Set quota', exact: true }).click();
  await expect(page.getByText('12,345 GB').first()).toBeVisible();

  await page.getByText('Buckets', { exact: true }).last().click();
  await expect(page.getByText('of 40').first()).toBeVisible();
  await page.reload();
  await expect(page.getByText('of 40').first()).toBeVisible();
});
