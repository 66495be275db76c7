import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeBucket, fakeConnection, fakeUser } from '#test/fakes/fake-cluster.ts';
import { fakeCustomerPage } from '#test/fakes/fake-customer.ts';
import { fakeObjectName } from '#test/fakes/fake-usage.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const planId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const at = '2026-11-20T10:00:00.000Z';
const waiting = 's3-usage-8000000000000065-2026-10-02T00:00:00.000Z-1800';
const customer = {
  ...{ customerId: '7', billingId: 'whmcs', externalId: '12', name: 'Bob', company: 'Example Ltd' },
  ...{ email: 'bob@example.com', ownerEmail: null, status: 'Active', currency: 'EUR' },
  ...{ services: 1, gone: false, tariffId: null, asOf: at, serviceStates: [] },
  users: [],
  serviceList: [
    {
      ...{ serviceId: '41', externalId: '20000', productId: '3', productName: 'Storage' },
      ...{ status: 'Active', username: null, nextDueDate: null, recurringAmount: '5.00' },
      ...{ suspensionReason: null, gone: false, registeredOn: null },
    },
  ],
} satisfies CallOutput<'customers.get'>;
const plan: CallOutput<'servicePlans.list'>[number] = {
  ...{ id: planId, name: 'Gold', version: 1, productIds: ['3'], retired: false, holders: 0 },
  products: [{ billingId: 'whmcs', productId: '3' }],
  users: 0,
  ...{ savedAt: at, savedBy: 'ada' },
};

function customerCore() {
  return fakeCustomerPage(customer).on('servicePlans.list', () => [
    // the same product id in another WHMCS is another product
    {
      ...{ ...plan, id: 'a91d6e52-3b0f-4c7a-8a54-6f1d2b8e9c03', name: 'Elsewhere' },
      products: [{ billingId: 'other', productId: '3' }],
    },
    plan,
  ]);
}

test('a service gets its own plan, or that of its product again', async () => {
  const core = customerCore()
    .on('servicePlans.assign', () => ({ assigned: true }))
    .on('servicePlans.drift', () => ({
      ...{ total: 1, unknown: 0, excepted: 0, clusters: [] },
      rows: [{ connectionId: 'rack-7', userId: '0a' }] as never,
    }));
  renderConsole(core, '/c/rack-7/customers/7');
  expect(await screen.findByText('1 user differs from its plan on the cluster.')).toBeVisible();
  expect(screen.getByRole('button', { name: /^Preview changes on / })).toBeVisible();
  const assign = async (option: string) => {
    const of = 'Assign plan to Storage #20000';
    await userEvent.click(await screen.findByRole('button', { name: of }));
    const dialog = await screen.findByRole('dialog');
    const save = within(dialog).getByRole('button', { name: 'Assign plan' });
    expect(save).toBeDisabled();
    await userEvent.click(within(dialog).getByRole('combobox', { name: 'Service plan' }));
    await userEvent.click(await screen.findByRole('option', { name: option }));
    await userEvent.click(save);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  };
  await assign('Gold');
  await assign('Plan of its product (Gold)');
  expect(core.inputsOf('servicePlans.assign')).toEqual([
    { id: planId, holder: { serviceId: '41' } },
    { id: null, holder: { serviceId: '41' } },
  ]);
  expect(screen.getByText('Plan assigned')).toBeVisible();
  expect(core.inputsOf('servicePlans.drift')[0]).toMatchObject({ customerId: '7' });
});

test('mapping begins with users of the customer’s e-mail, and offers no system user', async () => {
  const core = customerCore();
  renderConsole(core, '/c/rack-7/customers/7');
  await userEvent.click(await screen.findByRole('button', { name: 'Map user' }));
  const dialog = await screen.findByRole('dialog');
  const field = within(dialog).getByRole('combobox', { name: 'User' });
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveValue('bob@example.com');
  await waitFor(() =>
    expect(core.inputsOf('users.list').at(-1)).toMatchObject({
      search: 'bob@example.com',
      filter: { system: false },
    }),
  );
  await userEvent.clear(field);
  expect(await screen.findByRole('option', { name: /^user-000001@/ })).toBeVisible();
  expect(screen.queryByRole('option', { name: /^user-000000@/ })).toBeNull();
  await fill(field, 'user-000003');
  await userEvent.click(await screen.findByRole('option', { name: /^user-000003@/ }));
  await waitFor(() => expect(field).toHaveValue('user-000003@example.com (0000000000000003)'));
});

test('mapping a user that another customer has is a handover at an hour, with what it corrects', async () => {
  const correction = {
    ...{ statementId: planId, number: 'C-2026-0005', customerId: '8', customerName: 'Eve & Sons' },
    ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
    ...{ currency: 'EUR', minorDigits: 2, before: 5000, after: 3000, words: '' },
  };
  const core = customerCore()
    .on('customers.previewHandover', ({ since }) => ({
      ...{ since, own: null, statement: null },
      before: [{ customerId: '8', name: 'Eve & Sons', until: null }],
      corrections: since === '2026-10-15T00:00:00.000Z' ? [correction] : [],
    }))
    .on('customers.handOver', () => ({ customer, corrections: [] }));
  renderConsole(core, '/c/rack-7/customers/7');
  await userEvent.click(await screen.findByRole('button', { name: 'Map user' }));
  const dialog = await screen.findByRole('dialog');
  const field = within(dialog).getByRole('combobox', { name: 'User' });
  await waitFor(() => expect(field).toHaveFocus());
  await userEvent.clear(field);
  await userEvent.click(await screen.findByRole('option', { name: /^user-000001@/ }));
  const since = await within(dialog).findByLabelText(/^Belongs to Example Ltd since \(UTC\)/);
  expect(within(dialog).getByText(/^Eve & Sons has the user now/)).toBeVisible();
  fireEvent.change(since, { target: { value: '2026-10-15T00:00' } });
  expect(
    await within(dialog).findByText(/^C-2026-0005 of Eve & Sons is corrected/),
  ).toHaveTextContent('50.00 EUR becomes 30.00 EUR');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Map user' }));
  await waitFor(() =>
    expect(core.inputsOf('customers.handOver')).toEqual([
      {
        ...{ customerId: '7', connectionId: 'rack-7', userId: '0000000000000001' },
        since: '2026-10-15T00:00:00.000Z',
      },
    ]),
  );
  expect(core.inputsOf('customers.map')).toEqual([]);
});

test('a user says whose it was before and since when it is the customer’s, which can be changed', async () => {
  const core = customerCore()
    .on('customers.get', () => ({
      ...customer,
      users: [
        {
          ...{ connectionId: 'rack-7', userId: '0000000000000001', email: 'bob@example.com' },
          ...{ state: 'enabled' as const, serviceId: null, mappedAt: at, mappedBy: 'ada' },
          alsoOf: [],
          before: { customerId: '8', name: 'Eve & Sons', externalId: '13', since: null },
        },
      ],
    }))
    .on('customers.previewHandover', ({ since }) => ({
      ...{ since, own: { since: null }, corrections: [], statement: null },
      before: [{ customerId: '8', name: 'Eve & Sons', until: at }],
    }))
    .on('customers.handOver', () => ({ customer, corrections: [] }));
  renderConsole(core, '/c/rack-7/customers/7');
  expect(await screen.findByText('Belonged to Eve & Sons, until when is not known')).toBeVisible();
  await userEvent.click(
    screen.getByRole('button', {
      name: 'Change since when bob@example.com belongs to this customer',
    }),
  );
  const dialog = await screen.findByRole('dialog');
  const hand = within(dialog).getByRole('button', { name: 'Hand over' });
  await waitFor(() => expect(hand).toBeEnabled());
  fireEvent.change(within(dialog).getByLabelText(/since \(UTC\)/), {
    target: { value: '2026-11-03T13:00' },
  });
  await within(dialog).findByText('No issued statement changes');
  await userEvent.click(hand);
  await waitFor(() =>
    expect(core.inputsOf('customers.handOver')).toMatchObject([
      { customerId: '7', since: '2026-11-03T13:00:00.000Z' },
    ]),
  );
});

test('the plan in force is shown for each service and user', async () => {
  const mapped = { connectionId: 'rack-7', userId: '0000000000000001' };
  const core = customerCore()
    .on('customers.get', () => ({
      ...customer,
      users: [
        {
          ...{ ...mapped, email: 'bob@example.com', state: 'enabled' as const },
          ...{ serviceId: '41', mappedAt: at, mappedBy: 'ada', alsoOf: [] },
        },
      ],
    }))
    .on('servicePlans.ofCustomer', () => ({
      services: [{ serviceId: '41', plan: { id: planId, name: 'Gold', version: 3 } }],
      users: [{ ...mapped, plan: { id: planId, name: 'Silver', version: 1 } }],
    }));
  renderConsole(core, '/c/rack-7/customers/7');
  expect(await screen.findByText('Gold, version 3')).toBeVisible();
  expect(await screen.findByText('Silver, version 1')).toBeVisible();
});

test('the list says how old the data is and why it can’t be read, and tries again', async () => {
  const problem = { at, message: 'Nothing listens on port 443.', hint: 'Start WHMCS.' };
  const core = customerCore()
    .on('customers.list', () => ({ total: 1, rows: [customer], asOf: at }))
    .on('billing.list', () => [
      {
        ...{ id: 'whmcs', name: 'Billing', kind: 'whmcs' as const, readOnly: false, asOf: at },
        ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
        ...{ capabilities: [], problem },
      },
    ])
    .on('billing.refresh', () => ({ customers: 1, services: 1, asOf: at }));
  renderConsole(core, '/c/rack-7/customers');
  const systems = await screen.findByRole('list', { name: 'Billing systems' });
  expect(within(systems).getByRole('alert')).toHaveTextContent(
    'Nothing listens on port 443. Start WHMCS.',
  );
  expect(systems).toHaveTextContent(/Data of .*ago/);
  await userEvent.click(within(systems).getByRole('button', { name: 'Try Billing again' }));
  expect(core.inputsOf('billing.refresh')).toEqual([{ id: 'whmcs' }]);
});

test('its history says who did what, what came of it, and shows more when asked', async () => {
  const of = { customerId: '7', billingId: 'whmcs', at, operator: 'ada' };
  const record = (
    recordId: string,
    action: string,
    result: 'done' | 'failed',
    details: object,
  ) => ({
    ...{ ...of, recordId, action, result },
    details: { ...details },
  });
  const core = customerCore().on('customers.journal', () => ({
    total: 30,
    rows: [
      record('2', 'invoices.draft', 'failed', {
        statementId: 's',
        problem: 'WHMCS did not answer.',
      }),
      record('1', 'statements.issue', 'done', { statement: 'C-2026-0001', digest: 'd' }),
    ],
  }));
  renderConsole(core, '/c/rack-7/customers/7');
  const history = within(await screen.findByRole('region', { name: 'Customer history' }));
  expect(await history.findByText('WHMCS did not answer.')).toBeVisible();
  expect(history.getByText('Failed')).toBeVisible();
  expect(history.getByText('C-2026-0001')).toBeVisible();
  expect(history.getAllByText('ada')).toHaveLength(2);
  await userEvent.click(history.getByRole('button', { name: 'Show more' }));
  await waitFor(() =>
    expect(core.inputsOf('customers.journal').at(-1)).toEqual({ customerId: '7', limit: 202 }),
  );
});

test('a mapped user is written back to WHMCS outside a run, and the outcome is shown', async () => {
  const core = customerCore()
    .on('customers.get', () => ({
      ...customer,
      users: [
        {
          ...{ connectionId: 'rack-7', userId: '0000000000000001', email: 'bob@example.com' },
          ...{ state: 'enabled' as const, serviceId: '41', mappedAt: at, mappedBy: 'ada' },
          alsoOf: [{ customerId: '8', name: 'Eve & Sons', externalId: '13' }],
        },
      ],
    }))
    .on('billing.list', () => [
      {
        ...{ id: 'whmcs', name: 'Billing', kind: 'whmcs' as const, readOnly: false, asOf: at },
        ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
        capabilities: ['notes' as const, 'service-fields' as const],
      },
    ])
    .on('onboarding.writeBack', () => ({ field: null, note: 'unknown', problems: ['No answer.'] }));
  renderConsole(core, '/c/rack-7/customers/7');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Write bob@example.com to WHMCS' }),
  );
  expect(screen.getByText('Also mapped to Eve & Sons')).toBeVisible();
  const dialog = await screen.findByRole('dialog');
  const send = within(dialog).getByRole('button', { name: 'Write to WHMCS' });
  expect(send).toBeDisabled();
  await userEvent.click(within(dialog).getByRole('checkbox', { name: /^Add a note/ }));
  await userEvent.click(send);
  expect(await within(dialog).findByText(/^Note: sent, but not confirmed/)).toBeVisible();
  expect(within(dialog).getByText('No answer.')).toBeVisible();
  const mapped = { connectionId: 'rack-7', userId: '0000000000000001', serviceId: '41' };
  expect(core.inputsOf('onboarding.writeBack')).toEqual([
    { note: true, customerId: '7', ...mapped },
  ]);
});

test('limits of buckets and statistics objects are seen and changed in place, on the user’s cluster', async () => {
  const { userId, email } = fakeUser(1);
  const connectionId = 'rack-8';
  const user = {
    ...{ connectionId, userId, serviceId: null, email, state: 'enabled' as const },
    ...{ mappedAt: at, mappedBy: 'ada', alsoOf: [] },
  };
  const object = { serviceId: '65', startAt: at, period: 1800, state: 'closed' as const };
  const listed = [
    { ...object, name: fakeObjectName, archived: true, removable: true },
    { ...object, name: waiting, archived: false, removable: false },
  ];
  const name = 'bucket-1';
  const core = customerCore()
    .on('connections.list', () => [
      fakeConnection(),
      fakeConnection({ id: connectionId, name: 'Rack 8' }),
    ])
    .on('customers.get', () => ({ ...customer, users: [user] }))
    .on('buckets.list', ({ limit }) => ({
      ...{ total: 9, asOf: at },
      rows: Array.from({ length: limit === 8 ? 8 : 9 }, (_, index) => fakeBucket(index)),
    }))
    .on('quotas.get', () => ({ set: false, sizeGb: null, source: 'gateway', asOf: at }))
    .on('limits.get', () => ({
      ...{ set: true, limits: { opsGet: 250 }, source: 'gateway', asOf: at },
    }))
    .on('usage.objects', ({ refresh }) => ({
      ...{ total: 3, rows: listed, asOf: at, complete: true, ignored: [] },
      source: refresh ? 'gateway' : 'last-seen',
      backlog: {
        ...{ objects: 2, notArchived: 1, removable: 1, growing: 0, failed: 0 },
        ...{ oldest: at, newest: at, estimatedBytes: null },
      },
    }))
    .on('usage.object', (of) => ({
      ...{ name: of.name, source: 'gateway', archived: null, raw: 'fmt_version 1' },
      ...{ rawTruncated: false, serviceId: '65', startAt: at, period: 1800, formatVersion: 1 },
      ...{ items: [], variants: [] },
    }))
    .on('usage.removeObjects', () => ({ taskId: 'task-1' }))
    .on('usage.discardObjects', () => ({ taskId: 'task-2' }));
  renderConsole(core, '/c/rack-7/customers/7');

  const quota = await screen.findByRole('button', { name: `Quota and limits of ${name}` });
  await userEvent.click(quota);
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(await screen.findByRole('link', { name: 'bucket-8' })).toBeVisible();
  // what was open stays so while more is read
  const limits = screen.getByRole('region', { name: `Quota and limits of ${name}` });
  expect(await within(limits).findByText('250')).toBeVisible();
  expect(core.inputsOf('limits.get')).toContainEqual({ connectionId, target: { bucket: name } });
  expect(within(limits).getByRole('button', { name: 'Set rate limits' })).toBeEnabled();

  const section = screen.getByRole('region', { name: 'Statistics objects' });
  expect(core.inputsOf('usage.objects')).toEqual([]);
  await userEvent.click(within(section).getByRole('button', { name: 'List statistics objects' }));
  await userEvent.click(await within(section).findByRole('button', { name: waiting }));
  const opened = await within(section).findByText('Only on the gateway');
  await userEvent.click(within(section).getByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(core.inputsOf('usage.objects').at(-1)?.limit).toBe(102));
  expect(opened).toBeVisible();
  expect(within(section).getByText('As last seen')).toBeVisible();
  await userEvent.click(within(section).getByRole('button', { name: 'Read the list again' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.objects')).toContainEqual(
      expect.objectContaining({ connectionId, refresh: true }),
    ),
  );
  await userEvent.click(within(section).getByRole('button', { name: `Delete ${fakeObjectName}` }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete 1 object' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.removeObjects')).toEqual([
      { connectionId, names: [fakeObjectName] },
    ]),
  );
  await userEvent.click(within(section).getByRole('button', { name: `Discard ${waiting}` }));
  const discard = await screen.findByRole('dialog');
  await fill(within(discard).getByRole('textbox'), waiting);
  await userEvent.click(within(discard).getByRole('button', { name: 'Discard 1 object' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.discardObjects')).toEqual([
      { connectionId, names: [waiting], typedName: waiting },
    ]),
  );
});
