import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { chargedItems } from '#shared/charged-items.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeSummary, fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../render-console.tsx';

type Statement = CallOutput<'statements.make'>;
type Line = Statement['users'][number]['lines'][number];

const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
const userId = '0000000000000001';

/** A line of which a part was included. */
function lineOf(item: Line['item']): Line {
  const unit = item === 'stored' ? 'GB-month' : /loaded/.test(item) ? 'GB' : 'thousand operations';
  return {
    ...{ item, ...period, unit, price: '1', amount: 300 },
    ...{ quantity: '8000000000', free: '3000000000', billable: '5000000000', billableUnits: '5' },
  };
}

const fee = { ...period, price: '5', months: '1.000000', amount: 500 };
const coverage = fakeSummary();
const sources = { objects: 1488, digest: 'c'.repeat(64) };

/** A statement over two clusters, with every kind of line. */
const statement: Statement = {
  ...{ state: 'final', reasons: [], unknown: [], tariffId: 'standard', tariffVersion: 2 },
  ...{ tariffName: 'Standard', currency: 'EUR', minorDigits: 2, gigabyte: 'decimal', ...period },
  users: [
    {
      ...{ connectionId: 'rack-7', userId, email: 'ada@example.com', amount: 2100 },
      lines: chargedItems.map(lineOf),
    },
  ],
  fees: [
    { ...fee, kind: 'base' },
    { ...fee, kind: 'minimum' },
  ],
  ...{ feesAssumed: true, total: 3100, coverage, sources },
  clusters: ['rack-7', 'rack-9'].map((connectionId) => ({
    ...{ connectionId, name: connectionId, state: 'final', coverage, sources },
  })),
};

const tariff: CallOutput<'tariffs.get'> = {
  ...{ pricesIn: 'currency', tariffId: 'standard', version: 3, name: 'Standard', currency: 'EUR' },
  ...{ savedAt: '2026-01-01T00:00:00.000Z', minorDigits: 2, gigabyte: 'decimal' },
  prices: [
    {
      ...{ validFrom: '2026-01-01', storedPerGbHour: '0', downloadedPerGb: '1', baseFee: '5' },
      ...{ uploadedPerGb: '1', putPerThousand: '1', getPerThousand: '1', minimum: '31' },
      ...{ listPerThousand: '1', otherPerThousand: '1' },
    },
  ],
  free: { storedGbHours: 3, downloadedGb: 3, uploadedGb: 3, put: 3, get: 3, list: 3, other: 3 },
  longestSampleGapHours: 24,
};

const older = { ...tariff, version: 2, name: 'Standard, as it was' };

async function openStatement() {
  const core = fakeUsage()
    .on('connections.list', () => [
      fakeConnection(),
      fakeConnection({ id: 'rack-9', name: 'Rack 9' }),
    ])
    // the tariff is one of the other cluster
    .on('tariffs.list', ({ connectionId }) => (connectionId === 'rack-9' ? [tariff] : []))
    .on('tariffs.versions', () => [tariff, older])
    .on('statements.issued', () => ({ total: 0, rows: [] }))
    .on('statements.make', () => statement)
    .on('customers.list', () => ({ total: 0, rows: [], asOf: null }))
    .on(
      'customers.get',
      () => ({ customerId: '7', company: '', name: 'Example Ltd', externalId: '12' }) as never,
    );
  const view = renderConsole(core, '/c/rack-7/customers/statements?make=7&month=2026-10');
  const charges = await screen.findByRole('table', { name: 'Charges' });
  return { view, charges };
}

test('each line of a customer’s statement leads to the days it was added up from, of its user and item', async () => {
  const { charges } = await openStatement();
  // of the fees together, not of each
  expect(within(charges).getAllByText(/^Assumed for the whole period/)).toHaveLength(1);
  const words = { Stored: 'stored', Out: 'downloaded', In: 'uploaded', Get: 'get', Put: 'put' };
  const all = { ...words, List: 'list', Other: 'other' };
  for (const [name, item] of Object.entries(all)) {
    const link = within(charges).getByRole('link', { name });
    const { pathname, searchParams } = new URL(link.getAttribute('href') ?? '', 'http://console');
    const page = item === 'stored' ? 'usage/storage' : 'usage';
    expect([name, pathname]).toEqual([name, `/c/rack-7/${page}`]);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ ...period, user: userId, by: 'day', period: 'custom' },
      line: expect.stringMatching(new RegExp(`^${item}~.*~8000000000~${userId}$`)),
      back: '/c/rack-7/customers/statements?make=7&month=2026-10',
    });
  }
});

test.each(['Out', 'Stored'])('the line "%s" opens its days, and leads back', async (name) => {
  const { view, charges } = await openStatement();
  await userEvent.click(within(charges).getByRole('link', { name }));
  const note = await screen.findByRole('region', { name: 'Line of the statement' });
  expect(note).toHaveTextContent(`Line of the statement: ${name}`);
  await userEvent.click(screen.getByRole('link', { name: 'Back to statement' }));
  await waitFor(() => expect(view.address()).toContain('/customers/statements?make=7'));
});

test.each([
  ['the base fee', 'Base fee'],
  ['what is missing to the minimum', 'Up to the minimum'],
  ['what was included', / used, .* included$/],
])('%s opens the tariff as it was, on the cluster that has it', async (_what, name) => {
  const { view, charges } = await openStatement();
  const links = await within(charges).findAllByRole('link', { name });
  // included amounts are of each kind of line
  expect(links).toHaveLength(typeof name === 'string' ? 1 : chargedItems.length);
  if (links[0]) await userEvent.click(links[0]);
  expect(view.address()).toMatch(/^\/c\/rack-9\/usage\/tariffs\?tariff=standard&version=2&/);
  expect(await screen.findByRole('heading', { name: 'Standard, as it was' })).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: 'Back to statement' }));
  await waitFor(() => expect(view.address()).toContain('/customers/statements?make=7'));
});
