import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { lastMonths, thisMonth } from '#renderer/pages/customers/bills/months.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const [month, earlier] = lastMonths(new Date());
if (!month || !earlier) throw new Error('no months');

const at = '2026-11-20T10:00:00.000Z';

const statement = (of: { from: string; to: string }) => ({
  ...{ statementId: of.from, number: `C-${of.from.slice(0, 7)}`, customerId: '7' },
  ...{ customerName: 'Example Ltd', state: 'final', currency: 'EUR', minorDigits: 2, total: 1250 },
  ...{ from: of.from, to: of.to, issuedAt: at, issuedBy: 'ada', correctedBy: null, change: null },
});

const invoice = (of: { from: string }) => ({
  ...{ statementId: of.from, number: `C-${of.from.slice(0, 7)}`, billingId: 'b1', customerId: '7' },
  ...{ customerName: 'Example Ltd', externalId: '12', invoiceId: '93', reference: 'OC-1' },
  ...{ state: 'drafted', problem: null, lines: 1, subtotal: 100, currency: 'EUR' },
  ...{ minorDigits: 2, createdAt: at, createdBy: 'ada' },
});

interface Asked {
  within?: { from: string; to: string };
  search?: string;
}

/** A register with one row a month, of which searches other than the customer's name find nothing. */
const registerOf =
  (row: (of: { from: string; to: string }) => object) =>
  ({ within, search }: Asked) => {
    const rows = [month, earlier]
      .filter(({ from }) => within === undefined || within.from === from)
      .filter(() => search === undefined || search === 'example')
      .map(row);
    return { total: rows.length, rows } as never;
  };

const core = () =>
  fakeCluster()
    .on('billing.list', () => [])
    .on('statements.issued', registerOf(statement) as never)
    .on('invoices.list', registerOf(invoice) as never);

const numberOf = ({ from }: { from: string }) => `C-${from.slice(0, 7)}`;

test.each([
  ['statements', 'statements.issued', 'Issued statements'],
  ['invoices', 'invoices.list', 'Draft invoices'],
] as const)(
  '%s are those of the month, or of all, and searched as a whole',
  async (part, call, label) => {
    const fake = core();
    renderConsole(fake, `/c/rack-7/customers/${part}`);
    const table = await screen.findByRole('table', { name: label });
    expect(table).toHaveTextContent(numberOf(month));
    expect(table).not.toHaveTextContent(numberOf(earlier));
    await userEvent.click(screen.getByRole('combobox', { name: 'Month' }));
    await userEvent.click(await screen.findByRole('option', { name: earlier.label }));
    expect(await screen.findByText(numberOf(earlier))).toBeVisible();
    expect(screen.queryByText(numberOf(month))).toBeNull();
    await userEvent.click(screen.getByRole('switch', { name: 'All months' }));
    expect(await screen.findByText(numberOf(month))).toBeVisible();
    expect(screen.getByText(numberOf(earlier))).toBeVisible();
    const search = screen.getByRole('textbox', { name: 'Search numbers and customers' });
    await userEvent.type(search, 'nobody');
    expect(await screen.findByText('No results')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Clear search' }));
    await waitFor(() => expect(search).toHaveValue(''));
    await userEvent.type(search, 'example');
    await waitFor(() =>
      expect(fake.inputsOf(call).at(-1)).toEqual({ limit: expect.any(Number), search: 'example' }),
    );
  },
);

test('a month without a statement says so, and that others may have some', async () => {
  const fake = core().on('statements.issued', (({ within }: Asked) =>
    within ? { total: 0, rows: [] } : registerOf(statement)({})) as never);
  renderConsole(fake, `/c/rack-7/customers/statements?month=${earlier.value}`);
  expect(await screen.findByText(`No statement issued for ${earlier.label} yet`)).toBeVisible();
  await userEvent.click(screen.getByRole('switch', { name: 'All months' }));
  expect(await screen.findByText(numberOf(month))).toBeVisible();
});

test('the list of customers says in which states their services are, the odd ones first', async () => {
  const states = [
    { status: 'Active', services: 2 },
    { status: 'Suspended', services: 1 },
  ];
  const row = {
    ...{ customerId: '7', billingId: 'b1', externalId: '12', name: 'Example Ltd', company: '' },
    ...{ email: 'it@example.com', ownerEmail: null, status: 'Active', currency: 'EUR' },
    ...{ services: 3, users: [], gone: false },
  };
  const fake = core().on('customers.list', () => ({
    ...{ total: 2, asOf: at },
    rows: [
      { ...row, serviceStates: states },
      { ...row, customerId: '8', name: 'Bare Ltd', services: 0, serviceStates: [] },
    ],
  }));
  renderConsole(fake, '/c/rack-7/customers');
  const words = await screen.findByText('1 suspended, 2 active');
  expect(words.closest('[data-tone]')).toHaveAttribute('data-tone', 'warning');
  expect(screen.getByText('—')).toBeVisible();
});

test('nothing is said to be zero of a billing system that was not read', async () => {
  const shop = { id: 'b1', name: 'Shop', asOf: null, capabilities: [] };
  let system: object = { ...shop, refreshing: true };
  const row = {
    ...{ customerId: '7', billingId: 'b1', externalId: '12', name: 'Bob', company: 'Bob Ltd' },
    ...{ email: 'bob@example.com', ownerEmail: null, status: 'Active', currency: null },
    ...{ services: null, users: [], gone: false, serviceStates: [] },
  };
  let rows = [row];
  const fake = core()
    .on('billing.list', () => [system] as never)
    .on('customers.list', () => ({ total: rows.length, asOf: null, rows }))
    .on('statements.toIssue', () => ({ customers: 0, issued: 0 }));
  const view = renderConsole(fake, '/c/rack-7/customers');
  await waitFor(() => expect(screen.getAllByText('not read')).toHaveLength(2));
  expect(screen.getByText(/^Being read for the first time/)).toBeVisible();
  expect(screen.getByRole('button', { name: /Refresh Shop/ })).toHaveAttribute('data-loading');
  view.unmount();

  rows = [];
  system = { ...shop, problem: { at, message: 'WHMCS answered 503.', hint: 'Look there.' } };
  fake.emit({ name: 'customers.changed', payload: {} });
  const list = renderConsole(fake, '/c/rack-7/customers');
  expect(await screen.findByText('Shop could not be read.')).toBeVisible();
  expect(screen.getByRole('alert')).toHaveTextContent('WHMCS answered 503.');
  expect(screen.getByRole('button', { name: 'Try Shop again' })).toBeVisible();
  expect(screen.queryByText(/No customers yet|Add a billing system/)).toBeNull();
  list.unmount();

  renderConsole(fake, '/c/rack-7/customers/statements');
  expect(await screen.findByText('Nothing to issue yet. Shop could not be read.')).toBeVisible();
});

test('the month under way is listed for what ended in it, and issues nothing', async () => {
  const now = new Date('2026-11-15T12:00:00.000Z');
  vi.useFakeTimers({ now, toFake: ['Date'] });
  const { value, label, from, to } = thisMonth(now);
  const fake = core();
  renderConsole(fake, `/c/rack-7/customers/statements?month=${value}&make=7`);
  expect(await screen.findByRole('combobox', { name: 'Month' })).toHaveValue(`${label}, so far`);
  for (const name of ['Issue month', 'Make statement…']) {
    const button = screen.getByRole('button', { name });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAttribute('data-hint', 'November 2026 has not ended yet (UTC).');
  }
  // and not by a tooltip alone
  expect(
    screen.getByText(/^November 2026 has not ended yet \(UTC\)\. Final statements of/),
  ).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(fake.inputsOf('statements.issued').at(-1)).toMatchObject({ within: { from, to } });
});

test('the month is saved as a zip once a cancellation has ended in it', async () => {
  const now = new Date('2026-11-15T12:00:00.000Z');
  vi.useFakeTimers({ now, toFake: ['Date'] });
  const { value, from } = thisMonth(now);
  const final = { ...statement({ from, to: '2026-11-12T09:00:00.000Z' }), number: 'C-2026-0225' };
  const fake = core().on('statements.issued', ((asked: Asked & { period?: object }) => {
    const rows = asked.period === undefined && asked.within?.from === from ? [final] : [];
    return { total: rows.length, rows };
  }) as never);
  renderConsole(fake, `/c/rack-7/customers/statements?month=${value}`);
  expect(await screen.findByText('C-2026-0225')).toBeVisible();
  const zip = screen.getByRole('button', { name: 'Download month (zip)' });
  await waitFor(() => expect(zip).not.toHaveAttribute('aria-disabled'));
});

test.each([
  [
    { customers: 0, issued: 0 },
    'No customer has a user in October 2026: there is nothing to issue.',
  ],
  [
    { customers: 224, issued: 224 },
    'Nothing is left to issue for October 2026: 224 customers with users, all with a statement.',
  ],
])('a month with nothing to issue says why: %o', async (counts, words) => {
  vi.useFakeTimers({ now: new Date('2026-11-15T12:00:00.000Z'), toFake: ['Date'] });
  const fake = core().on('statements.toIssue', () => counts);
  renderConsole(fake, '/c/rack-7/customers/statements');
  expect(await screen.findByText(words)).toBeVisible();
  const button = screen.getByRole('button', { name: 'Issue month' });
  expect(button).toHaveAttribute('data-hint', words);
  await userEvent.click(button);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('customers of one name are distinguished by their client ids, in every register', async () => {
  const fake = core().on('customers.namesakes', () => [
    { customerId: '7', externalId: '214' },
    { customerId: '8', externalId: '221' },
  ]);
  const view = renderConsole(fake, '/c/rack-7/customers/statements');
  const table = await screen.findByRole('table', { name: 'Issued statements' });
  await waitFor(() => expect(table).toHaveTextContent('Example Ltd (client 214)'));
  view.unmount();
  renderConsole(fake, '/c/rack-7/customers/invoices');
  expect(await screen.findByRole('link', { name: 'Example Ltd (client 214)' })).toBeVisible();
});

afterEach(() => void vi.useRealTimers());
