import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer, fakeCustomerPage } from '#test/fakes/fake-customer.ts';
import { renderConsole } from '../../render-console.tsx';

const at = '2026-11-20T10:00:00.000Z';
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
  const offboardingId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
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
      rows: [
        {
          ...{ offboardingId, customerId: '7', customerName: 'Example Ltd', serviceId: null },
          ...{ users: [], state: 'finished', startedAt: at, startedBy: 'ada', steps: [] },
          ...{ next: null, needsTypedName: null, taskId: null },
        },
      ],
    }));
  renderConsole(core, '/c/rack-7/customers/7');
  const link = await screen.findByRole('link', { name: 'Open its cancellation' });
  expect(link).toHaveAttribute('href', `/c/rack-7/customers/offboarding/${offboardingId}`);
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
