import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const nothing = { total: 0, rows: [] };

/** A core in which billing systems and clusters say the same: each test makes its own difference. */
const alike = () =>
  fakeCluster()
    .on('customers.suggestions', () => nothing)
    .on('customers.shared', () => nothing)
    .on('customers.suspensionDrift', () => ({ ...nothing, clusters: [], pending: 0 }))
    .on('customers.unpaid', () => ({
      ...{ ...nothing, notBilled: 0, totalBytes: 0, month: '2026-10', unread: false },
    }))
    .on('customers.unused', () => ({ ...nothing, onboardable: 0 }));

const suggestion = {
  ...{ customerId: '7', customerName: 'Bob & Sons', connectionId: 'rack-7', serviceId: null },
  ...{ userId: '0000000000000001', email: 'bob@example.com', matched: 'client' as const },
  ambiguous: false,
};

test('users are mapped all at once, after a question', async () => {
  const core = alike()
    .on('customers.suggestions', () => ({
      total: 2,
      rows: [suggestion, { ...suggestion, userId: '0000000000000002', ambiguous: true }],
    }))
    .on('customers.mapSuggested', () => ({ mapped: 1, skipped: 1 }));
  renderConsole(core, '/c/rack-7/customers/checks');
  const [user] = await screen.findAllByRole('link', { name: 'bob@example.com' });
  // at narrow widths each value is named by the head of its column
  expect(user?.closest('td')).toHaveAttribute('data-label', 'User');
  await userEvent.click(screen.getByRole('button', { name: 'Map all' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Map users' }));
  await waitFor(() => expect(core.inputsOf('customers.mapSuggested')).toEqual([{}]));
  expect(await screen.findByText('1 user mapped. 1 ambiguous one left.')).toBeVisible();
});

test('a user that was mapped is named with its customer, and unmapped again at once', async () => {
  let rows = [suggestion];
  const core = alike()
    .on('customers.suggestions', () => ({ total: rows.length, rows }))
    .on('customers.map', () => {
      rows = [];
      return {} as never;
    })
    .on('customers.unmap', () => ({}) as never);
  renderConsole(core, '/c/rack-7/customers/checks');
  const name = 'Map bob@example.com to Bob & Sons';
  await userEvent.click(await screen.findByRole('button', { name }));
  const note = await screen.findByText(/bob@example.com belongs to/);
  expect(within(note).getByRole('link', { name: 'Bob & Sons' })).toHaveAttribute(
    ...(['href', expect.stringMatching(/customers\/7$/)] as const),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Undo: unmap bob@example.com' }));
  await waitFor(() => expect(screen.queryByText(/bob@example.com belongs to/)).toBeNull());
  const mapping = { customerId: '7', connectionId: 'rack-7', userId: '0000000000000001' };
  expect(core.inputsOf('customers.unmap')).toEqual([mapping]);
});

test('a list that is still being compared says so, and not that it is empty', async () => {
  let answer = (): void => undefined;
  const open = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const core = alike().on('customers.unpaid', async () => {
    await open;
    return { ...nothing, notBilled: 0, totalBytes: 0, month: '2026-10', unread: false };
  });
  renderConsole(core, '/c/rack-7/customers/checks');
  const list = await screen.findByRole('region', { name: 'Users nobody pays for' });
  expect(within(list).getByText('Comparing…')).toBeVisible();
  answer();
  expect(await within(list).findByText('Every user belongs to a customer.')).toBeVisible();
  expect(screen.queryByText('Comparing…')).toBeNull();
});

test('a user of two customers is unmapped from the one that does not pay', async () => {
  const at = '2026-11-20T10:00:00.000Z';
  const of = (customerId: string, name: string) => ({
    ...{ customerId, name, externalId: customerId, gone: false, mappedAt: at, mappedBy: 'ada' },
  });
  const user = { connectionId: 'rack-7', userId: '0000000000000001', email: 'bob@example.com' };
  const core = alike()
    .on('customers.shared', () => ({
      total: 1,
      rows: [{ ...user, customers: [of('7', 'Bob & Sons'), of('8', 'Eve Ltd')] }],
    }))
    .on('customers.unmap', () => ({}) as never);
  renderConsole(core, '/c/rack-7/customers/checks');
  const name = 'Unmap bob@example.com from Eve Ltd';
  await userEvent.click(await screen.findByRole('button', { name }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Unmap user' }));
  await waitFor(() =>
    expect(core.inputsOf('customers.unmap')).toEqual([
      { customerId: '8', connectionId: 'rack-7', userId: '0000000000000001' },
    ]),
  );
});

test('users of whom nothing was read yet are not said to be as their plans', async () => {
  const core = fakeCluster().on('servicePlans.drift', () => ({
    ...nothing,
    ...{ unknown: 3, excepted: 0, clusters: [] },
  }));
  renderConsole(core, '/c/rack-7/customers/drift');
  expect(await screen.findByText('No difference found so far')).toBeVisible();
  expect(screen.getByText(/Nothing was read yet of 3 users/)).toBeVisible();
});

test.each(['checks', 'plans', 'drift', 'statements', 'invoices', 'onboarding'])(
  'the page %s says that what it compares could not be read again',
  async (page) => {
    const at = '2026-11-20T10:00:00.000Z';
    const problem = { at, message: 'Nothing listens on port 443.', hint: 'Start WHMCS.' };
    const system = {
      ...{ id: 'whmcs', name: 'Billing', kind: 'whmcs' as const, readOnly: false, asOf: at },
      ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
      capabilities: [],
    };
    const core = fakeCluster().on('billing.list', () => [
      { ...system, problem },
      { ...system, id: 'other', name: 'Second' },
    ]);
    renderConsole(core, `/c/rack-7/customers/${page}`);
    const systems = await screen.findByRole('list', { name: 'Billing systems' });
    expect(systems).toHaveTextContent('Nothing listens on port 443. Start WHMCS.');
    expect(systems).not.toHaveTextContent('Second');
  },
);

test('nobody is said to be unpaid, or all to be, before the billing system was read', async () => {
  const core = alike()
    .on('billing.list', () => [{ id: 'b1', name: 'Shop', asOf: null, capabilities: [] }] as never)
    .on('customers.unpaid', () => ({
      ...nothing,
      notBilled: 0,
      totalBytes: 0,
      month: '2026-10',
      unread: true,
    }))
    .on('billing.refresh', () => ({}) as never);
  renderConsole(core, '/c/rack-7/customers/checks');
  const unpaid = within(await screen.findByRole('region', { name: 'Users nobody pays for' }));
  expect(await unpaid.findByText(/^Not compared yet/)).toBeVisible();
  expect(unpaid.queryByText('Every user belongs to a customer.')).toBeNull();
  for (const name of [
    'Users that belong to a customer by e-mail',
    'Services and users in different states',
    'Paid services without a user',
  ]) {
    const check = within(screen.getByRole('region', { name }));
    expect(await check.findByText(/^Not compared yet/)).toBeVisible();
    expect(check.queryByText(/^(Every|No other)/)).toBeNull();
    expect(check.queryByText('0')).toBeNull();
  }
  await userEvent.click(screen.getByRole('button', { name: 'Refresh Shop' }));
  await waitFor(() => expect(core.inputsOf('billing.refresh')).toEqual([{ id: 'b1' }]));
});

test('one user is brought into the state of its service; one that is being cancelled is left', async () => {
  const drift = {
    ...{ customerId: '7', customerName: 'Bob & Sons', serviceId: '41', productName: 'Gold' },
    ...{ connectionId: 'rack-7', userState: 'enabled' as const, offboardingId: null },
    ...{
      serviceStatus: 'Suspended',
      byHand: false,
      serviceExternalId: '20012',
      billingName: 'WHMCS',
      operation: 'users.disable' as const,
    },
  };
  const late = { ...drift, userId: '0000000000000001', email: 'late@example.com' };
  const leaver = { ...drift, userId: '0000000000000002', email: 'leaver@example.com' };
  const core = alike()
    .on('customers.suspensionDrift', () => ({
      total: 2,
      rows: [late, { ...leaver, offboardingId: 'a91d6e52-3b0f-4c7a-8a54-6f1d2b8e9c03' }],
      clusters: [{ connectionId: 'rack-7', users: 1 }],
      pending: 3,
    }))
    .on('customers.suspensionRun', () => ({ runId: 'r1' }) as never);
  renderConsole(core, '/c/rack-7/customers/checks');
  expect(await screen.findByRole('link', { name: 'Cancellation in progress' })).toHaveAttribute(
    ...(['href', expect.stringContaining('/customers/offboarding/a91d6e52')] as const),
  );
  expect(screen.queryByRole('button', { name: 'Disable leaver@example.com' })).toBeNull();
  expect(screen.getByText(/^3 services are pending and their users enabled/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Disable late@example.com' }));
  await waitFor(() =>
    expect(core.inputsOf('customers.suspensionRun')).toEqual([
      { connectionId: 'rack-7', userIds: ['0000000000000001'] },
    ]),
  );
});

test('a user that is disabled though its service is active is enabled by a previewed run', async () => {
  const row = {
    ...{ customerId: '7', customerName: 'Bob & Sons', serviceId: '41', productName: 'Gold' },
    ...{
      serviceStatus: 'Active',
      serviceExternalId: '20012',
      billingName: 'WHMCS',
      byHand: false,
    },
    ...{ connectionId: 'rack-7', userId: '0000000000000001', email: 'off@example.com' },
    ...{ userState: 'disabled' as const, offboardingId: null },
    operation: 'users.enable' as const,
  };
  const core = alike()
    .on('customers.suspensionDrift', () => ({
      ...{ total: 1, rows: [row], clusters: [{ connectionId: 'rack-7', users: 1 }], pending: 0 },
    }))
    .on('customers.suspensionRun', () => ({ runId: 'r1' }) as never);
  const view = renderConsole(core, '/c/rack-7/customers/checks');
  const title = 'Services and users in different states';
  const table = within(await screen.findByRole('region', { name: title }));
  await table.findByText('off@example.com');
  const [, shown] = table.getAllByRole('row');
  expect(shown).toHaveTextContent(/Bob & Sons.*Gold.*Active.*off@example.com.*Disabled/);
  await userEvent.click(table.getByRole('button', { name: 'Enable off@example.com' }));
  await waitFor(() => expect(view.address()).toContain('r1'));
  expect(core.inputsOf('customers.suspensionRun')).toEqual([
    { connectionId: 'rack-7', userIds: ['0000000000000001'] },
  ]);
});

test('a service whose user is gone says so, and leads to the cancellation that ended it', async () => {
  const service = {
    ...{ serviceId: '41', externalId: '20000', productId: '3', productName: 'Gold', gone: false },
    ...{ status: 'Active', username: null, registeredOn: null, nextDueDate: null, currency: 'EUR' },
    ...{ recurringAmount: '5.00', suspensionReason: null, customerId: '7', billingId: 'whmcs' },
    ...{ customerName: 'Bob & Sons', email: 'bob@example.com', lost: true, offboardingId: null },
  };
  const core = alike().on('customers.unused', () => ({
    total: 2,
    onboardable: 1,
    rows: [
      service,
      { ...service, serviceId: '42', offboardingId: 'a91d6e52-3b0f-4c7a-8a54-6f1d2b8e9c03' },
    ],
  }));
  renderConsole(core, '/c/rack-7/customers/checks');
  expect(await screen.findAllByText('Its user was deleted.')).toHaveLength(2);
  expect(screen.getAllByRole('link', { name: /^Onboard Bob/ })).toHaveLength(1);
  expect(screen.getByRole('link', { name: 'Onboard 1' })).toBeVisible();
  expect(screen.getByText('and 1 cancelled here')).toBeVisible();
  expect(screen.getByRole('link', { name: /^Cancelled here; still to be ended/ })).toHaveAttribute(
    ...(['href', expect.stringContaining('/customers/offboarding/a91d6e52')] as const),
  );
});

test('a user nobody pays for is disabled, or marked as not billed with a reason and billed again', async () => {
  const user = {
    ...{ connectionId: 'rack-7', userId: '0000000000000001', email: 'probe@example.com' },
    ...{ state: 'enabled' as const, currentBytes: 5, traffic: null },
  };
  const mark = { reason: 'Monitoring', at: '2026-11-20T10:00:00.000Z', by: 'ada' };
  let marked = 1;
  const core = alike()
    .on('customers.unpaid', ({ notBilled }) => ({
      ...{ total: 1, notBilled: marked, totalBytes: 5, month: '2026-10', unread: false },
      rows: [{ ...user, notBilled: notBilled ? mark : null }],
    }))
    .on('customers.setNotBilled', ({ reason }) => {
      marked += reason === null ? -1 : 1;
      return { notBilled: reason !== null };
    });
  renderConsole(core, '/c/rack-7/customers/checks');
  const section = within(await screen.findByRole('region', { name: 'Users nobody pays for' }));
  await userEvent.click(await section.findByRole('button', { name: 'Disable probe@example.com' }));
  await screen.findByRole('dialog');
  await waitFor(() =>
    expect(core.inputsOf('operations.preview')[0]).toMatchObject({ operation: 'users.disable' }),
  );
  await userEvent.keyboard('{Escape}');
  const name = 'Not billed… probe@example.com';
  await userEvent.click(section.getByRole('button', { name }));
  const dialog = within(await screen.findByRole('dialog', { name: /^Mark as not billed/ }));
  expect(dialog.getByRole('button', { name: 'Mark as not billed' })).toBeDisabled();
  await fill(dialog.getByLabelText(/^Reason/), 'Monitoring');
  await userEvent.click(dialog.getByRole('button', { name: 'Mark as not billed' }));
  await userEvent.click(section.getByRole('switch', { name: /^Show users not billed/ }));
  expect(await section.findByText('Monitoring')).toBeVisible();
  expect(section.queryByRole('button', { name: 'Disable probe@example.com' })).toBeNull();
  await userEvent.click(section.getByRole('button', { name: 'Bill again probe@example.com' }));
  const of = { connectionId: 'rack-7', userId: '0000000000000001' };
  await waitFor(() =>
    expect(core.inputsOf('customers.setNotBilled')).toEqual([
      { ...of, reason: 'Monitoring' },
      { ...of, reason: null },
    ]),
  );
});
