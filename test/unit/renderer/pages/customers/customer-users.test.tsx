import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeCustomer, fakeCustomerPage, fakeService } from '#test/fakes/fake-customer.ts';
import { renderConsole } from '../../render-console.tsx';

test('each user of a customer with several services says of which it is', async () => {
  const mapped = {
    ...{ connectionId: 'rack-7', state: 'enabled' as const, email: null },
    ...{ mappedAt: fakeAsOf, mappedBy: 'ada', alsoOf: [] },
  };
  const customer = fakeCustomer({
    serviceList: [fakeService, { ...fakeService, serviceId: '42', externalId: '20001' }],
    users: [
      { ...mapped, userId: '0000000000000001', serviceId: '42' },
      { ...mapped, userId: '0000000000000002', serviceId: null },
    ],
  });
  renderConsole(fakeCustomerPage(customer), '/c/rack-7/customers/7');
  const users = within(await screen.findByRole('region', { name: 'S3 users' }));
  expect(users.getByText('Storage #20001')).toBeVisible();
  expect(users.getByText('Of no particular service')).toBeVisible();
  expect(users.queryByText('Storage #20000')).toBeNull();
});
