import { expect, test } from '../fixtures.ts';
import { listOf } from '../helpers/frame.ts';
import { dialog, saveCluster } from '../helpers/save-cluster.ts';

// rows are drawn the same on every host: once is enough
test('a change of 2,000 users is previewed and scrolled as a whole', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 2000, buckets: 50 });
  const { page } = await openConsole();
  await saveCluster(page, gateway, { open: 'limits' });
  await page.getByLabel('Select all rows').click();
  await expect(page.getByText('2,000 users selected')).toBeVisible();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Set quota' }).click();
  await dialog(page).getByLabel('Quota in GB').fill('2500');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Start [12],\d+ changes$/ })).toBeVisible();
  await expect(listOf(page, 2_000)).toBeVisible();
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await expect(page.getByText(/–2,000 of 2,000$/)).toBeVisible();
  await expect(page.getByRole('row').last()).toContainText('@');
  expect(await page.getByRole('row').count()).toBeLessThan(120);
});
