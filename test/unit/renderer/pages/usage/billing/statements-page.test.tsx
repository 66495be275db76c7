import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, test, vi } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakePayers, fakeSummary, fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../../render-console.tsx';

type Statement = CallOutput<'statements.make'>;
type Tariff = CallOutput<'tariffs.get'>;

const prices = {
  validFrom: '2026-01-01',
  storedPerGbHour: '0.00315',
  downloadedPerGb: '4.5',
  uploadedPerGb: '0',
  putPerThousand: '0.5',
  getPerThousand: '0.04',
  listPerThousand: '0.5',
  otherPerThousand: '0',
};

const tariff: Tariff = {
  pricesIn: 'currency',
  tariffId: 'standard',
  version: 2,
  savedAt: '2026-01-01T00:00:00.000Z',
  name: 'Standard',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal',
  prices: [prices],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
  longestSampleGapHours: 24,
};

const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };

function statement(update: Partial<Statement> = {}): Statement {
  return {
    state: 'final',
    reasons: [],
    unknown: [],
    tariffId: 'standard',
    tariffVersion: 2,
    tariffName: 'Standard',
    currency: 'EUR',
    minorDigits: 2,
    gigabyte: 'decimal',
    ...period,
    users: [
      {
        userId: '0000000000000001',
        email: 'user-000001@example.com',
        amount: 123_456,
        lines: [
          {
            item: 'downloaded',
            ...period,
            quantity: '9007199254740993',
            free: '10000000000',
            billable: '9007189254740993',
            billableUnits: '9007189.254740',
            unit: 'GB',
            price: '4.5',
            amount: 123_456,
          },
        ],
      },
    ],
    total: 123_456,
    coverage: fakeSummary(),
    sources: { objects: 1488, digest: 'c'.repeat(64) },
    ...update,
  };
}

const address = '/c/rack-7/usage/statements?period=custom&from=2026-10-01&to=2026-11-01';

test('a statement says total and state; every line leads to its sources', async () => {
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () => statement());
  const view = renderConsole(core, address);
  expect(await screen.findByText('1,234.56 EUR')).toBeVisible();
  expect(screen.getByText('Final')).toBeVisible();
  const grid = screen.getByRole('grid', { name: 'Users of the statement' });
  await userEvent.click(await within(grid).findByText('user-000001@example.com'));
  const lines = await screen.findByRole('table', { name: 'Charges' });
  const quantity = within(lines).getByText('9,007,199.254 GB used, 10 GB included');
  expect(quantity.parentElement).toHaveTextContent('9,007,189.254 GB');
  expect(quantity.parentElement?.dataset.hint).toBe(
    '9,007,199,254,740,993 bytes, of these 10,000,000,000 bytes included',
  );
  await userEvent.click(within(lines).getByRole('link', { name: 'Out' }));
  expect(view.address()).toContain('user=0000000000000001');
  expect(await screen.findByRole('grid', { name: 'Usage by day' })).toBeVisible();
  // other parts of Usage keep the way back
  await userEvent.click(screen.getByRole('link', { name: 'Storage' }));
  await userEvent.click(await screen.findByRole('link', { name: 'Back to statement' }));
  expect(view.address()).toBe(`${address}&open=0000000000000001`);
});

test('statements by user say what they are for, and warn of a second bill', async () => {
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () => {
      const [user] = statement().users as [Statement['users'][number]];
      const other = { ...user, userId: '0000000000000002', email: 'user-000002@example.com' };
      const fee = { kind: 'base', ...period, price: '5', months: '1', amount: 500 } as const;
      return statement({ users: [user, other], fees: [fee] });
    })
    .on('statements.payers', () =>
      fakePayers({
        ...{ users: 1, customers: 2, issued: 1 },
        first: [
          { customerId: '7', name: 'Amber & Energy', number: 'S-2026-00001' },
          { customerId: '8', name: 'River Travel', number: null },
        ],
      }),
    );
  const view = renderConsole(core, address);
  expect(
    await screen.findByText(/^By user, on this cluster alone: for users that belong to no/),
  ).toBeVisible();
  expect(screen.getByRole('link', { name: 'Customers, Statements' })).toHaveAttribute(
    'href',
    '/c/rack-7/customers/statements',
  );
  expect((await screen.findByText('Billed elsewhere')).parentElement).toHaveTextContent(
    'The total is not that of the customers’ statements: it has 1 user without a customer, and base fees and minimums of each user for the whole period',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Issue statement' }));
  const dialog = await screen.findByRole('dialog');
  const warning = await within(dialog).findByRole('status');
  expect(warning).toHaveTextContent(
    'A second bill for the same data1 user of this statement belongs to 2 customers, billed for the same data by their own statements (1 statement of this period issued already): Amber & Energy (S-2026-00001), River Travel.',
  );
  expect(core.inputsOf('statements.payers')).toContainEqual({
    ...{ connectionId: 'rack-7', userIds: ['0000000000000001', '0000000000000002'] },
    ...period,
  });
  await userEvent.click(within(warning).getByRole('link', { name: 'the customers’ statements' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(view.address()).toContain('/customers/statements');
});

test('a statement by user is of a UTC month, as those of customers are', async () => {
  vi.stubEnv('TZ', 'America/New_York');
  onTestFinished(() => void vi.unstubAllEnvs());
  usePreferences.setState({ clock: 'local' });
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () => statement());
  renderConsole(core, '/c/rack-7/usage/statements');
  expect(await screen.findByText('1,234.56 EUR')).toBeVisible();
  const [{ from, to } = { from: '', to: '' }] = core.inputsOf('statements.make') as {
    from: string;
    to: string;
  }[];
  expect([from, to].map((time) => time.slice(8))).toEqual(['01T00:00:00.000Z', '01T00:00:00.000Z']);
  expect(screen.queryByRole('radiogroup', { name: /Which clock/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Issue statement' }));
  expect(await screen.findByRole('dialog')).toHaveTextContent('PeriodOctober 2026');
});

test('a statement of users without a customer warns of nothing', async () => {
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () => statement());
  renderConsole(core, address);
  await userEvent.click(await screen.findByRole('button', { name: 'Issue statement' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText(/gets a number and is kept/)).toBeVisible();
  await waitFor(() => expect(core.inputsOf('statements.payers')).toHaveLength(1));
  expect(within(dialog).queryByRole('status')).toBeNull();
  expect(screen.queryByText('Billed elsewhere')).toBeNull();
});

test('a draft says why, and is never exported as final', async () => {
  const reason = 'Not complete: of 1,488 gateway hours 3 missing.';
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () => statement({ state: 'draft', reasons: [reason] }))
    .on('statements.export', () => ({
      fileName: 'statement-draft.csv',
      mediaType: 'text/csv',
      rows: 1,
      bytes: 10,
      writtenTo: '/srv/statement-draft.csv',
    }));
  renderConsole(core, address);
  expect(await screen.findByText('Draft, not final')).toBeVisible();
  expect(screen.getByText(reason)).toBeVisible();
  expect(screen.queryByText('Final')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Export draft' }));
  expect(await screen.findByText(/It can’t be final yet/)).toBeVisible();
  await userEvent.click(screen.getByRole('menuitem', { name: 'CSV' }));
  await waitFor(() =>
    expect(core.inputsOf('statements.export')).toMatchObject([
      { format: 'csv', requireFinal: false },
    ]),
  );
});

test('says what statistics objects reach over the end of the period', async () => {
  const words = '2 statistics objects reach up to 30 min over the end of the period.';
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () =>
      statement({
        overlaps: [
          {
            at: 'end',
            objects: 2,
            seconds: 1800,
            uploaded: 10,
            downloaded: 20,
            operations: 3,
            words,
          },
        ],
      }),
    );
  renderConsole(core, address);
  expect(await screen.findByText(words)).toBeVisible();
});

test('a month of which nothing is on record has no amount, and says so', async () => {
  const reason = 'No statistics were collected for this period.';
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () =>
      statement({
        state: 'no-data',
        total: null,
        users: [],
        reasons: [reason],
        unknown: ['traffic', 'stored'],
      }),
    );
  renderConsole(core, address);
  expect(await screen.findByText('No data for this period')).toBeVisible();
  expect(screen.getByText(reason)).toBeVisible();
  expect(screen.queryByText(/0\.00/)).toBeNull();
  expect(screen.queryByText(/Nobody used/)).toBeNull();
  expect(screen.queryByRole('button', { name: /Export/ })).toBeNull();
});

test('amounts for what is not on record are unknown, not zero', async () => {
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('statements.make', () =>
      statement({ state: 'draft', reasons: ['No sizes were recorded.'], unknown: ['stored'] }),
    );
  renderConsole(core, address);
  const grid = await screen.findByRole('grid', { name: 'Users of the statement' });
  expect(await within(grid).findAllByTitle(/^Unknown/)).toHaveLength(1);
});

test('without a tariff leads to making one', async () => {
  const view = renderConsole(
    fakeUsage().on('tariffs.list', () => []),
    address,
  );
  await userEvent.click(await screen.findByRole('link', { name: 'Create a tariff' }));
  expect(view.address()).toContain('/usage/tariffs');
});

test('prices begin at an hour of UTC, as bills count, where they are read and where they are entered', async () => {
  const [first] = tariff.prices as [(typeof tariff.prices)[0]];
  const begins = (validFrom: string) => ({ ...first, validFrom });
  const prices = [
    begins('2026-01-01T00:00:00.000Z'),
    begins('2026-10-01T00:00:00+02:00'),
    begins('2026-11-01T00:00:00.000Z'),
  ];
  const core = fakeUsage()
    .on('tariffs.list', () => [{ ...tariff, prices }])
    .on('tariffs.versions', () => [{ ...tariff, prices }]);
  renderConsole(core, '/c/rack-7/usage/tariffs');
  expect(await screen.findByText('From 2026-09-30 22:00 UTC')).toBeVisible();
  expect(screen.getByText('From 2026-11-01 UTC')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
  expect(screen.getAllByText('Midnight UTC, as billing months')).toHaveLength(3);
});

test('a tariff is edited into its next version', async () => {
  const core = fakeUsage()
    .on('tariffs.list', () => [tariff])
    .on('tariffs.versions', () => [tariff])
    .on('tariffs.save', () => ({ ...tariff, version: 3 }));
  renderConsole(core, '/c/rack-7/usage/tariffs');
  await userEvent.click(await screen.findByRole('button', { name: 'Edit' }));
  const price = screen.getByLabelText('Out, per GB');
  const sample = () => within(screen.getByRole('table', { name: 'Sample bill' }));
  expect(sample().getByRole('row', { name: /^Out / })).toHaveTextContent(/450\.00$/);
  await userEvent.clear(price);
  await userEvent.click(screen.getByRole('button', { name: 'Save version 3' }));
  expect(screen.getByText('Enter a number.')).toBeVisible();
  await userEvent.type(price, '3,9');
  expect(sample().getByRole('row', { name: /^Out / })).toHaveTextContent(/390\.00$/);
  await userEvent.click(screen.getByRole('button', { name: 'Save version 3' }));
  await waitFor(() =>
    expect(core.inputsOf('tariffs.save')).toMatchObject([
      {
        tariffId: 'standard',
        tariff: { pricesIn: 'currency', prices: [{ downloadedPerGb: '3.9' }] },
      },
    ]),
  );
});
