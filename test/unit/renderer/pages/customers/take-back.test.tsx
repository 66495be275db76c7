import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer } from '#test/fakes/fake-customer.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const statementId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const [from, to] = ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'];
const issued = {
  ...{ statementId, number: 'C-2026-0205', digest: 'd', state: 'final', total: 20_264, from, to },
  ...{ currency: 'EUR', minorDigits: 2, tariffId: 't', tariffVersion: 1, tariffName: 'T' },
  ...{ users: 2, userIds: null, issuedAt: to, issuedBy: 'ada', corrects: null, correctedBy: null },
  ...{ customerId: '7', customerName: 'Example Ltd' },
};
const words = 'Changed since issued: −158.57 EUR, 1 object came late, now a draft.';
const user = (userId: string, email: string) => ({
  ...{ connectionId: 'rack-7', userId, email, amount: 15_857, lines: [] },
});
const asked = { statementId, connectionId: 'rack-7', userId: '02' };

/** The page of a statement with two users, of which its customer has the first by now. */
function open() {
  const mapped = {
    ...{ connectionId: 'rack-7', userId: '01', email: 'own@example.com', state: null },
    ...{ serviceId: null, mappedAt: from, mappedBy: 'ada', alsoOf: [] },
  };
  const statement = {
    ...{ state: 'final', reasons: [], unknown: [], fees: [], total: 20_264, from, to },
    ...{ tariffId: 't', tariffVersion: 1, tariffName: 'T', currency: 'EUR', minorDigits: 2 },
    ...{ gigabyte: 'decimal', customer: { customerId: '7', billingId: 'whmcs' } },
    users: [user('01', 'own@example.com'), user('02', 'foreign@example.com')],
  };
  const core = fakeCluster()
    .on('billing.list', () => [])
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('statements.get', () => ({ issued, statement }) as never)
    .on('statements.corrections', () => new Promise<never>(() => undefined))
    .on('invoices.list', () => ({ total: 0, rows: [] }))
    .on('invoices.preview', () => new Promise<never>(() => undefined))
    .on('customers.get', () => fakeCustomer({ users: [mapped] }))
    .on('customers.ofUser', () => [])
    .on('statements.previewTakeBack', () => ({
      ...{ issued: issued as never, total: 4407, difference: -15_857, words, digest: 'shown' },
    }))
    .on('statements.takeBack', () => ({ ...issued, number: 'C-2026-0234' }) as never);
  renderConsole(core, `/c/rack-7/customers/statements?open=${statementId}`);
  return core;
}

test('what was billed for a user that the customer no longer has is taken back, with a reason', async () => {
  const core = open();
  const lost = await screen.findByRole('list', { name: 'Users that the customer no longer has' });
  expect(within(lost).getAllByRole('listitem')).toHaveLength(1);
  expect(lost).toHaveTextContent('foreign@example.com no longer belongs to this customer.');
  expect(lost).toHaveTextContent('still bills 158.57 EUR for it');
  expect(await within(lost).findByText(/If that was a mistake, take it back\./)).toBeVisible();
  await userEvent.click(within(lost).getByRole('button', { name: /^Take back foreign/ }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText(/^202.64.EUR becomes 44.07.EUR/)).toBeVisible();
  expect(dialog).toHaveTextContent('1 object came late, now a draft.');
  expect(dialog).toHaveTextContent('Nobody else is billed for this user by it');
  const verb = within(dialog).getByRole('button', { name: 'Issue correction' });
  expect(verb).toBeDisabled();
  await fill(within(dialog).getByLabelText(/^Reason/), 'Mapped by mistake');
  await userEvent.click(verb);
  await waitFor(() =>
    expect(core.inputsOf('statements.takeBack')).toEqual([
      { ...asked, reason: 'Mapped by mistake', expected: 'shown' },
    ]),
  );
  expect(await screen.findByText('Issued as C-2026-0234.')).toBeVisible();
});

test('a user that somebody else has is handed over, not taken back', async () => {
  const other = { customerId: '8', name: 'Other Ltd', email: 'other@example.com', services: [] };
  const core = open().on('customers.ofUser', () => [other]);
  const lost = await screen.findByRole('list', { name: 'Users that the customer no longer has' });
  expect(await within(lost).findByText(/It belongs to Other Ltd now/)).toBeVisible();
  expect(within(lost).queryByRole('button')).toBeNull();
  expect(lost).not.toHaveTextContent('take it back');
  expect(core.inputsOf('customers.ofUser')).toEqual([{ connectionId: 'rack-7', userId: '02' }]);
});

test('a take-back that is refused says what to do instead', async () => {
  const hint = 'Map it to the customer that pays for it.';
  const core = open().on('statements.previewTakeBack', () => {
    throw new AppError({ code: 'CONFLICT', message: 'It belongs to another customer.', hint });
  });
  await userEvent.click(await screen.findByRole('button', { name: /^Take back foreign/ }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(await dialog.findByText(hint, { exact: false })).toBeVisible();
  expect(dialog.getByRole('button', { name: 'Issue correction' })).toBeDisabled();
  expect(dialog.queryByLabelText(/^Reason/)).toBeNull();
  expect(core.inputsOf('statements.takeBack')).toEqual([]);
});
