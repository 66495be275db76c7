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
