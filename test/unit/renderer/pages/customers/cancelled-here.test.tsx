import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer, fakeCustomerPage } from '#test/fakes/fake-customer.ts';
import { renderConsole } from '../../render-console.tsx';

const at = '2026-11-20T10:00:00.000Z';
const finished: CallOutput<'offboarding.get'> = {
  ...{ offboardingId: '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d', customerId: '7' },
  ...{ customerName: 'Example Ltd', serviceId: null, users: [], state: 'finished' },
  ...{ startedAt: at, startedBy: 'ada', steps: [], next: null, needsTypedName: null, taskId: null },
};

test('a customer that was cancelled here is not listed as active; one that is gone is gone', async () => {
  const row = { ...fakeCustomer(), serviceStates: [] };
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('customers.list', () => ({
      ...{ total: 3, asOf: at },
      rows: [
        row,
        { ...row, customerId: '8', email: 'left@example.com', cancelledAt: at },
        { ...row, customerId: '9', email: 'gone@example.com', cancelledAt: at, gone: true },
      ],
    }));
  renderConsole(core, '/c/rack-7/customers');
  const stateOf = async (email: string) =>
    within(await screen.findByRole('row', { name: new RegExp(email) }));
  expect((await stateOf('bob@example.com')).getByText('Active')).toBeVisible();
  const left = await stateOf('left@example.com');
  expect(left.getByText('Cancelled here')).toBeVisible();
  expect(left.queryByText('Active')).toBeNull();
  expect((await stateOf('gone@example.com')).queryByText('Cancelled here')).toBeNull();
});

test('its page says when, and that the billing system has not ended it', async () => {
  renderConsole(fakeCustomerPage(fakeCustomer({ cancelledAt: at })), '/c/rack-7/customers/7');
  expect(await screen.findByText('Cancelled here')).toBeVisible();
  expect(screen.getByText(/, active in the billing system$/)).toHaveTextContent(/20.*Nov|Nov.*20/);
});

test('its page leads to the cancellation, says what is left to do, and offers nothing for users that are no more', async () => {
  const user = {
    ...{ connectionId: 'rack-7', userId: '0000000000000001', email: 'bob@example.com' },
    ...{ state: null, gone: true as const, deletedAt: at, serviceId: '41' },
    ...{ mappedAt: at, mappedBy: 'ada', alsoOf: [] },
  };
  const billing = {
    ...{ id: 'whmcs', name: 'WHMCS', kind: 'whmcs', readOnly: false, capabilities: ['usage'] },
  };
  const customer = fakeCustomer({ cancelledAt: at, users: [user] });
  const core = fakeCustomerPage(customer)
    .on('billing.list', () => [billing] as never)
    .on('offboarding.list', ({ state }) => ({
      total: state === 'finished' ? 1 : 0,
      rows: [finished],
    }));
  renderConsole(core, '/c/rack-7/customers/7');
  const link = await screen.findByRole('link', { name: 'Open its cancellation' });
  expect(link).toHaveAttribute('href', `/c/rack-7/customers/offboarding/${finished.offboardingId}`);
  expect(await screen.findByText('Left to do in the billing system')).toBeVisible();
  expect(screen.getByText(/is active: end it there, or it is billed on/)).toBeVisible();
  const users = within(screen.getByRole('region', { name: 'S3 users' }));
  expect(users.getByText('0 users, 1 deleted')).toBeVisible();
  expect(users.getByText(/deleted here on/)).toBeVisible();
  expect(users.queryByRole('button', { name: 'bob@example.com' })).toBeNull();
  expect(core.inputsOf('users.get')).toEqual([]);
  expect(screen.getByRole('button', { name: /^Assign plan to / })).toHaveAttribute(
    'data-hint',
    'Cancelled here: no user is left that a plan applies to.',
  );
  expect(screen.getByRole('button', { name: 'Send usage figures' })).toBeDisabled();
  expect(screen.getByText('Its users were deleted: nothing to send.')).toBeVisible();
});

type Standing = CallOutput<'invoices.standing'>;
const draft = { statementId: 's1', number: 'C-2026-0001', invoiceId: '77', status: 'Draft' };
const nothing: Partial<Standing> = { left: null, open: 500, drafts: [] };
const corrected = { statementId: 's2', number: 'C-2026-0002' };
const published = { ...draft, status: 'Unpaid' };
const invoicing: [of: string, standing: Partial<Standing>, left: string[]][] = [
  ['a draft', {}, ['Publish invoice #77 of C-2026-0001 there: it is a draft.']],
  ['a published invoice', { drafts: [published] }, []],
  [
    'no draft yet',
    nothing,
    ['Draft the invoice of C-2026-0001, the final statement, here, and publish it there.'],
  ],
  [
    'another billing system',
    { ...nothing, canDraft: false },
    ['If it is not invoiced yet, invoice C-2026-0001 there, of 5.00 EUR.'],
  ],
  [
    'a correction that comes to more',
    { ...corrected, left: null, open: 500, drafts: [published] },
    ['Draft the invoice of C-2026-0002 here, 5.00 EUR more than before, and publish it there.'],
  ],
  [
    'a correction that comes to less',
    { ...corrected, left: 'credit', open: -500, drafts: [published] },
    ['Credit 5.00 EUR there: C-2026-0002 comes to less than what was invoiced before.'],
  ],
  [
    'a correction that is drafted, of a draft that was deleted',
    {
      ...corrected,
      drafts: [
        { ...draft, status: null },
        { ...draft, invoiceId: '78' },
      ],
    },
    [
      'Invoice #77 of C-2026-0001 was deleted there: see that it is billed.',
      'Publish invoice #78 of C-2026-0001 there: it is a draft.',
    ],
  ],
  [
    'a billing system that was not read',
    { unread: { code: 'NETWORK_UNREACHABLE', message: '', hint: '', retryable: true } },
    ['If it is not published yet, publish invoice #77 of C-2026-0001 there.'],
  ],
];

test('what is left to invoice is said of the final statement as last corrected, until it is published', async () => {
  let [now] = invoicing.map(([, standing]) => standing);
  const statement = {
    ...{ step: 'statement' as const, state: 'done' as const, at, by: 'ada', words: 'Done.' },
    ...{ hint: null, statementId: 's1' },
  };
  const core = fakeCustomerPage(fakeCustomer())
    .on('offboarding.get', () => ({ ...finished, steps: [statement] }))
    .on('invoices.standing', () => ({
      ...{ statementId: 's1', number: 'C-2026-0001', canDraft: true, left: 'drafted', open: 0 },
      ...{ currency: 'EUR', minorDigits: 2, drafts: [draft], unread: null },
      ...now,
    }));
  renderConsole(core, `/c/rack-7/customers/offboarding/${finished.offboardingId}`);
  const first = await screen.findByText(/is active: end it there/);
  for (const [of, standing, left] of invoicing) {
    now = standing;
    act(() => core.emit({ name: 'customers.changed', payload: {} }));
    await waitFor(() => {
      const items = [...(first.closest('ul')?.children ?? [])].slice(1);
      expect(
        items.map((item) => item.textContent),
        of,
      ).toEqual(left);
    });
  }
});
