import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AddItemsButton } from '#renderer/pages/customers/bills/add-items.tsx';
import { DraftButton } from '#renderer/pages/customers/bills/draft-dialog.tsx';
import { SendUsageButton } from '#renderer/pages/customers/send-usage.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

const at = '2026-11-20T10:00:00.000Z';
const statementId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6e';
const billing = {
  ...{ id: 'whmcs', name: 'Billing', kind: 'whmcs' as const, readOnly: false, asOf: at },
  ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
  capabilities: ['items' as const, 'usage' as const],
};
const service = {
  ...{ externalId: '20000', productId: '3', status: 'Active', username: null },
  ...{
    registeredOn: null,
    nextDueDate: null,
    recurringAmount: null,
    suspensionReason: null,
    gone: false,
  },
};
const mapped = {
  ...{ connectionId: 'rack-7', userId: '0000000000000001', email: 'bob@example.com' },
  ...{ state: 'enabled' as const, serviceId: '41', mappedAt: at, mappedBy: 'ada' },
  alsoOf: [],
};
const customer: CallOutput<'customers.get'> = {
  ...{ customerId: '7', billingId: 'whmcs', externalId: '12', name: 'Bob', company: 'Example' },
  ...{ email: 'bob@example.com', ownerEmail: null, status: 'Active', currency: 'EUR' },
  ...{ services: 1, gone: false, tariffId: null, asOf: at, users: [mapped] },
  serviceList: [{ ...service, serviceId: '41', productName: 'Bronze' }],
};

const row = { itemId: null, problem: null };

const notFinal = { statements: 0, first: [] };

test('lines become billable items, previewed; lost ones go again only where somebody looked', async () => {
  const core = new FakeTransport()
    .on('billing.list', () => [billing])
    .on('invoices.items', () => ({
      ...{ number: 'C-2026-0007', currency: 'EUR', minorDigits: 2 },
      rows: [
        { ...row, line: 1, description: 'Storage', amount: 1250, state: 'new' },
        { ...row, line: 2, description: 'Traffic out', amount: 300, state: 'unknown' },
        { ...row, line: 3, description: 'Base fee', amount: 500, state: 'sent', itemId: '9' },
      ],
    }))
    .on('invoices.preview', () => ({
      sums: [],
      left: [],
      notFinal,
      twice: { sums: [], customers: [] },
    }))
    .on('invoices.addItems', () => ({ taskId: 'task-1' }));
  renderPart(core, <AddItemsButton billingId="whmcs" statementId={statementId} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Add billable items' }));
  const dialog = await screen.findByRole('dialog');
  const table = await within(dialog).findByRole('table', { name: 'Billable items' });
  expect(within(table).getByRole('row', { name: /Storage/ })).toHaveTextContent('12.50');
  expect(within(table).getByRole('row', { name: /Base fee/ })).toHaveTextContent('Sent#9');
  expect(dialog).toHaveTextContent('can’t verify them');
  expect(within(dialog).getByRole('button', { name: 'Add 1 billable item' })).toBeEnabled();
  await userEvent.click(within(dialog).getByRole('checkbox', { name: /^Send 1 item again/ }));
  await userEvent.click(within(dialog).getByRole('combobox', { name: 'Invoice them' }));
  await userEvent.click(await screen.findByRole('option', { name: /next invoice/ }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add 2 billable items' }));
  await waitFor(() =>
    expect(core.inputsOf('invoices.addItems')).toEqual([
      { billingId: 'whmcs', statementIds: [statementId], when: 'nextinvoice', again: true },
    ]),
  );
});

test('a statement with a draft invoice gets no billable items', async () => {
  const core = new FakeTransport()
    .on('billing.list', () => [billing])
    .on('invoices.items', () => ({
      ...{ number: 'C-2026-0007', currency: 'EUR', minorDigits: 2 },
      rows: [{ ...row, line: 1, description: 'Storage', amount: 1250, state: 'new' }],
    }))
    .on('invoices.preview', () => ({
      sums: [],
      left: [{ why: 'drafted', statements: 1, first: [] }],
      notFinal,
      twice: { sums: [], customers: [] },
    }));
  renderPart(core, <AddItemsButton billingId="whmcs" statementId={statementId} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Add billable items' }));
  const dialog = await screen.findByRole('dialog');
  const words =
    'This statement has a draft invoice: billable items would charge the customer twice.';
  expect(await within(dialog).findByText(words)).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Add 1 billable item' })).toBeDisabled();
});

test('usage figures are shown next to those in WHMCS, with why one is not sent', async () => {
  const of = { externalId: '20000', users: 1 };
  const core = new FakeTransport()
    .on('billing.list', () => [billing])
    .on('invoices.usage', () => ({
      month: '2026-11',
      rows: [
        {
          ...{ ...of, serviceId: '41', productName: 'Bronze', refusal: null },
          found: { diskMb: 0, bandwidthMb: 7 },
          wanted: { diskMb: 2048, bandwidthMb: null },
        },
        {
          ...{ ...of, serviceId: '42', productName: 'Gold', wanted: null },
          ...{ found: { diskMb: 0, bandwidthMb: 0 }, refusal: 'WHMCS bills overages of it.' },
        },
      ],
    }))
    .on('invoices.sendUsage', () => ({ taskId: 'task-1' }));
  renderPart(core, <SendUsageButton customer={customer} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Send usage figures' }));
  const dialog = await screen.findByRole('dialog');
  const table = await within(dialog).findByRole('table', { name: 'Usage figures' });
  expect(within(table).getByRole('row', { name: /Bronze/ })).toHaveTextContent(
    '0 MB2,048 MB7 MBnot known',
  );
  expect(within(table).getByRole('row', { name: /Gold/ })).toHaveTextContent('bills overages');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Send figures of 1 service' }));
  await waitFor(() =>
    expect(core.inputsOf('invoices.sendUsage')).toEqual([
      { billingId: 'whmcs', customerIds: ['7'] },
    ]),
  );
});

const unable = [
  [
    'a table',
    { name: 'Shop', kind: 'file' as const, capabilities: [] },
    0,
    [
      'Shop takes no invoices from the console. Export the statements instead.',
      'Shop takes no billable items from the console.',
      'Shop takes no usage figures from the console.',
    ],
  ],
  ...[
    'The connection "Billing" is read-only.',
    'WHMCS of "Billing" showed another certificate than the pinned one; changes are off.',
  ].map(
    (message) =>
      [
        message,
        { hold: { message }, capabilities: ['drafts' as const, ...billing.capabilities] },
        3,
        [message, message, message],
      ] as const,
  ),
] as const;

test.each(unable)('%s says what it takes none of', async (_what, system, buttons, reasons) => {
  const core = new FakeTransport().on('billing.list', () => [{ ...billing, ...system }] as never);
  renderPart(
    core,
    <>
      <DraftButton billingId="whmcs" statementIds={[statementId]} />
      <AddItemsButton billingId="whmcs" statementId={statementId} />
      <SendUsageButton customer={customer} />
    </>,
  );
  for (const reason of reasons) expect((await screen.findAllByText(reason))[0]).toBeVisible();
  const off = screen.queryAllByRole('button');
  expect(off).toHaveLength(buttons);
  off.forEach((button, index) => {
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription(reasons[index] as string);
  });
});

test('what is sent to a locked production system waits until it is unlocked in the dialog, and takes a ticket', async () => {
  const hold = {
    ...{ code: 'CONNECTION_LOCKED' as const, retryable: false },
    ...{ message: 'The production billing system "Billing" is locked.', hint: 'Unlock it.' },
  };
  const production = { ...billing, environment: 'production' as const };
  let system: CallOutput<'billing.list'>[number] = { ...production, hold };
  const core = new FakeTransport()
    .on('billing.list', () => [system])
    .on('invoices.usage', () => ({
      month: '2026-11',
      rows: [
        {
          ...{ externalId: '20000', users: 1, serviceId: '41', productName: 'Bronze' },
          ...{ refusal: null, found: null, wanted: { diskMb: 2048, bandwidthMb: null } },
        },
      ],
    }))
    .on('billing.unlock', () => {
      system = production;
      core.emit({ name: 'customers.changed', payload: {} });
      return system;
    })
    .on('invoices.sendUsage', () => ({ taskId: 'task-1' }));
  renderPart(core, <SendUsageButton customer={customer} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Send usage figures' }));
  const dialog = within(await screen.findByRole('dialog'));
  const send = await dialog.findByRole('button', { name: 'Send figures of 1 service' });
  expect(
    dialog.getByText('The production billing system Billing is locked against changes'),
  ).toBeVisible();
  expect(send).toBeDisabled();
  await userEvent.click(dialog.getByRole('button', { name: 'Unlock for 15 min' }));
  await waitFor(() => expect(send).toBeEnabled());
  expect(core.inputsOf('billing.unlock')).toEqual([{ id: 'whmcs', minutes: 15 }]);
  await userEvent.type(dialog.getByLabelText('Ticket or reason (optional)'), ' OPS-7 ');
  await userEvent.click(send);
  await waitFor(() =>
    expect(core.inputsOf('invoices.sendUsage')).toEqual([
      { billingId: 'whmcs', customerIds: ['7'], ticket: 'OPS-7' },
    ]),
  );
});
