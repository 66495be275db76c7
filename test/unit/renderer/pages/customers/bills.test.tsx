import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lastMonths, type Month } from '#renderer/pages/customers/bills/months.ts';
import { AppError } from '#shared/errors.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const statementId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6e';

// no month ends between what is asked and what is shown
const now = new Date('2026-11-15T12:00:00.000Z');
beforeAll(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));
afterAll(() => void vi.useRealTimers());

const month = lastMonths(now)[0] as Month;

const named = { statementId, customerId: '7', customerName: 'Example Ltd' };
const sum = { currency: 'EUR', minorDigits: 2, invoices: 1, customers: 1, total: 125_000 };

const example = { customerId: '7', company: '', name: 'Example Ltd', externalId: '12' };

test('the invoices of a month are drafted once each', async () => {
  const core = fakeCluster()
    .on('billing.list', () => [{ id: 'b1', name: 'Billing', capabilities: ['drafts'] }] as never)
    .on('invoices.outstanding', () => ({
      ...{ issued: 4, byItems: 1, statementIds: [statementId] },
      toCredit: [
        { statementId: 's2', number: 'C-2026-0002', amount: 250, currency: 'EUR', minorDigits: 2 },
      ],
    }))
    .on('invoices.preview', () => ({
      sums: [sum],
      left: [{ why: 'items', statements: 1, first: [{ ...named, number: 'C-2026-0003' }] }],
      notFinal: { statements: 1, first: [{ ...named, number: 'C-2026-0004' }] },
      twice: {
        sums: [{ ...sum, total: 500 }],
        customers: [
          {
            ...{ ...named, currency: 'EUR', minorDigits: 2, baseFee: 500 },
            services: [{ externalId: '20', productName: 'Gold', recurringAmount: '99.00' }],
          },
        ],
      },
    }))
    .on('invoices.list', () => ({ total: 0, rows: [] }))
    .on('invoices.draft', () => ({ taskId: 't1' }));
  renderConsole(core, '/c/rack-7/customers/invoices');
  const credit = (await screen.findByRole('link', { name: 'C-2026-0002' })).closest('li');
  expect(credit).toHaveTextContent('C-2026-0002: credit 2.50 EUR');
  expect(screen.getByText('Credit 1 correction in WHMCS by hand')).toBeInTheDocument();
  await userEvent.click(await screen.findByRole('button', { name: 'Draft 1 invoice' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText(/in total$/)).toHaveTextContent(
    '1 invoice for 1 customer, 1,250.00 EUR in total',
  );
  expect(within(dialog).getByRole('list', { name: 'Without a draft' })).toHaveTextContent(
    '1 statement sent as billable items: a draft would charge the customer twice: C-2026-0003 Example Ltd',
  );
  expect(dialog).toHaveTextContent('1 statement is not final');
  expect(dialog).toHaveTextContent('C-2026-0004 Example Ltd');
  expect(dialog).toHaveTextContent('1 customer pays a base fee and the recurring amount');
  expect(within(dialog).getByRole('row', { name: /Example Ltd/ })).toHaveTextContent(
    '5.00 EUR99.00 EUR, Gold #20',
  );
  expect(dialog).toHaveTextContent('Both would charge the customer twice.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Draft 1 invoice' }));
  await waitFor(() =>
    expect(core.inputsOf('invoices.draft')).toEqual([
      { billingId: 'b1', statementIds: [statementId] },
    ]),
  );
  expect(await screen.findByRole('button', { name: 'Dismiss' })).toBeVisible();
});

test('the invoices page says what the last run verified, and what it left', async () => {
  const failure = { statementId, message: 'The invoices 3, 4 hold it.', hint: 'Cancel one.' };
  const result = {
    ...{ created: 2, existing: 1, failed: 1, failures: [failure] },
    verified: [{ ...sum, invoices: 3, customers: 3 }],
    open: [{ ...sum, total: 990 }],
  };
  const run = { taskId: 't1', kind: 'invoices.draft', endedAt: month.to, read: false, result };
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('tasks.list', () => [run] as never)
    .on('tasks.get', () => run as never)
    .on('tasks.markRead', () => null as never)
    .on('invoices.list', () => ({ total: 0, rows: [] }));
  renderConsole(core, '/c/rack-7/customers/invoices');
  const drafts = await screen.findByRole('region', { name: 'Last drafts' });
  expect(drafts).toHaveTextContent('2 drafts made, 1 made before.');
  expect(drafts).toHaveTextContent('Verified: 3 invoices for 3 customers, 1,250.00 EUR, equal to');
  expect(drafts).toHaveTextContent('Not drafted: 1 invoice for 1 customer, 9.90 EUR.');
  expect(drafts).toHaveTextContent('The invoices 3, 4 hold it. Cancel one.');
  await userEvent.click(within(drafts).getByRole('button', { name: 'Dismiss' }));
  await waitFor(() => expect(core.inputsOf('tasks.markRead')).toEqual([{ taskId: 't1' }]));
});

test('lines that were held back count once somebody gives a reason, until it is withdrawn', async () => {
  const line = { connectionId: 'rack-7', userId: 'u1', item: 'downloaded', quantity: '5' } as const;
  const words =
    'The traffic out of bob came to 1,000 times its usual hour: look at it, then accept it.';
  let accepted: { by: string; at: string; reason: string } | null = null;
  const recorded = Promise.withResolvers<void>();
  let calculated = Promise.resolve();
  const statement = () =>
    ({
      ...{ state: accepted ? 'final' : 'draft', reasons: accepted ? [] : [words], unknown: [] },
      ...{ tariffId: 't', tariffVersion: 1, tariffName: 'S', currency: 'EUR', minorDigits: 2 },
      ...{ gigabyte: 'decimal', from: month.from, to: month.to, users: [], fees: [], total: 1250 },
      held: [{ ...line, words, accepted }],
    }) as never;
  const core = fakeCluster()
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [])
    .on(
      'customers.list',
      () =>
        ({
          total: 1,
          rows: [example],
        }) as never,
    )
    .on('statements.make', async () => {
      await calculated;
      return statement();
    })
    .on('statements.acceptHeld', async ({ reason }) => {
      await recorded.promise;
      accepted = { by: 'ada', at: month.to, reason };
      return statement();
    })
    .on('statements.withdrawHeld', () => {
      accepted = null;
      return statement();
    });
  renderConsole(core, '/c/rack-7/customers/statements');
  await userEvent.click(await screen.findByRole('button', { name: 'Make statement…' }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Customer' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Example Ltd #12' }));
  // a customer whose users are gone is still billed for the time before
  expect(core.inputsOf('customers.list')).toContainEqual({ limit: 20 });
  const accept = await screen.findByRole('button', { name: 'Accept 1 line held back' });
  expect(screen.getByText(/Bills count/)).toHaveTextContent(
    `${month.label}. Bills count whole hours, UTC.`,
  );
  expect(screen.getByRole('button', { name: 'Issue as draft' })).toBeDisabled();
  expect(accept).toBeDisabled();
  await fill(screen.getByLabelText(/Reason to let it count/), 'Migration');
  await userEvent.click(accept);
  const working = /^Recording the decision and calculating/;
  expect(await screen.findByText(working)).toBeVisible();
  const { promise, resolve: calculate } = Promise.withResolvers<void>();
  calculated = promise;
  core.emit({ name: 'customers.changed', payload: {} });
  // it takes until the statement is there again, not only until the decision is
  await act(async () => recorded.resolve());
  await waitFor(() => expect(accepted).not.toBeNull());
  expect(screen.getByText(working)).toBeVisible();
  expect(accept).toHaveAttribute('data-loading', 'true');
  calculate();
  expect(await screen.findByRole('list', { name: 'Accepted lines' })).toHaveTextContent(
    'The traffic out of bob came to 1,000 times its usual hour. Accepted by ada: Migration',
  );
  expect(screen.getByRole('button', { name: 'Issue statement' })).toBeEnabled();
  await userEvent.click(screen.getByRole('button', { name: 'Withdraw' }));
  await fill(screen.getByLabelText(/Reason to hold it back again/), 'Disputed');
  await userEvent.click(screen.getByRole('button', { name: 'Withdraw acceptance' }));
  core.emit({ name: 'customers.changed', payload: {} });
  expect(await screen.findByRole('button', { name: 'Accept 1 line held back' })).toBeVisible();
  const { connectionId, userId, item } = line;
  expect(core.inputsOf('statements.withdrawHeld')).toMatchObject([
    { customerId: '7', reason: 'Disputed', lines: [{ connectionId, userId, item }] },
  ]);
});

test('what is billed already is said, and opened instead of issued; the address keeps the statement', async () => {
  const row = {
    ...{ ...named, number: 'C-2026-0205', total: 20_264, currency: 'EUR', minorDigits: 2 },
    ...{ issuedAt: month.to, correctedBy: null, change: null, from: month.from, to: month.to },
  };
  const core = fakeCluster()
    .on('statements.issued', () => ({ total: 1, rows: [row as never] }))
    .on('statements.get', () => new Promise(() => undefined) as never)
    .on('tariffs.list', () => [])
    .on('customers.list', () => ({ total: 0, rows: [], asOf: null }))
    .on('customers.get', () => example as never)
    .on(
      'statements.make',
      () =>
        ({
          ...{ state: 'final', reasons: [], unknown: [], users: [], fees: [], total: 3902 },
          ...{ tariffId: 't', tariffVersion: 1, tariffName: 'S', currency: 'EUR', minorDigits: 2 },
          ...{ gigabyte: 'decimal', from: month.from, to: month.to },
        }) as never,
    );
  renderConsole(core, '/c/rack-7/customers/statements?make=7');
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByDisplayValue('Example Ltd #12')).toBeVisible();
  expect(await within(dialog).findByText(/^Issued already/)).toHaveTextContent(
    'Issued already, as C-2026-0205 of 202.64 EUR',
  );
  expect(within(dialog).getByText(/^Issued already/)).toHaveTextContent(
    'is taken back on its page',
  );
  expect(within(dialog).queryByRole('button', { name: 'Issue statement' })).toBeNull();
  const period = { from: month.from, to: month.to };
  expect(core.inputsOf('statements.issued')).toContainEqual({
    ...{ customerId: '7', within: period, compare: false, limit: 100 },
  });
  row.to = `${month.from.slice(0, 8)}20T00:00:00.000Z`;
  core.emit({ name: 'customers.changed', payload: {} });
  expect(await within(dialog).findByText(/^C-2026-0205 of 202.64 EUR bills/)).toHaveTextContent(
    'No hour is billed twice',
  );
  expect(within(dialog).queryByRole('button', { name: 'Issue statement' })).toBeNull();
  await userEvent.click(within(dialog).getByRole('link', { name: 'Open C-2026-0205' }));
  expect(await screen.findByRole('complementary', { name: 'Issued statement' })).toBeVisible();
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a user that is held back for another’s statement is billed here in one step, once it was previewed', async () => {
  const userId = '0000000000000001';
  const held = {
    ...{ connectionId: 'rack-7', userId, item: 'user', quantity: 'not C-2026-0005' },
    words: 'bob@example.com is in statement C-2026-0005 of another customer: look at it.',
    accepted: null,
  };
  const core = fakeCluster()
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [])
    .on('customers.list', () => ({ total: 1, rows: [example] }) as never)
    .on('customers.get', () => example as never)
    .on('customers.ofUser', () => [
      { customerId: '7', name: 'Example Ltd', email: '', services: [] },
    ])
    .on(
      'statements.make',
      () =>
        ({
          ...{
            state: 'draft',
            reasons: [held.words],
            unknown: [],
            users: [],
            fees: [],
            total: 1250,
          },
          ...{ tariffId: 't', tariffVersion: 1, tariffName: 'S', currency: 'EUR', minorDigits: 2 },
          ...{ gigabyte: 'decimal', from: month.from, to: month.to, held: [held] },
        }) as never,
    )
    .on('customers.previewHandover', ({ since }) => ({
      ...{ since, own: null },
      before: [{ customerId: '8', name: 'Eve & Sons', until: month.to }],
      corrections: [
        {
          ...{ statementId, number: 'C-2026-0005', customerId: '8', customerName: 'Eve & Sons' },
          ...{ from: month.from, to: month.to, currency: 'EUR', minorDigits: 2 },
          ...{ before: 5000, after: 3000, words: '' },
        },
      ],
      statement: { state: 'final', total: 3250, amount: 2000, currency: 'EUR', minorDigits: 2 },
    }))
    .on('customers.handOver', () => ({ customer: example as never, corrections: [] }));
  renderConsole(core, '/c/rack-7/customers/statements');
  await userEvent.click(await screen.findByRole('button', { name: 'Make statement…' }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Customer' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Example Ltd #12' }));
  const begin = await screen.findByRole('button', {
    name: 'Bill bob@example.com to this customer…',
  });
  core.on('customers.ofUser', () => {
    throw new AppError({ code: 'DISK_FAILED', message: 'The disk is full.', hint: 'Free some.' });
  });
  await userEvent.click(begin);
  const failed = await screen.findByRole('dialog', { name: 'Bill to this customer' });
  expect(await within(failed).findByText('The disk is full.')).toBeVisible();
  core.on('customers.ofUser', () => [
    { customerId: '7', name: 'Example Ltd', email: '', services: [] },
  ]);
  await userEvent.click(within(failed).getByRole('button', { name: 'Try again' }));
  const dialog = await screen.findByRole('dialog', {
    name: 'Bill bob@example.com to this customer',
  });
  const changes = await within(dialog).findByRole('list', { name: 'What the handover changes' });
  expect(changes).toHaveTextContent(
    'C-2026-0005 of Eve & Sons is corrected: 50.00 EUR becomes 30.00 EUR.',
  );
  expect(changes).toHaveTextContent(
    'This statement comes to 32.50 EUR, 20.00 EUR of it for this user',
  );
  expect(core.inputsOf('customers.handOver')).toEqual([]);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Bill to this customer' }));
  await waitFor(() =>
    expect(core.inputsOf('customers.handOver')).toEqual([
      { customerId: '7', connectionId: 'rack-7', userId, since: month.from },
    ]),
  );
});

test('a tariff is asked for where neither the customer nor its plan has one, and there alone', async () => {
  const made = {
    ...{ state: 'final', reasons: [], unknown: [], users: [], fees: [], total: 3902 },
    ...{ tariffId: 't', tariffVersion: 1, tariffName: 'S', currency: 'EUR', minorDigits: 2 },
    ...{ gigabyte: 'decimal', from: month.from, to: month.to },
  };
  const core = fakeCluster()
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [{ tariffId: 't', name: 'S' }] as never)
    .on('customers.list', () => ({ total: 1, rows: [example], asOf: null }) as never)
    .on('customers.get', () => example as never)
    .on('statements.make', (({ tariffId }: { tariffId?: string }) => {
      if (tariffId !== undefined) return made;
      const message = 'Neither "Example Ltd" nor a plan of it has a tariff.';
      throw new AppError({ code: 'INPUT_INVALID', message, hint: 'Name one.' });
    }) as never);
  const view = renderConsole(core, '/c/rack-7/customers/statements?make=7');
  await userEvent.click(await screen.findByRole('combobox', { name: 'Tariff' }));
  await userEvent.click(await screen.findByRole('option', { name: 'S' }));
  expect(await screen.findByText('39.02 EUR')).toBeVisible();
  expect(core.inputsOf('statements.make').at(-1)).toMatchObject({ tariffId: 't' });
  expect(screen.getByRole('combobox', { name: 'Tariff' })).toHaveValue('S');
  view.unmount();

  core.on('statements.make', () => made as never);
  renderConsole(core, '/c/rack-7/customers/statements?make=7');
  expect(await screen.findByText('39.02 EUR')).toBeVisible();
  expect(screen.queryByRole('combobox', { name: 'Tariff' })).toBeNull();
});
