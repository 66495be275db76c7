import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf, fakeUser } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer, fakeCustomerPage } from '#test/fakes/fake-customer.ts';
import { fill } from '../../../fill.ts';
import { renderConsole } from '../../../render-console.tsx';

type Preview = CallOutput<'customers.previewHandover'>;

const userId = '0000000000000001';
const customer = fakeCustomer();
const nothing: Preview = {
  ...{ since: '2026-10-01T00:00:00.000Z', own: null, before: [], corrections: [], statement: null },
};
const before = [{ customerId: '8', name: 'Eve & Sons', until: '2026-10-10T12:00:00.000Z' }];

function customerCore() {
  return fakeCustomerPage(customer)
    .on('customers.map', () => customer)
    .on('customers.handOver', () => ({ customer, corrections: [] }));
}

/** Opens the dialog that maps a user, and selects one. */
async function openDialog(core: ReturnType<typeof customerCore>) {
  renderConsole(core, '/c/rack-7/customers/7');
  await userEvent.click(await screen.findByRole('button', { name: 'Map user' }));
  const dialog = within(await screen.findByRole('dialog'));
  const field = dialog.getByRole('combobox', { name: 'User' });
  await waitFor(() => expect(field).toHaveFocus());
  await userEvent.clear(field);
  await userEvent.click(await screen.findByRole('option', { name: /^user-000001@/ }));
  const confirm = dialog.getByRole('button', { name: 'Map user' });
  return { dialog, confirm, since: () => dialog.findByLabelText(/^Belongs to Example Ltd since/) };
}

async function selectService(dialog: Awaited<ReturnType<typeof openDialog>>['dialog']) {
  await userEvent.click(dialog.getByRole('combobox', { name: 'Service' }));
  await userEvent.click(await screen.findByRole('option', { name: /^Storage #20000/ }));
}

test('a user that the customer has since an hour keeps it when it gets a service', async () => {
  const own = { since: '2026-10-10T13:00:00.000Z' };
  const core = customerCore().on('customers.previewHandover', () => ({ ...nothing, own, before }));
  const { dialog, confirm, since } = await openDialog(core);
  await selectService(dialog);
  expect(await since()).toHaveValue('2026-10-10T13:00');
  await dialog.findByText('No issued statement changes');
  await userEvent.click(confirm);
  await waitFor(() =>
    expect(core.inputsOf('customers.handOver')).toEqual([
      { customerId: '7', connectionId: 'rack-7', userId, serviceId: '41', ...own },
    ]),
  );
});

test('a user that the customer has since nobody knows when gets a service and no hour', async () => {
  const own = { since: null };
  const core = customerCore().on('customers.previewHandover', () => ({ ...nothing, own, before }));
  const { dialog, confirm, since } = await openDialog(core);
  await selectService(dialog);
  expect(await since()).toHaveValue('');
  expect(await dialog.findByText(/Leave empty to leave it as it is\.$/)).toBeVisible();
  await waitFor(() => expect(confirm).toBeEnabled());
  await userEvent.click(confirm);
  await waitFor(() =>
    expect(core.inputsOf('customers.map')).toEqual([
      { customerId: '7', connectionId: 'rack-7', userId, serviceId: '41' },
    ]),
  );
  expect(core.inputsOf('customers.handOver')).toEqual([]);
});

test('nothing is handed over before what it changes is on screen', async () => {
  const answer = Promise.withResolvers<Preview>();
  const corrections = [
    {
      ...{ statementId: '1', number: 'C-2026-0005', customerId: '8', customerName: 'Eve & Sons' },
      ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', currency: 'EUR' },
      ...{ minorDigits: 2, before: 5000, after: 3000 },
      words: 'Changed since issued: -20.00 EUR, 1 user with other hours.',
    },
  ];
  const later = '2026-10-15T00:00:00.000Z';
  const core = customerCore().on('customers.previewHandover', ({ since }) =>
    since === later ? answer.promise : { ...nothing, before },
  );
  const { dialog, confirm, since } = await openDialog(core);
  await waitFor(() => expect(confirm).toBeEnabled());
  fireEvent.change(await since(), { target: { value: '2026-10-15T00:00' } });
  await dialog.findByText('Calculating…');
  expect(confirm).toBeDisabled();
  // without an hour neither
  fireEvent.change(await since(), { target: { value: '' } });
  expect(confirm).toBeDisabled();
  fireEvent.change(await since(), { target: { value: '2026-10-15T00:00' } });
  answer.resolve({ ...nothing, before, corrections });
  expect(await dialog.findByText(/^C-2026-0005 of Eve & Sons is corrected/)).toHaveTextContent(
    'Changed since issued: -20.00 EUR, 1 user with other hours.',
  );
  expect(confirm).toBeEnabled();
});

test('a user of which nobody can say whose it was is not mapped, and the dialog says why', async () => {
  const failed = new AppError({ code: 'INTERNAL', message: 'No answer came.', hint: 'Try again.' });
  const core = customerCore().on('customers.previewHandover', () => Promise.reject(failed));
  const { dialog, confirm } = await openDialog(core);
  expect(await dialog.findByText('No answer came.')).toBeVisible();
  expect(confirm).toBeDisabled();
  core.on('customers.previewHandover', () => nothing);
  await userEvent.click(dialog.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(confirm).toBeEnabled());
  await userEvent.click(confirm);
  await waitFor(() => expect(core.inputsOf('customers.map')).toHaveLength(1));
});

test('what an earlier search found is not taken while another has not answered', async () => {
  const core = customerCore().on('customers.previewHandover', () => nothing);
  const { dialog, confirm } = await openDialog(core);
  const field = dialog.getByRole('combobox', { name: 'User' });
  await waitFor(() => expect(field).toHaveValue(`user-000001@example.com (${userId})`));
  await waitFor(() => expect(confirm).toBeEnabled());
  await userEvent.clear(field);
  let answer: (() => void) | undefined;
  core.on('users.list', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { asOf: fakeAsOf, total: 1, rows: [fakeUser(3)] };
  });
  await fill(field, 'user-000003');
  // neither one that was listed is taken, nor is the one selected before confirmed
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(screen.getByText('Searching…')).toBeVisible();
  expect(screen.queryByRole('option', { name: /^user-/ })).toBeNull();
  await waitFor(() =>
    expect(core.inputsOf('users.list').at(-1)).toMatchObject({ search: 'user-000003' }),
  );
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(field).toHaveValue('user-000003');
  answer?.();
  expect(await screen.findByRole('option', { name: /^user-000003@/ })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  expect(core.inputsOf('customers.map')).toEqual([]);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await waitFor(() => expect(field).toHaveValue('user-000003@example.com (0000000000000003)'));
});
