import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { fakeAsOf, fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

type Row = CallOutput<'signals.list'>['rows'][number];

const quota: Row = {
  signalId: 'rack-7/quota/ab',
  connectionId: 'rack-7',
  connectionName: 'Rack 7',
  kind: 'quota',
  title: 'Quota reached or near',
  severity: 'critical',
  subject: { kind: 'user', id: 'ab', name: 'a@example.com' },
  since: fakeAsOf,
  evidence: ['Stores 93.1 GiB, 105 % of 95 GB.'],
  page: 'users/ab',
  weight: 1,
  money: { amount: 204800, currency: 'EUR', minorDigits: 2, per: 'month', tariffName: 'Standard' },
  action: {
    label: 'Raise quota',
    operation: 'quotas.set',
    input: { target: { user: 'ab' }, sizeGb: '130' },
  },
};
const late: Row = {
  ...quota,
  signalId: 'rack-7/collection-late/cluster',
  kind: 'collection-late',
  title: 'Collection late',
  severity: 'warning',
  subject: { kind: 'cluster', id: 'cluster', name: 'Rack 7' },
  evidence: ['Statistics were last collected 30 hours ago.'],
  page: 'usage/collection',
  money: undefined,
  action: { label: 'Collect now', page: 'usage/collection' },
};

const glance: CallOutput<'signals.clusters'>[number] = {
  ...{ connectionId: 'rack-7', name: 'Rack 7', environment: 'lab', demo: false, state: 'online' },
  ...{ asOf: fakeAsOf, users: 3, buckets: 4, bytes: 2 ** 41, growthBytes: -(2 ** 40) },
  ...{ uploaded: 1024, downloaded: 2048, signals: { critical: 1, warning: 1, information: 0 } },
  ...{ snoozed: 2, coverage: { covered: 150, expected: 168, missing: 18 } },
  ...{ collectedAt: fakeAsOf, certificateDays: 12 },
};

function listed(rows: Row[]) {
  return ({ filter = {} }: CallInput<'signals.list'>): CallOutput<'signals.list'> => {
    const shown = rows.filter(
      ({ severity, snoozed }) =>
        (filter.severity ?? severity) === severity &&
        (snoozed !== undefined) === (filter.snoozed ?? false),
    );
    const counts = { critical: 1, warning: 1, information: 0 };
    return { total: shown.length, snoozed: 0, counts, rows: shown, incomplete: [] };
  };
}

function core(rows = [quota, late]) {
  return fakeCluster()
    .on('signals.clusters', () => [glance])
    .on('signals.list', listed(rows))
    .on('operations.catalogue', () => []);
}

test('shows every cluster in a row, and signals that lead to their evidence', async () => {
  const view = renderConsole(core(), '/morning');
  const row = within(await screen.findByRole('row', { name: /^Rack 7/ }));
  expect(row.getByText('−1.00 TiB')).toBeVisible();
  expect(row.getByText('1 critical')).toBeVisible();
  expect(row.getByText('2 snoozed')).toBeVisible();
  expect(row.getByRole('link', { name: '89 %' })).toBeVisible();
  expect(row.getByText('12 days')).toBeVisible();
  const signals = within(await screen.findByRole('list', { name: 'Signals of all clusters' }));
  expect(signals.getByText('Stores 93.1 GiB, 105 % of 95 GB.')).toBeVisible();
  // the amount where a tariff is known, and nothing where none is
  expect(signals.getAllByText(/^At risk/).map(({ textContent }) => textContent)).toEqual([
    'At risk: 2,048.00 EUR a month',
  ]);
  await userEvent.click(signals.getByRole('link', { name: 'a@example.com' }));
  expect(view.address()).toBe('/c/rack-7/users/ab');
});

test('opens the fix as the dialog of its operation, filled in and previewed', async () => {
  const fake = core().on('quotas.get', () => ({
    set: true,
    sizeGb: 100,
    asOf: fakeAsOf,
    source: 'gateway',
  }));
  renderConsole(fake, '/morning');
  await userEvent.click(await screen.findByRole('button', { name: 'Raise quota: a@example.com' }));
  expect(await screen.findByRole('textbox', { name: /^Quota in GB/ })).toHaveValue('130');
  await expect
    .poll(() => fake.inputsOf('operations.preview').at(-1))
    .toMatchObject({
      operation: 'quotas.set',
      input: { target: { user: 'ab' }, sizeGb: '130' },
    });
});

test('snoozes by keyboard alone, with a reason', async () => {
  const fake = core().on('signals.snooze', ({ signalId }) => ({ signalId, snoozed: null }));
  renderConsole(fake, '/morning');
  const snooze = await screen.findByRole('button', { name: /^Snooze Quota reached/ });
  snooze.focus();
  await userEvent.keyboard('{Enter}');
  const reason = await screen.findByRole('textbox', { name: /^Reason/ });
  expect(screen.getByRole('button', { name: 'Snooze signal' })).toBeDisabled();
  reason.focus();
  await userEvent.keyboard('Ordered more{Enter}');
  await expect
    .poll(() => fake.inputsOf('signals.snooze'))
    .toMatchObject([{ signalId: 'rack-7/quota/ab', reason: 'Ordered more' }]);
});

test('narrows to a severity, and says so where nothing is left', async () => {
  renderConsole(core([late]), '/morning');
  await userEvent.click(await screen.findByRole('radio', { name: /^Critical/ }));
  expect(await screen.findByText('Nothing needs attention')).toBeVisible();
  await userEvent.click(screen.getByRole('radio', { name: /^Warnings/ }));
  expect(await screen.findByRole('link', { name: 'Collect now: Rack 7' })).toBeVisible();
});

test('names a cluster that can’t be read, and what is not known', async () => {
  const error = {
    code: 'ARCHIVE_DAMAGED',
    message: 'The archive is damaged.',
    hint: 'Restore a backup.',
    retryable: false,
  } as const;
  const fake = core()
    .on('signals.clusters', () => [{ ...glance, error }])
    .on('signals.list', (input) => ({
      ...listed([])(input),
      incomplete: [
        { connectionId: 'rack-7', connectionName: 'Rack 7', reason: 'The archive is damaged.' },
      ],
    }));
  renderConsole(fake, '/morning');
  expect(await screen.findByText(/Restore a backup\./)).toBeVisible();
  expect(await screen.findByText('Rack 7: The archive is damaged.')).toBeVisible();
});

test('is reached by G A, and the overview of a cluster shows its signals and thresholds', async () => {
  const fake = core()
    .on('signals.thresholds', () => signalThresholds.parse({}))
    .on('signals.setThresholds', ({ connectionId: _id, ...thresholds }) =>
      signalThresholds.parse(thresholds),
    )
    .on('sync.overview', () => ({
      ...{ asOf: fakeAsOf, users: 1, disabledUsers: 0, buckets: 0, emptyBuckets: 0 },
      ...{ currentBytes: 0, peakBytes: 0, largestUsers: [], largestBuckets: [], newestBuckets: [] },
    }));
  const view = renderConsole(fake, '/c/rack-7/overview');
  expect(await screen.findByRole('list', { name: 'Signals of Rack 7' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Thresholds' }));
  const percent = await screen.findByRole('textbox', { name: 'Quota used from' });
  await userEvent.clear(percent);
  await userEvent.type(percent, '101');
  expect(screen.getByRole('button', { name: 'Save thresholds' })).toBeDisabled();
  await userEvent.clear(percent);
  await userEvent.type(percent, '70{Enter}');
  await expect
    .poll(() => fake.inputsOf('signals.setThresholds'))
    .toMatchObject([{ connectionId: 'rack-7', quotaPercent: 70, certificateDays: 30 }]);
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  await userEvent.keyboard('ga');
  expect(view.address()).toBe('/morning');
});
