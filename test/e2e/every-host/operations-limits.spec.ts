import { expect, test } from '../fixtures.ts';
import { callValue } from '../helpers/call-console.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { confirm, dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

test('a quota is a size, unlimited or not set; the default is told where it applies', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  const section = page.getByRole('region', { name: 'Quota and limits' });
  await openClusterPage(page, id, `users/${user?.userId}`);
  await expect(section).toContainText('not set');
  await section.getByRole('button', { name: 'Edit default' }).click();
  await dialog(page).getByLabel('Quota in GB').fill('5000');
  await confirm(page, 'Set quota');
  await expect(section).toContainText(/Default of every user:\s?5,000 GB/);

  await page.keyboard.press('e');
  await dialog(page).getByLabel('Quota in GB').fill('750');
  await expect(dialog(page).getByRole('row', { name: /^Quota/ })).toContainText('750 GB');
  await confirm(page, 'Set quota');
  await expect(section).toContainText('750 GB');

  await section.getByRole('button', { name: 'Set quota' }).click();
  await dialog(page).getByText('Unlimited', { exact: true }).click();
  await expect(dialog(page).getByRole('row', { name: /^Quota/ })).toContainText('unlimited');
  await dialog(page).getByRole('button', { name: 'Set quota', exact: true }).click();
  await expect(section).toContainText('unlimited');

  await section.getByRole('button', { name: 'Set quota' }).click();
  await dialog(page).getByText('Not set', { exact: true }).click();
  await confirm(page, 'Clear quota');
  await expect(section).toContainText('not set');
});

test('rate limits are set and taken away', async ({ openConsole, openGateway }) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const { rows } = await callValue(page, 'buckets.list', { connectionId: id });
  const section = page.getByRole('region', { name: 'Quota and limits' });
  await openClusterPage(page, id, `buckets/${rows[0]?.name}`);
  await section.getByRole('button', { name: 'Set rate limits' }).click();
  const row = dialog(page).getByRole('row', { name: /^Get/ }).first();
  await row.getByText('At most').click();
  await row.getByRole('textbox').fill('250.5');
  await expect(dialog(page)).toContainText('250.5 operations/s');
  await confirm(page, 'Set rate limits');
  await expect(section).toContainText('250.5 operations/s');
  await expect(section).toContainText('unlimited');
  await section.getByRole('button', { name: 'Set rate limits' }).click();
  await dialog(page).getByText('Not set', { exact: true }).click();
  await confirm(page, 'Clear rate limits');
  await expect(section).toContainText('Nothing limits the rate of requests.');
});

test('a full bucket is refused, an empty one removed, with the owner’s key where it must be', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 40 });
  gateway.variants.systemUserDeletesBuckets = false;
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { open: 'buckets' });
  const full = await callValue(page, 'buckets.list', {
    connectionId: id,
    filter: { size: 'filled' },
  });
  await openClusterPage(page, id, `buckets/${full.rows[0]?.name}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove bucket' }).click();
  await expect(dialog(page)).toContainText('BUCKET_NOT_EMPTY');
  await page.keyboard.press('Escape');

  const bucket = full.rows.find(({ ownerId }) => gateway.state.users.byId.get(ownerId)?.enabled);
  gateway.state.buckets.resize(bucket?.name ?? '', 0n, bucket?.lastHour ?? 0);
  await openClusterPage(page, id, `buckets/${bucket?.name}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove bucket' }).click();
  await dialog(page).getByRole('button', { name: 'Remove bucket' }).click();
  await dialog(page)
    .getByRole('button', { name: /owner’s own key/ })
    .click();
  await expect(dialog(page)).toContainText('signed with the own key of the owner');
  await confirm(page, 'Remove bucket');
  await expect(page.getByText('No such bucket')).toBeVisible();
});
