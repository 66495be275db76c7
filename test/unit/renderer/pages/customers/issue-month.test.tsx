import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lastMonths, type Month } from '#renderer/pages/customers/bills/months.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

// no month ends between what is asked and what is shown
const now = new Date('2026-11-15T12:00:00.000Z');
beforeAll(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));
afterAll(() => void vi.useRealTimers());

const month = lastMonths(now)[0] as Month;

const issuedRow: CallOutput<'statements.issued'>['rows'][number] = {
  ...{ statementId: 's1', number: 'C-2026-0001', digest: 'd', state: 'final', customerName: 'E' },
  ...{ currency: 'EUR', minorDigits: 2, total: 500, tariffName: 'T', tariffVersion: 1 },
  ...{ issuedAt: month.to, issuedBy: 'ada', corrects: null, correctedBy: null, change: null },
  ...{ from: month.from, to: month.to, tariffId: 't', users: 1, userIds: [] },
};

const example = { customerId: '7', company: '', name: 'Example Ltd', externalId: '12' };

const elsewhere: CallOutput<'statements.chargedElsewhere'> = {
  twice: {
    sums: [{ currency: 'EUR', minorDigits: 2, invoices: 200, customers: 200, total: 100_000 }],
    customers: Array.from({ length: 200 }, (_, index) => ({
      ...{ customerId: `${index + 100}`, customerName: `Payer ${index}`, baseFee: 500 },
      ...{ currency: 'EUR', minorDigits: 2 },
      services: [{ externalId: `${index}`, productName: 'Gold', recurringAmount: '99.00' }],
    })),
  },
  byUser: [
    {
      ...{ connectionId: 'rack-7', statementId: 's9', number: 'S-2026-0009' },
      customers: [{ customerId: '8', customerName: 'Eve & Sons' }],
    },
  ],
};

test('a month is issued in core: its progress and its refusals outlive the page', async () => {
  const task: CallOutput<'tasks.list'>[number] = {
    ...{ taskId: 't1', connectionId: null, kind: 'statements.issueAll', title: 'Issue statements' },
    ...{
      state: 'running',
      done: 30,
      total: 40,
      failed: 0,
      waiting: 1,
      canPause: true,
      read: false,
    },
    ...{ startedAt: month.to, endedAt: null, about: `${month.from} ${month.to}` },
  };
  const tasks = [] as (typeof task)[];
  const refused = {
    code: 'COVERAGE_INCOMPLETE' as const,
    message: 'Not final.',
    hint: 'Collect.',
    retryable: false,
    details: { held: true },
  };
  const waits = {
    ...{ customerId: '7', billingId: 'b1', name: 'Example Ltd', amount: null, digest: null },
  };
  const item = { customerId: '7', billingId: 'b1', statementId: null, number: null, total: null };
  const result = {
    customers: 40,
    issued: 39,
    refused: 1,
    withoutUser: 3,
    items: [{ ...item, name: 'Example Ltd', error: refused }],
  };
  const issued: (typeof issuedRow)[] = [];
  const read = Promise.withResolvers<void>();
  const core = fakeCluster()
    .on('statements.issued', () => ({ total: issued.length, rows: [...issued] }))
    .on('tasks.list', () => [...tasks])
    .on('tasks.get', () => read.promise.then(() => ({ ...(tasks[0] ?? task), result })))
    .on('statements.previewAll', () => ({
      sums: [
        { currency: 'EUR', minorDigits: 2, statements: 38, total: 1_234_550 },
        { currency: 'JPY', minorDigits: 0, statements: 1, total: 900 },
      ],
      ...{ issued: 0, refused: 1, withoutUser: 3 },
      items: [
        {
          ...{ customerId: '8', billingId: 'b1', name: 'Eve & Sons', digest: 'd8', error: null },
          amount: { total: 1_234_000, currency: 'EUR', minorDigits: 2 },
        },
        { ...waits, error: refused },
      ],
      elsewhere,
    }))
    .on('statements.issueAll', () => ({ taskId: 't1' }))
    .on('customers.namesakes', () => [{ customerId: '7', externalId: '12' }])
    .on('customers.get', () => example as never);
  renderConsole(core, '/c/rack-7/customers/statements');
  await userEvent.click(await screen.findByRole('button', { name: 'Issue month' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText(/^38 statements, 12,345.50.EUR in total$/)).toBeVisible();
  expect(within(dialog).getByText(/^1 statement, 900.JPY in total$/)).toBeVisible();
  expect(
    within(dialog).getByText(/^1 customer waiting for a review or for statistics/),
  ).toBeVisible();
  const without = `3 customers without a user in ${month.label}: no statement.`;
  expect(within(dialog).getByText(without)).toBeVisible();
  // said before anything is issued: what is issued never changes
  expect(dialog).toHaveTextContent(
    '200 customers pay a base fee and the recurring amount of a service',
  );
  expect(dialog).toHaveTextContent('or take the base fee out of the tariff before you issue');
  const fees = () =>
    within(within(dialog).getByRole('table', { name: 'Base fees and recurring amounts' }));
  expect(fees().queryByText('Payer 42')).toBeNull();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Show more' }));
  expect(fees().getByText('Payer 42')).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Save list (CSV)' })).toBeEnabled();
  expect(dialog).toHaveTextContent('1 customer has users that a statement by user bills already');
  expect(within(dialog).getByRole('link', { name: 'S-2026-0009' })).toHaveAttribute(
    'href',
    '/c/rack-7/usage/issued?open=s9',
  );
  const zip = screen.getByRole('button', { name: 'Download month (zip)', hidden: true });
  expect(zip).toHaveAttribute('aria-disabled', 'true');
  expect(zip).toHaveAttribute('data-hint', `No statement of ${month.label} is issued yet.`);
  const tableOf = (name: string) => within(within(dialog).getByRole('table', { name }));
  expect(
    tableOf('Statements to issue').getByRole('row', { name: /^Eve & Sons 12,340.00.EUR$/ }),
  ).toBeVisible();
  expect(
    tableOf('Waiting customers').getByRole('row', {
      name: /^Example Ltd \(client 12\) Not final\. Collect\. /,
    }),
  ).toBeVisible();
  // customers that are read meanwhile change nothing of what was read here
  const listed = core.inputsOf('statements.issued').length;
  act(() => core.emit({ name: 'customers.changed', payload: {} }));
  await waitFor(() => expect(core.inputsOf('statements.issued').length).toBeGreaterThan(listed));
  expect(core.inputsOf('statements.previewAll')).toHaveLength(1);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Issue 39 statements' }));
  const { from, to } = month;
  const made = { customerId: '8', billingId: 'b1', name: 'Eve & Sons', digest: 'd8' };
  const amount = { total: 1_234_000, currency: 'EUR', minorDigits: 2 };
  await waitFor(() =>
    expect(core.inputsOf('statements.issueAll')).toEqual([
      { from, to, previewed: [{ ...made, amount }, waits] },
    ]),
  );
  const region = () => screen.findByRole('region', { name: `Statements of ${month.label}` });
  tasks.push(task);
  core.emit({ name: 'task.changed', payload: { task } });
  expect(
    await within(await region()).findByText('29 statements issued, 1 waiting, of 40 customers.'),
  ).toBeVisible();
  expect(screen.getByRole('button', { name: 'Issue month' })).toHaveAttribute(
    ...['aria-disabled', 'true'],
  );
  expect(screen.queryByText('No statement of a customer issued yet')).toBeNull();
  const ended = { ...task, state: 'succeeded' as const, done: 40, endedAt: month.to };
  tasks[0] = ended;
  core.emit({ name: 'task.changed', payload: { task: ended } });
  // until it is read who waits, the run itself says how many
  expect(
    await within(await region()).findByText('39 statements issued, 1 waiting, of 40 customers.'),
  ).toBeVisible();
  read.resolve();
  const list = await within(await region()).findByRole('list', { name: 'Waiting' });
  expect(list).toHaveTextContent('Example Ltd (client 12): Not final. Collect.');
  expect(await region()).toHaveTextContent(without);
  await userEvent.click(
    within(list).getByRole('button', {
      name: 'Review and accept statement of Example Ltd, client 12',
    }),
  );
  const review = await screen.findByRole('dialog');
  expect(await within(review).findByDisplayValue('Example Ltd #12')).toBeVisible();
  // once it has its statement, it waits no longer
  issued.push({ ...issuedRow, ...{ customerId: '7', from, to } });
  core.emit({ name: 'customers.changed', payload: {} });
  expect(
    await within(await region()).findByText('40 statements issued, 0 waiting, of 40 customers.'),
  ).toBeVisible();
  expect(list).not.toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Download month (zip)' })).toBeEnabled();
  expect(screen.getByRole('button', { name: 'Download month (zip)' })).not.toHaveAttribute(
    'aria-disabled',
  );
});

test('who was not issued since its statement is not the one that was previewed is listed first', async () => {
  const task: CallOutput<'tasks.list'>[number] = {
    ...{ taskId: 't1', connectionId: null, kind: 'statements.issueAll', title: 'Issue statements' },
    ...{ state: 'succeeded', done: 40, total: 40, failed: 0, waiting: 2, canPause: false },
    ...{ read: false, startedAt: month.to, endedAt: month.to, about: `${month.from} ${month.to}` },
  };
  const error = { code: 'COVERAGE_INCOMPLETE', message: 'Not final.', hint: '', retryable: false };
  const differs = { ...error, message: 'The preview showed 5.', details: { differs: true } };
  const items = [
    { customerId: '7', name: 'Example Ltd', error },
    { customerId: '8', name: 'Eve & Sons', error: differs },
  ];
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('tasks.list', () => [task])
    .on('tasks.get', () => ({ ...task, result: { withoutUser: 0, items } }) as never)
    .on('statements.issued', () => ({ total: 0, rows: [] }));
  renderConsole(core, '/c/rack-7/customers/statements');
  const region = await screen.findByRole('region', { name: `Statements of ${month.label}` });
  const waiting = await within(region).findByRole('list', { name: 'Waiting' });
  const [first, second] = within(waiting).getAllByRole('listitem');
  expect(first).toHaveTextContent('Eve & Sons: The preview showed 5.');
  expect(second).toHaveTextContent('Example Ltd: Not final.');
  expect(region).toHaveTextContent(
    'The statement of 1 customer is no longer as previewed: it was not issued.',
  );
});

test('nobody is said to wait before it is read who has a statement by now', async () => {
  const task: CallOutput<'tasks.list'>[number] = {
    ...{ taskId: 't1', connectionId: null, kind: 'statements.issueAll', title: 'Issue statements' },
    ...{ state: 'succeeded', done: 40, total: 40, failed: 0, waiting: 1, canPause: false },
    ...{ read: false, startedAt: month.to, endedAt: month.to, about: `${month.from} ${month.to}` },
  };
  const error = { code: 'COVERAGE_INCOMPLETE', message: 'Not final.', hint: '', retryable: false };
  const result = { withoutUser: 0, items: [{ customerId: '7', name: 'Example Ltd', error }] };
  const register = Promise.withResolvers<void>();
  const rows = [{ ...issuedRow, customerId: '7', from: month.from, to: month.to }];
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('tasks.list', () => [task])
    .on('tasks.get', () => ({ ...task, result }) as never)
    .on('statements.issued', () => register.promise.then(() => ({ total: 1, rows })));
  renderConsole(core, '/c/rack-7/customers/statements');
  const region = await screen.findByRole('region', { name: `Statements of ${month.label}` });
  await waitFor(() => expect(core.inputsOf('tasks.get').length).toBeGreaterThan(0));
  await within(region).findByText('39 statements issued, 1 waiting, of 40 customers.');
  expect(within(region).queryByRole('list', { name: 'Waiting' })).toBeNull();
  register.resolve();
  await within(region).findByText('40 statements issued, 0 waiting, of 40 customers.');
  expect(within(region).queryByRole('list', { name: 'Waiting' })).toBeNull();
});
