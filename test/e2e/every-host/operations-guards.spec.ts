import { expect, test } from '../fixtures.ts';
import { openClusterPage } from '../helpers/connect.ts';
import { freshness, refresh } from '../helpers/frame.ts';
import { confirm, dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

test('production is locked until unlocked for some minutes, and wants the name typed', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { environment: 'production' });
  const [user] = await tenants(page, id, 'some');
  await openClusterPage(page, id, `users/${user?.userId}`);
  await expect(page.getByRole('button', { name: 'Locked' })).toBeVisible();
  await page.getByRole('button', { name: 'Disable user' }).click();
  const verb = dialog(page).getByRole('button', { name: 'Disable user' });
  await expect(dialog(page)).toContainText('locked against changes');
  await dialog(page).getByText('5 min', { exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Unlock for 5 min' }).click();
  await expect(dialog(page)).not.toContainText('locked against changes');
  await expect(verb).toBeDisabled();
  await dialog(page)
    .getByLabel(/to confirm on production/)
    .fill(user?.email ?? '');
  await confirm(page, 'Disable user');
  await page.getByRole('button', { name: /^Unlocked/ }).click();
  await expect(page.getByRole('button', { name: 'Locked' })).toBeVisible();
  expect(gateway.log.acted()).toHaveLength(1);
});

test('read-only and offline turn writes off and say why; nothing is sent', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const readOnly = await saveCluster(page, gateway, { readOnly: true });
  const [user] = await tenants(page, readOnly, 'some');
  await openClusterPage(page, readOnly, `users/${user?.userId}`);
  await expect(page.getByText('Read-only')).toBeVisible();
  const action = page.getByRole('button', { name: 'Disable user' });
  await expect(action).toHaveAttribute('aria-disabled', 'true');
  await action.hover();
  await expect(page.getByRole('tooltip')).toContainText('read-only');

  const id = await saveCluster(page, gateway, { name: 'Rack 2' });
  await openClusterPage(page, id, `users/${user?.userId}`);
  await expect(action).not.toHaveAttribute('aria-disabled', 'true');
  await gateway.stop();
  await refresh(page);
  await expect(freshness(page)).toContainText('Offline');
  await expect(action).toHaveAttribute('aria-disabled', 'true');
  expect(gateway.log.acted()).toEqual([]);
});

test('what somebody else changed meanwhile stops the write and shows the difference', async ({
  openConsole,
  openGateway,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  await openClusterPage(page, id, `users/${user?.userId}`);
  await page.getByRole('button', { name: 'Set quota' }).first().click();
  await dialog(page).getByLabel('Quota in GB').fill('10');
  const verb = dialog(page).getByRole('button', { name: 'Set quota', exact: true });
  await expect(verb).toBeEnabled();
  gateway.state.quotas.set(`user:${user?.userId}`, 77n);
  await verb.click();
  await expect(dialog(page)).toContainText('Somebody changed it since the preview');
  await expect(dialog(page)).toContainText('it is now 77');
  expect(gateway.log.acted()).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Make a new preview' }).click();
  await expect(dialog(page).getByRole('row', { name: /^Quota/ })).toContainText('77 GB');
  await confirm(page, 'Set quota');
});

test('what is sent, not confirmed, is read again and not sent again', async ({
  openConsole,
  openGateway,
}) => {
  test.setTimeout(90_000);
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  await openClusterPage(page, id, `users/${user?.userId}`);
  await page.getByRole('button', { name: 'Disable user' }).click();
  await expect(dialog(page).getByRole('rowheader', { name: 'State' })).toBeVisible();
  // The two readings before the write pass; those after it are refused.
  const match = { method: 'GET', service: 'ostor-users' };
  const fault = gateway.faults.add({ kind: 'status', status: 403, match, skip: 2 });
  await dialog(page).getByRole('button', { name: 'Disable user' }).click();
  await expect(dialog(page)).toContainText('Sent, not confirmed');
  await dialog(page).getByRole('button', { name: 'Read again' }).click();
  await expect(dialog(page)).toContainText('ACCESS_DENIED');
  fault.remove();
  await dialog(page).getByRole('button', { name: 'Read again' }).click();
  await expect(page.getByText('Disable user: verified')).toBeVisible();
  expect(gateway.log.acted()).toHaveLength(1);
});

test('a reset before and after the gateway acted is resolved by reading', async ({
  openConsole,
  openGateway,
}) => {
  test.setTimeout(90_000);
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  await saveCluster(page, gateway);
  const match = { method: 'PUT', service: 'ostor-users' };
  gateway.faults.add({ kind: 'reset-after', match, count: 1 });
  await page.getByRole('button', { name: 'Create user' }).click();
  await dialog(page).getByLabel('E-mail').fill('after@example.org');
  await confirm(page, 'Create user');
  await dialog(page).getByRole('button', { name: 'I have stored it' }).click();
  expect(gateway.log.acted('user.created')).toHaveLength(1);

  gateway.faults.add({ kind: 'reset-before', match, count: 1 });
  await page.getByRole('button', { name: 'Create user' }).click();
  await dialog(page).getByLabel('E-mail').fill('before@example.org');
  await dialog(page).getByRole('button', { name: 'Create user', exact: true }).click();
  await expect(dialog(page)).toContainText('not seen', { timeout: 20_000 });
  await expect(dialog(page)).toContainText('CONNECTION_RESET');
  await expect(dialog(page).getByRole('button', { name: 'Create user' })).toHaveCount(0);
  expect(gateway.log.acted('user.created')).toHaveLength(1);
});
