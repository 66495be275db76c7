import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { lastMonths, type Month } from '#renderer/pages/customers/bills/months.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const at = '2026-11-20T10:00:00.000Z';

const issued = (month: Month) =>
  ({
    ...{ statementId: 's1', number: 'C-2026-0005', customerId: '7', customerName: 'Example Ltd' },
    ...{ state: 'final', currency: 'EUR', minorDigits: 2, total: 1250, from: month.from },
    ...{ to: month.to, issuedAt: at, issuedBy: 'ada', correctedBy: null, change: null },
  }) as never;

const coreWith = (month: Month) =>
  fakeCluster()
    .on('customers.get', () => ({
      ...{ customerId: '7', billingId: 'whmcs', externalId: '12', name: 'Bob', company: '' },
      ...{ email: 'bob@example.com', ownerEmail: null, status: 'Active', currency: 'EUR' },
      ...{ services: 0, gone: false, tariffId: null, asOf: at, users: [], serviceList: [] },
    }))
    .on('billing.list', () => [])
    .on('offboarding.list', () => ({ total: 0, rows: [] }))
    .on('invoices.list', () => ({ total: 0, rows: [] }))
    .on('tariffs.list', () => [])
    .on('servicePlans.drift', () => ({ total: 0, unknown: 0, excepted: 0, clusters: [], rows: [] }))
    .on('servicePlans.list', () => [])
    .on('statements.issued', () => ({ total: 1, rows: [issued(month)] }));

test('a customer’s page offers a statement for last month as long as there is none', async () => {
  const [last, earlier] = lastMonths(new Date());
  if (!last || !earlier) throw new Error('no months');
  const offer = { name: `Make statement for ${last.label}` };
  const first = renderConsole(coreWith(earlier), '/c/rack-7/customers/7');
  expect(await screen.findByRole('button', offer)).toBeVisible();
  first.unmount();
  renderConsole(coreWith(last), '/c/rack-7/customers/7');
  const table = await screen.findByRole('table', { name: 'Issued statements' });
  expect(within(table).getByRole('button', { name: 'C-2026-0005' })).toBeVisible();
  expect(screen.queryByRole('button', offer)).toBeNull();
});
