import { expect, test } from '../fixtures.ts';
import { freshness } from '../helpers/frame.ts';
import { dialog, saveCluster, tenants } from '../helpers/save-cluster.ts';

test('production is locked until unlocked for some minutes, and wants the name typed', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway, { environment: 'production' });
  const [user] = await tenants(page, id, 'some');
  const keyboard = await byKeyboard(page);
  await keyboard.open(user?.email ?? '');
  await expect(page.getByRole('button', { name: 'Locked' })).toBeVisible();
  await keyboard.activate(page.getByRole('button', { name: 'Disable user' }));
  const verb = dialog(page).getByRole('button', { name: 'Disable user' });
  await expect(dialog(page)).toContainText('locked against changes');
  const minutes = dialog(page).getByRole('radiogroup', { name: 'Minutes to unlock for' });
  await keyboard.select(minutes, '5 min');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Unlock for 5 min' }));
  await expect(dialog(page)).not.toContainText('locked against changes');
  await expect(verb).toBeDisabled();
  const name = dialog(page).getByLabel(/to confirm on production/);
  await keyboard.fill(name, user?.email ?? '');
  await expect(verb).toBeEnabled();
  await keyboard.press('Enter'); // sends nothing that destroys
  await expect(verb).toBeEnabled();
  expect(gateway.log.acted()).toEqual([]);
  await keyboard.confirm('Disable user');
  await keyboard.activate(page.getByRole('button', { name: /^Unlocked/ }));
  await expect(page.getByRole('button', { name: 'Locked' })).toBeVisible();
  expect(gateway.log.acted()).toHaveLength(1);
});

test('read-only and offline, changes are planned and say why, of one and of many; nothing is sent', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const readOnly = await saveCluster(page, gateway, { readOnly: true });
  const [user] = await tenants(page, readOnly, 'some');
  const keyboard = await byKeyboard(page);
  const reason = (text: string) => page.getByRole('tooltip').filter({ hasText: text });
  const action = page.getByRole('button', { name: 'Disable user' });
  await expect(page.getByText('Read-only')).toBeVisible();
  await keyboard.toList();
  await keyboard.press('ArrowDown', 'Space');
  await keyboard.chooseFrom(page.getByRole('button', { name: 'Change', exact: true }), 'Set quota');
  await expect(dialog(page).getByLabel('Quota in GB')).toBeFocused();
  await keyboard.type('7');
  await expect(dialog(page).getByRole('button', { name: 'Preview 1 change' })).toBeEnabled();
  await keyboard.press('Enter');
  const start = page.getByRole('button', { name: 'Start 1 change' });
  await expect(start).toHaveAttribute('aria-disabled', 'true');
  await keyboard.tabTo(start);
  await expect(reason('read-only')).toBeVisible();
  await keyboard.press('Enter');
  await keyboard.open(user?.email ?? '');
  const offersPlanAlone = async (why: string) => {
    await keyboard.activate(action);
    await expect(dialog(page)).toContainText(why);
    await expect(dialog(page).getByRole('button', { name: 'Add to plan' })).toBeVisible();
    await expect(dialog(page).getByRole('button', { name: 'Disable user' })).toHaveCount(0);
  };
  await offersPlanAlone('read-only');
  await keyboard.press('Escape');

  await saveCluster(page, gateway, { name: 'Rack 2' });
  await keyboard.open(user?.email ?? '');
  await expect(action).not.toHaveAttribute('aria-disabled', 'true');
  await gateway.stop();
  await keyboard.press('r');
  await expect(freshness(page)).toContainText('Offline');
  await offersPlanAlone("can't be reached");
  expect(gateway.log.acted()).toEqual([]);
});

test('what the gateway refuses, or somebody else changed, is shown in the dialog, and tried again there', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  const keyboard = await byKeyboard(page);
  await keyboard.open(user?.email ?? '');
  await keyboard.press('e');
  const size = dialog(page).getByLabel('Quota in GB');
  await expect(size).toBeFocused();
  await keyboard.type('10');
  const verb = dialog(page).getByRole('button', { name: 'Set quota', exact: true });
  const match = { method: 'PUT', service: 'ostor-quotas' };
  for (const [status, errorForm, code] of [
    [400, 'xml', 'REQUEST_REFUSED'],
    [403, 'empty', 'ACCESS_DENIED'],
    [404, 'header', 'NOT_FOUND'],
    [409, 'json', 'CONFLICT'],
    [429, 'xml-and-header', 'TOO_MANY_REQUESTS'],
  ] as const) {
    gateway.variants.errorForm = errorForm;
    gateway.faults.add({ kind: 'status', status, match, count: 1 });
    await keyboard.activate(verb);
    const reported = dialog(page).getByRole('alert');
    await expect(reported).toContainText(`${code} · status ${status} · request id`);
    await expect(reported).toBeInViewport({ ratio: 1 });
    await expect(size).toHaveValue('10');
  }
  expect(gateway.log.acted()).toEqual([]);

  gateway.state.quotas.set(`user:${user?.userId}`, 77n);
  await keyboard.activate(verb);
  await expect(dialog(page)).toContainText('Somebody changed it since the preview');
  await expect(dialog(page)).toContainText('it is now 77');
  expect(gateway.log.acted()).toEqual([]);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Make a new preview' }));
  await expect(dialog(page).getByRole('row', { name: /^Quota/ })).toContainText('77 GB');
  await keyboard.confirm('Set quota');
  expect(gateway.log.acted()).toHaveLength(1);
});

test('what is sent, not confirmed, is read again and not sent again', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const [user] = await tenants(page, id, 'some');
  const keyboard = await byKeyboard(page);
  await keyboard.run(`Disable user ${user?.email}`);
  await expect(dialog(page).getByRole('rowheader', { name: 'State' })).toBeVisible();
  // The reading before the write passes; those after it are refused.
  const match = { method: 'GET', service: 'ostor-users' };
  const fault = gateway.faults.add({ kind: 'status', status: 403, match, skip: 1 });
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Disable user' }));
  await expect(dialog(page)).toContainText('Sent, not confirmed');
  const again = dialog(page).getByRole('button', { name: 'Check again' });
  await keyboard.activate(again);
  await expect(dialog(page)).toContainText('ACCESS_DENIED');
  fault.remove();
  await keyboard.activate(again);
  await expect(page.getByText('Disable user: verified').first()).toBeVisible();
  expect(gateway.log.acted()).toHaveLength(1);

  // The gateway fails and did nothing: nobody knows until it was looked for.
  gateway.faults.add({ kind: 'status', status: 500, match: { method: 'POST' }, count: 1 });
  await keyboard.run(`Enable user ${user?.email}`);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Enable user' }));
  await expect(dialog(page)).toContainText('GATEWAY_FAILED · request id');
  await expect(dialog(page)).toContainText('It was not sent a second time.');
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Close' }).last());
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(gateway.log.acted()).toHaveLength(1);
});

test('a creation without an answer is never sent again: a time-out before or after it, a reset', async ({
  openConsole,
  openGateway,
  byKeyboard,
}) => {
  const gateway = await openGateway({ users: 12, buckets: 20 });
  const { page } = await openConsole();
  await saveCluster(page, gateway, { timeoutSeconds: 5 });
  const keyboard = await byKeyboard(page);
  const match = { method: 'PUT', service: 'ostor-users' };
  const timesSent = (email: string) =>
    gateway.log.entries.filter(
      ({ method, query }) => method === 'PUT' && query.includes(encodeURIComponent(email)),
    ).length;
  for (const kind of ['hang-after', 'reset-after'] as const) {
    gateway.faults.add({ kind, match, count: 1 });
    await keyboard.run('Create user');
    await expect(dialog(page).getByLabel('E-mail')).toBeFocused();
    await keyboard.type(`${kind}@example.org`);
    await keyboard.submit('Create user');
    await keyboard.stored();
    expect(timesSent(`${kind}@example.org`)).toBe(1);
  }
  gateway.faults.add({ kind: 'hang-before', match, count: 1 });
  await keyboard.run('Create user');
  await expect(dialog(page).getByLabel('E-mail')).toBeFocused();
  await keyboard.type('before@example.org');
  await expect(dialog(page).getByRole('button', { name: 'Create user' })).toBeEnabled();
  await keyboard.press('Enter');
  await expect(dialog(page)).toContainText('looked for afterwards and not seen');
  await expect(dialog(page)).toContainText('TIMED_OUT');
  await expect(dialog(page).getByRole('button', { name: 'Create user' })).toHaveCount(0);
  await keyboard.activate(dialog(page).getByRole('button', { name: 'Check again' }));
  await expect(dialog(page)).toContainText('the change did not take effect');
  expect(timesSent('before@example.org')).toBe(1);
  expect(gateway.log.acted('user.created')).toHaveLength(2);
});
