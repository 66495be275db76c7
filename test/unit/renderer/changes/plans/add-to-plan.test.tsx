import { renderHook, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { bucketActions } from '#renderer/changes/buckets/remove-bucket.tsx';
import { EditLimitsDialog } from '#renderer/changes/limits/edit-limits.tsx';
import { EditQuotaDialog } from '#renderer/changes/limits/edit-quota.tsx';
import { OperationDialog } from '#renderer/changes/operation/operation-dialog.tsx';
import { userActions } from '#renderer/changes/users/user-operations.tsx';
import { ClusterProvider, type Connection } from '#renderer/kit/cluster-context.tsx';
import { notPlannable, useActionHold } from '#renderer/kit/components/guarded-button.tsx';
import { keyActions } from '#renderer/pages/keys/key-actions.tsx';
import { pressureActions } from '#renderer/pages/limits/pressure-actions.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeRun } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf, fakeConnection, offlineConnection } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { fakePlan, fakePlanRow } from '#test/fakes/fake-plans.ts';
import { renderConsole } from '../../render-console.tsx';
import { openOne, renderDialogs } from '../operation/render-operation.tsx';

const userId = '0000000000000005';

type Added = CallOutput<'plans.add'>;

function core(connection = fakeConnection(), plans = [fakePlan()]) {
  const added: Added = { ...fakePlan(), added: 1, replaced: 0, warnings: [] };
  return fakeOperations(connection)
    .on('plans.list', () => plans)
    .on('plans.add', () => added)
    .on('operations.preview', ({ readFrom = 'gateway' }) => fakePreview({ source: readFrom }));
}

async function openDisable(of = core(), connection = fakeConnection()) {
  renderDialogs(of, connection);
  return openOne((close) => (
    <OperationDialog operation="users.disable" input={{ userId }} onClose={close} />
  ));
}

const add = (dialog: HTMLElement) => within(dialog).findByRole('button', { name: 'Add to plan' });

test('while the gateway can’t be reached the button adds the change to a plan, as last seen', async () => {
  const of = core(offlineConnection());
  const dialog = await openDisable(of, offlineConnection());
  await waitFor(() => expect(dialog).toHaveTextContent('As last seen'));
  expect(within(dialog).queryByRole('button', { name: 'Disable user' })).toBeNull();
  expect(of.inputsOf('operations.preview')[0]).toMatchObject({ readFrom: 'snapshot' });
  await waitFor(async () => expect(await add(dialog)).toBeEnabled());
  await userEvent.type(within(dialog).getByLabelText(/^Comment/), 'Unpaid');
  await userEvent.click(await add(dialog));
  expect(await screen.findByText('1 change added to “Night”')).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByRole('link', { name: 'Open plan' })).toHaveAttribute(
    'href',
    '#/c/rack-7/changes/plans/plan-1',
  );
  expect(of.inputsOf('plans.add')).toEqual([
    {
      connectionId: 'rack-7',
      planId: 'plan-1',
      change: { operation: 'users.disable', input: { userId } },
      comment: 'Unpaid',
    },
  ]);
  expect(of.inputsOf('users.disable')).toEqual([]);
});

test('the first plan is named at once', async () => {
  const of = core(offlineConnection(), []);
  const dialog = await openDisable(of, offlineConnection());
  const name = await within(dialog).findByLabelText('Name of the plan');
  await userEvent.clear(name);
  expect(await add(dialog)).toBeDisabled();
  await userEvent.type(name, 'Night');
  await waitFor(async () => expect(await add(dialog)).toBeEnabled());
  await userEvent.click(await add(dialog));
  await waitFor(() => expect(of.inputsOf('plans.add')[0]).toMatchObject({ name: 'Night' }));
});

test('online it is the second action, and the change is sent where one returns to it', async () => {
  const of = core();
  const dialog = await openDisable(of);
  expect(await within(dialog).findByRole('button', { name: 'Disable user' })).toBeVisible();
  await userEvent.click(await add(dialog));
  expect(await within(dialog).findByRole('combobox', { name: 'Plan' })).toBeVisible();
  expect(within(dialog).queryByLabelText(/^Ticket/)).toBeNull();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Apply now instead' }));
  const verb = await within(dialog).findByRole('button', { name: 'Disable user' });
  await waitFor(() => expect(verb).toBeEnabled());
  await userEvent.click(verb);
  await waitFor(() => expect(of.inputsOf('users.disable')).toHaveLength(1));
  expect(of.inputsOf('plans.add')).toEqual([]);
});

test('a change that is to be planned is not sent because it is made to end', async () => {
  const of = core().on('pressure.raises', () => []);
  renderDialogs(of);
  const target = { user: userId };
  const dialog = await openOne((close) => (
    <EditQuotaDialog target={target} quota={{ set: true, sizeGb: '100' }} onClose={close} />
  ));
  const size = within(dialog).getByLabelText('Quota in GB');
  await userEvent.clear(size);
  await userEvent.type(size, '200');
  await userEvent.click(await add(dialog));
  await userEvent.click(within(dialog).getByLabelText(/^Only until a day/));
  await userEvent.type(within(dialog).getByLabelText(/^Reason/), 'Agreed');
  const verb = await within(dialog).findByRole('button', { name: 'Disable user' });
  expect(await within(dialog).findByText(notPlannable.ends)).toBeVisible();
  expect(verb).toBeDisabled();
  await userEvent.click(within(dialog).getByLabelText(/^Only until a day/));
  await waitFor(async () => expect(await add(dialog)).toBeEnabled());
  expect(of.inputsOf('pressure.raise')).toEqual([]);
});

test('a change such as +4 GB counts from what the selected plan sets already, and the form says so', async () => {
  const connection = offlineConnection();
  const target = { user: userId };
  const quotaRow = fakePlanRow(1, {
    ...{ operation: 'quotas.set', target: { kind: 'user', id: userId, name: 'anna' } },
    fields: [{ field: 'quota', label: 'Quota', before: '100', after: '104', changed: true }],
  });
  const of = core(connection, [fakePlan(), fakePlan({ planId: 'plan-2', name: 'Day' })]).on(
    'plans.rows',
    ({ planId }) => ({ total: 1, rows: planId === 'plan-1' ? [quotaRow] : [] }),
  );
  renderDialogs(of, connection);
  const dialog = await openOne((close) => (
    <EditQuotaDialog target={target} quota={{ set: true, sizeGb: '100' }} onClose={close} />
  ));
  const size = within(dialog).getByLabelText('Quota in GB');
  await waitFor(() => expect(size).toHaveValue('104'));
  expect(dialog).toHaveTextContent(/counts from it/);
  await userEvent.clear(size);
  await userEvent.type(size, '+4 GB');
  const asked = () => of.inputsOf('operations.preview').at(-1)?.input;
  await waitFor(() => expect(asked()).toEqual({ target, sizeGb: '108' }));
  await userEvent.click(within(dialog).getByRole('combobox', { name: 'Plan' }));
  await userEvent.click(await screen.findByRole('option', { name: /^Day/ }));
  await waitFor(() => expect(asked()).toEqual({ target, sizeGb: '104' }));
  expect(dialog).not.toHaveTextContent(/counts from it/);
});

test('rates count from what the selected plan leaves of them', async () => {
  const connection = offlineConnection();
  const target = { user: userId };
  const field = (name: string, before: string, after: string) => ({
    ...{ field: name, label: name, before, after, changed: before !== after },
  });
  const rates = fakePlanRow(1, {
    ...{ operation: 'limits.set', target: { kind: 'user', id: userId, name: 'anna' } },
    fields: [field('opsGet', '100', '150'), field('opsPut', '10', '10')],
  });
  const of = core(connection).on('plans.rows', () => ({ total: 1, rows: [rates] }));
  renderDialogs(of, connection);
  const limits = { opsGet: 100, opsPut: 10 };
  const dialog = await openOne((close) => (
    <EditLimitsDialog target={target} limits={{ set: true, limits }} onClose={close} />
  ));
  const get = within(dialog).getByLabelText('Get, operations/s');
  await waitFor(() => expect(get).toHaveValue('150'));
  await userEvent.clear(get);
  await userEvent.type(get, '+10 %');
  await waitFor(() =>
    expect(of.inputsOf('operations.preview').at(-1)?.input).toMatchObject({
      limits: { opsGet: '165', opsPut: '10' },
    }),
  );
});

test('a rate made unlimited stays so when another plan is selected', async () => {
  const connection = offlineConnection();
  const target = { user: userId };
  const rates = fakePlanRow(1, {
    ...{ operation: 'limits.set', target: { kind: 'user', id: userId, name: 'anna' } },
    fields: [{ field: 'opsGet', label: 'Get', before: '100', after: '150', changed: true }],
  });
  const of = core(connection, [fakePlan(), fakePlan({ planId: 'plan-2', name: 'Day' })]).on(
    'plans.rows',
    ({ planId }) => ({ total: 1, rows: planId === 'plan-1' ? [rates] : [] }),
  );
  renderDialogs(of, connection);
  const limits = { opsGet: 100, opsPut: 10 };
  const dialog = await openOne((close) => (
    <EditLimitsDialog target={target} limits={{ set: true, limits }} onClose={close} />
  ));
  await waitFor(() =>
    expect(within(dialog).getByLabelText('Get, operations/s')).toHaveValue('150'),
  );
  const unlimited = within(dialog).getByRole('radiogroup', {
    name: 'Get: unlimited or limited',
  });
  await userEvent.click(within(unlimited).getByRole('radio', { name: 'Unlimited' }));
  await userEvent.click(within(dialog).getByRole('combobox', { name: 'Plan' }));
  await userEvent.click(await screen.findByRole('option', { name: /^Day/ }));
  await waitFor(() => expect(dialog).not.toHaveTextContent(/counts from it/));
  expect(within(unlimited).getByRole('radio', { name: 'Unlimited' })).toBeChecked();
});

test('what can’t be sent or planned says first why it can’t be sent', async () => {
  const connection = offlineConnection();
  renderDialogs(core(connection), connection);
  const dialog = await openOne((close) => (
    <OperationDialog
      operation="users.disable"
      input={{ userId }}
      through={() => Promise.reject(new Error('not sent'))}
      onClose={close}
    />
  ));
  expect(await within(dialog).findByText(/\(CONNECTION_OFFLINE\)$/)).toBeVisible();
  expect(within(dialog).queryByText(notPlannable.ends)).toBeNull();
  expect(within(dialog).getByRole('button', { name: 'Disable user' })).toBeDisabled();
});

const pinned = {
  at: fakeAsOf,
  pinned: 'AA',
  shown: 'BB',
} satisfies Connection['pinAlarm'];

test.each([
  ['was made read-only', fakeConnection({ readOnly: true }), 'CONNECTION_READ_ONLY'],
  [
    'a policy makes read-only',
    fakeConnection({ readOnly: true, managedFields: ['endpoint', 'readOnly'] }),
    'CONNECTION_READ_ONLY',
  ],
  [
    'came read-only with a field pack',
    fakeConnection({ readOnly: true, hasCredential: false }),
    'CONNECTION_READ_ONLY',
  ],
  [
    'shows another certificate than the pinned one',
    fakeConnection({ pinAlarm: pinned }),
    'CERTIFICATE_PIN_MISMATCH',
  ],
])('the change of a cluster that %s is added to a plan', async (_case, connection, code) => {
  const of = core(connection);
  const dialog = await openDisable(of, connection);
  await waitFor(async () => expect(await add(dialog)).toBeEnabled());
  expect(dialog).toHaveTextContent(`(${code})`);
  expect(within(dialog).queryByRole('button', { name: 'Disable user' })).toBeNull();
  await userEvent.click(await add(dialog));
  await waitFor(() => expect(of.inputsOf('plans.add')).toHaveLength(1));
  expect(of.inputsOf('users.disable')).toEqual([]);
});

test('every action that a plan can take is on for a read-only cluster, and says why where it can’t', async () => {
  const connection = fakeConnection({ readOnly: true });
  const shown = renderHook(() => useActionHold(), {
    wrapper: ({ children }) => (
      <ClusterProvider connection={connection}>{children}</ClusterProvider>
    ),
  }).result.current;
  const actions = [...userActions, ...bucketActions, ...keyActions, ...pressureActions];
  expect(actions.filter(({ writes }) => writes).length).toBeGreaterThan(8);
  for (const { id, writes, notPlannable: why } of actions) {
    const reason = shown({ writes, notPlannable: why });
    if (!writes || why === undefined) expect(reason, id).toBeNull();
    else expect(reason, id).toMatch(new RegExp(`READ_ONLY.*${why}`));
  }
});

test('the menu of a row asks which change is planned, and opens its dialog for the plan', async () => {
  const of = core().on('operations.catalogue', () => [
    { operation: 'users.disable', title: 'Disable user', destructive: true },
  ]);
  renderConsole(of, '/c/rack-7/users');
  const row = await screen.findByRole('row', { name: /user-000005/ });
  await userEvent.click(within(row).getByRole('button', { name: /^Actions on/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Add to plan' }));
  const dialog = await screen.findByRole('dialog');
  const offered = within(dialog)
    .getAllByRole('button')
    .map(({ textContent }) => textContent);
  expect(offered).toContain('Disable user');
  expect(offered).toContain('Generate key');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Disable user' }));
  expect(await screen.findByRole('combobox', { name: 'Plan' })).toBeVisible();
  expect(of.inputsOf('operations.preview')[0]).toMatchObject({ readFrom: 'snapshot' });
});

test('without a network a new key goes to a plan, which says when its secret is shown', async () => {
  const offline = offlineConnection();
  const of = core(offline);
  renderConsole(of, `/c/rack-7/users?open=${userId}`);
  const panel = await screen.findByRole('complementary', { name: 'Details of the user' });
  const generate = await within(panel).findByRole('button', { name: /^Generate key for user-/ });
  await userEvent.click(generate);
  const dialog = await screen.findByRole('dialog');
  await waitFor(async () => expect(await add(dialog)).toBeEnabled());
  expect(dialog).toHaveTextContent('No plan holds a secret');
  await userEvent.click(await add(dialog));
  await waitFor(() => expect(of.inputsOf('plans.add')).toHaveLength(1));
  expect(of.inputsOf('plans.add')[0]?.change?.operation).toBe('keys.generate');
  expect(of.inputsOf('keys.generate')).toEqual([]);
});

test('says on every page which plans still apply once the gateway answers again', async () => {
  const comparison = { at: fakeAsOf, applies: 7, drifted: 2, done: 0, refused: 0 };
  const of = core(fakeConnection(), [fakePlan({ comparison })]);
  renderConsole(of, '/c/rack-7/users');
  const notice = await screen.findByText('7 still apply, 2 drifted.', { exact: false });
  expect(notice).toHaveTextContent('Plan “Night”: 7 still apply, 2 drifted.');
  expect(screen.getByRole('link', { name: 'Compare and apply' })).toHaveAttribute(
    'href',
    '/c/rack-7/changes/plans/plan-1',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss this notice' }));
  expect(screen.queryByText(/still apply/)).toBeNull();
});

test('says on every page which plans were not compared once the gateway answered again', async () => {
  const large = { name: 'Large', changes: 1200, compareDueSince: fakeAsOf };
  let plans = [fakePlan(large)];
  const of = core().on('plans.list', () => plans);
  renderConsole(of, '/c/rack-7/users');
  const notice = await screen.findByText('not compared yet', { exact: false });
  expect(notice).toHaveTextContent('Plan “Large”: not compared yet (1,200 changes).');
  expect(screen.getByRole('link', { name: 'Compare and apply' })).toHaveAttribute(
    'href',
    '/c/rack-7/changes/plans/plan-1',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss this notice' }));
  expect(screen.queryByText(/not compared yet/)).toBeNull();
  const comparison = { at: fakeAsOf, applies: 7, drifted: 0, done: 0, refused: 0 };
  plans = [
    fakePlan({ comparison }),
    fakePlan({ ...large, planId: 'plan-2' }),
    fakePlan({ ...large, planId: 'plan-3', changes: 2000 }),
    fakePlan({ ...large, planId: 'plan-4', runId: 'run-1', run: fakeRun(), left: 0 }),
  ];
  of.emit({ name: 'data.changed', payload: { connectionId: 'rack-7', topics: ['plans'] } });
  const all = await screen.findByText('7 still apply', { exact: false });
  expect(all).toHaveTextContent(
    '3 change plans: 7 still apply, 2 plans not compared yet (3,200 changes).',
  );
});
