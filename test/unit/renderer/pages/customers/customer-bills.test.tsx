import { screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { lastMonths, type Month } from '#renderer/pages/customers/bills/months.ts';
import { fakeCustomer, fakeCustomerPage } from '#test/fakes/fake-customer.ts';
import { renderConsole } from '../../render-console.tsx';

const at = '2026-11-20T10:00:00.000Z';

const issued = (month: Month) =>
  ({
    ...{ statementId: 's1', number: 'C-2026-0005', customerId: '7', customerName: 'Example Ltd' },
    ...{ state: 'final', currency: 'EUR', minorDigits: 2, total: 1250, from: month.from },
    ...{ to: month.to, issuedAt: at, issuedBy: 'ada', correctedBy: null, change: null },
  }) as never;

const coreWith = (month: Month) =>
  fakeCustomerPage(fakeCustomer()).on('statements.issued', () => ({
    total: 1,
    rows: [issued(month)],
  }));

afterEach(() => void vi.useRealTimers());

test('a customer’s page offers a statement for last month as long as there is none', async () => {
  const now = new Date('2026-11-15T12:00:00.000Z'); // no month ends meanwhile
  vi.useFakeTimers({ now, toFake: ['Date'] });
  const [last, earlier] = lastMonths(now);
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

test.each([
  ['https://billing.example/staff', true],
  [undefined, false],
])(
  'client, services and invoices lead to WHMCS where its admin area is %s: %s',
  async (area, linked) => {
    const [month] = lastMonths(new Date());
    if (!month) throw new Error('no month');
    const core = coreWith(month)
      .on('billing.list', () => [
        {
          ...{ id: 'whmcs', name: 'Billing', kind: 'whmcs' as const, readOnly: false, asOf: at },
          ...{ hasCredential: true, hasAccessKey: false, customers: 1, services: 1 },
          ...{ capabilities: [], ...(area === undefined ? {} : { adminUrl: area }) },
        },
      ])
      .on('invoices.list', () => ({
        total: 1,
        rows: [
          {
            ...{ statementId: 's1', number: 'C-2026-0001', billingId: 'whmcs', customerId: '7' },
            ...{
              customerName: 'Example Ltd',
              externalId: '12',
              invoiceId: '93',
              reference: 'OC-1',
            },
            ...{ state: 'drafted', problem: null, lines: 1, subtotal: 100, currency: 'EUR' },
            ...{ minorDigits: 2, createdAt: at, createdBy: 'ada' },
          },
        ],
      }));
    renderConsole(core, '/c/rack-7/customers/7');
    const pages = {
      'Client 12 in WHMCS': 'clientssummary.php?userid=12',
      'Service 20000 in WHMCS': 'clientsservices.php?userid=12&id=20000',
      'Invoice 93 in WHMCS': 'invoices.php?action=edit&id=93',
    };
    expect(await screen.findByText('#93')).toBeVisible();
    for (const [name, page] of Object.entries(pages)) {
      const link = screen.queryByRole('link', { name });
      if (linked) expect(link).toHaveAttribute('href', `${area}/${page}`);
      else expect(link).toBeNull();
    }
  },
);
