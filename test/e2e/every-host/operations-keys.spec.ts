import { expect, test } from '../fixtures.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { confirm, dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

test('keys are generated, revealed, rotated with both slots taken, revoked; accounts made and removed', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const users = await tenants(page, id, 'some');
  const user = users.find(({ userId }) => gateway.state.users.byId.get(userId)?.keys.length === 1);
  if (!user) throw new Error('No tenant has one key.');
  const keys = page.getByRole('region', { name: 'Keys' });
  await openClusterPage(page, id, `users/${user.userId}`);
  await expect(keys).toContainText('1 of 2');
  await keys.getByRole('button', { name: /^Generate key/ }).click();
  await expect(dialog(page)).toContainText('a new key, its id chosen by the gateway');
  await confirm(page, 'Generate access key');
  await dialog(page).getByRole('button', { name: 'I have stored it' }).click();
  await expect(keys).toContainText('2 of 2');
  // the third is refused before it is sent
  await expect(keys.getByRole('button', { name: /^Generate key/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );

  const [first = ''] = gateway.state.users.byId.get(user.userId)?.keys ?? [];
  await keys.getByRole('button', { name: `Reveal secret of ${first}` }).click();
  await dialog(page).getByRole('button', { name: 'Reveal secret' }).click();
  await dialog(page).getByRole('button', { name: 'Show secret access key' }).click();
  await expect(dialog(page)).toContainText(gateway.state.users.secretOf(first));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await keys.getByRole('button', { name: `Actions on key ${first}` }).click();
  await page.getByRole('menuitem', { name: 'Rotate access key' }).click();
  await expect(dialog(page)).toContainText('Both slots are taken');
  await dialog(page).getByRole('radio', { name: first }).check();
  await expect(dialog(page)).toContainText('is revoked before the new one exists');
  await confirm(page, 'Rotate access key');
  await dialog(page).getByRole('button', { name: 'I have stored it' }).click();
  // second step: the old key, once the new one is in use
  await expect(dialog(page)).toContainText('Second step of the rotation');
  const before = gateway.state.users.byId.get(user.userId)?.keys ?? [];
  expect(before).toHaveLength(2);
  expect(before).not.toContain(first);
  await dialog(page).getByRole('checkbox').check();
  await confirm(page, 'Revoke access key');
  await expect(keys).toContainText('1 of 2');
  expect(gateway.state.users.byId.get(user.userId)?.keys).toHaveLength(1);

  const accounts = page.getByRole('region', { name: 'Accounts' });
  await accounts.getByRole('button', { name: 'Create account' }).click();
  await dialog(page).getByLabel('Name of the account').fill('nightly backup');
  await confirm(page, 'Create account');
  await dialog(page).getByRole('button', { name: 'I have stored it' }).click();
  await expect(accounts).toContainText('nightly backup');
  await accounts.getByRole('button', { name: 'Actions on account nightly backup' }).click();
  await page.getByRole('menuitem', { name: 'Remove account' }).click();
  await confirm(page, 'Remove account');
  await expect(accounts).not.toContainText('nightly backup');
});
