import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { forGood, signalThresholds } from '#shared/contract/signals.ts';
import { fakeAsOf, fakeCluster, fakeGlance } from '#test/fakes/fake-cluster.ts';
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
  action: { label: 'Collect now', operation: 'usage.collect', input: {} },
};

function listed(rows: Row[]) {
  return ({ filter = {} }: CallInput<'signals.list'>): CallOutput<'signals.list'> => {
    const shown = rows.filter(
      ({ severity, snoozed }) =>
        (filter.severity ?? severity) === severity &&
        (snoozed !== undefined) === (filter.snoozed ?? false),
    );
    const counts = { critical: 1, warning: 1, information: 0 };
    const kinds = rows.map(({ kind, title }) => ({ kind, title, signals: 1 }));
    const rest = { snoozed: 0, counts, kinds, asOf: fakeAsOf, incomplete: [] };
    return { total: shown.length, rows: shown, ...rest };
  };
}

function core(rows = [quota, late]) {
  return fakeCluster()
    .on('signals.clusters', () => [fakeGlance])
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

test('offers nothing to do to a cluster that was removed meanwhile, and shows the others', async () => {
  const gone = {
    ...quota,
    connectionId: 'gone',
    connectionName: 'Gone',
    signalId: 'gone/quota/ab',
  };
  renderConsole(core([gone, late]), '/morning');
  const signals = within(await screen.findByRole('list', { name: 'Signals of all clusters' }));
  expect(signals.getByRole('button', { name: /^Collect now/ })).toBeVisible();
  expect(signals.queryByRole('button', { name: /^Raise quota/ })).toBeNull();
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
    .toMatchObject([{ signalId: 'rack-7/quota/ab', reason: 'Ordered more', severity: 'critical' }]);
});

test('snoozes until a date of one’s own, and says that it ends where the signal worsens', async () => {
  const fake = core().on('signals.snooze', ({ signalId }) => ({ signalId, snoozed: null }));
  renderConsole(fake, '/morning');
  await userEvent.click(await screen.findByRole('button', { name: /^Snooze Quota reached/ }));
  await userEvent.type(await screen.findByRole('textbox', { name: /^Reason/ }), 'Ordered');
  await userEvent.click(screen.getByRole('radio', { name: 'Until a date' }));
  expect(screen.getByText(/comes back earlier if it becomes more severe/)).toBeVisible();
  const until = screen.getByLabelText(/^Until/, { selector: 'input[type=date]' });
  fireEvent.change(until, { target: { value: '2001-01-01' } });
  expect(screen.getByRole('button', { name: 'Snooze signal' })).toBeDisabled();
  fireEvent.change(until, { target: { value: '2199-03-05' } });
  await userEvent.click(screen.getByRole('button', { name: 'Snooze signal' }));
  await expect
    .poll(() => fake.inputsOf('signals.snooze'))
    .toMatchObject([{ reason: 'Ordered', until: new Date(2199, 2, 5).toISOString() }]);
});

const failedRun: Row = {
  ...late,
  ...{ signalId: 'rack-7/runs/r1', kind: 'runs', title: 'Bulk run failed or interrupted' },
  ...{ subject: { kind: 'run', id: 'r1', name: 'Quotas' }, action: undefined },
};

test('what happened can be snoozed for good, what lasts can not', async () => {
  const fake = core([quota, failedRun]).on('signals.snooze', ({ signalId }) => ({
    ...{ signalId, snoozed: null },
  }));
  renderConsole(fake, '/morning');
  await userEvent.click(await screen.findByRole('button', { name: /^Snooze Quota reached/ }));
  await screen.findByText(/comes back earlier if it becomes more severe/);
  expect(screen.queryByRole('radio', { name: 'For good' })).toBeNull();
  await userEvent.keyboard('{Escape}');
  await userEvent.click(await screen.findByRole('button', { name: /^Snooze Bulk run failed/ }));
  await userEvent.type(await screen.findByRole('textbox', { name: /^Reason/ }), 'Known');
  await userEvent.click(screen.getByRole('radio', { name: 'For good' }));
  expect(screen.getByText(/comes back earlier if it happens again/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Snooze signal' }));
  await expect
    .poll(() => fake.inputsOf('signals.snooze'))
    .toMatchObject([{ signalId: 'rack-7/runs/r1', until: forGood, reason: 'Known' }]);
});

test.each([
  [false, /Snoozed for good by olga: Known/],
  [true, /Happened again since olga snoozed it: Known/],
])(
  'says that it was snoozed for good, and where it happened again: %s',
  async (overtaken, words) => {
    const snoozed: Row['snoozed'] = {
      ...{ until: forGood, reason: 'Known', by: 'olga', severity: 'warning', overtaken },
    };
    const fake = core().on('signals.list', (input) => ({
      ...listed([failedRun])(input),
      rows: [{ ...failedRun, snoozed }],
    }));
    renderConsole(fake, '/morning');
    expect(await screen.findByText(words)).toBeVisible();
  },
);

test.each([
  ['critical', /More severe than when olga snoozed it \(Warning\): Known/],
  ['warning', /Was more severe since olga snoozed it \(Warning\): Known/],
] as const)(
  'says that a snooze was overtaken, now %s, and offers to snooze again',
  async (severity, words) => {
    const snoozed: Row['snoozed'] = {
      ...{ until: '2199-01-01T00:00:00.000Z', reason: 'Known', by: 'olga', severity: 'warning' },
      overtaken: true,
    };
    const fake = core().on('signals.list', (input) => ({
      ...listed([quota])(input),
      rows: [{ ...quota, severity, snoozed }],
    }));
    renderConsole(fake, '/morning');
    expect(await screen.findByText(words)).toBeVisible();
    expect(screen.getByRole('button', { name: /^Snooze Quota reached/ })).toBeVisible();
  },
);

const user = { user: 'ab' };

test.each([
  ['limits.set', { target: user, limits: { bandwidthOut: 100 } }],
  ['limits.clear', { target: user }],
  ['users.disable', { userId: 'ab' }],
  ['keys.revoke', { userId: 'ab', accessKeyId: 'AK1' }],
  ['campaigns.start', { kind: 'rotate', olderThanDays: 90 }],
  ['pressure.putBack', { raiseId: 'raise-1' }],
  ['archive.backup', {}],
  ['signals.setThresholds', { field: 'workFrom' }],
] as const)('the fix %s opens a dialog, and sends nothing by itself', async (operation, input) => {
  const action = { label: 'Fix it', operation, input } as Row['action'];
  const fake = core([{ ...quota, action }]);
  renderConsole(fake, '/morning');
  await userEvent.click(await screen.findByRole('button', { name: 'Fix it: a@example.com' }));
  expect(await screen.findByRole('dialog')).toBeVisible();
  expect(fake.inputsOf(operation as 'users.disable')).toEqual([]);
});

test('sets the threshold that a signal is about, and reads again in place', async () => {
  const hours = { operation: 'signals.setThresholds', input: { field: 'workFrom' } } as const;
  const clock = { ...late, signalId: 'rack-7/clock-skew/cluster' };
  const fake = core([
    { ...quota, action: { label: 'Set working hours', ...hours } },
    { ...clock, action: { label: 'Measure again', operation: 'sync.refresh' } },
  ]).on('signals.thresholds', () => signalThresholds.parse({}));
  renderConsole(fake, '/morning');
  await userEvent.click(await screen.findByRole('button', { name: 'Measure again: Rack 7' }));
  expect(fake.inputsOf('sync.refresh')).toEqual([{ connectionId: 'rack-7' }]);
  await userEvent.click(screen.getByRole('button', { name: /^Set working hours/ }));
  expect(await screen.findByLabelText('Working hours from')).toHaveFocus();
});

test('starts a collection in place, and has further fixes in a menu', async () => {
  const limited: Row = {
    ...quota,
    ...{ signalId: 'rack-7/rate-limit/ab', kind: 'rate-limit', title: 'Rate limit reached' },
    action: { label: 'Open usage', page: '/connections/rack-7?test' },
    alternatives: [
      { label: 'Clear rate limits', operation: 'limits.clear', input: { target: { user: 'ab' } } },
    ],
  };
  const fake = core([late, limited]).on('usage.collect', () => ({ taskId: 't1' }));
  renderConsole(fake, '/morning');
  await userEvent.click(await screen.findByRole('button', { name: 'Collect now: Rack 7' }));
  await expect
    .poll(() => fake.inputsOf('usage.collect'))
    .toEqual([{ connectionId: 'rack-7', removeCollected: false }]);
  // a page of the console itself, not of the cluster
  expect(screen.getByRole('link', { name: 'Open usage: a@example.com' })).toHaveAttribute(
    'href',
    '/connections/rack-7?test',
  );
  await userEvent.click(
    screen.getByRole('button', { name: 'More for Rate limit reached: a@example.com' }),
  );
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Clear rate limits' }));
  await expect
    .poll(() => fake.inputsOf('operations.preview').at(-1))
    .toMatchObject({ operation: 'limits.clear', input: { target: { user: 'ab' } } });
});

test('narrows by cluster, kind and text, which the address keeps', async () => {
  const fake = core();
  const view = renderConsole(fake, '/morning?cluster=rack-7&severity=warning&kind=quota');
  const asked = () => fake.inputsOf('signals.list').at(-1);
  await expect
    .poll(asked)
    .toMatchObject({ connectionId: 'rack-7', filter: { severity: 'warning', kind: 'quota' } });
  await userEvent.type(await screen.findByRole('searchbox', { name: 'Search signals' }), 'ab');
  await expect.poll(asked).toMatchObject({ filter: { kind: 'quota', search: 'ab' } });
  expect(view.address()).toBe('/morning?cluster=rack-7&severity=warning&kind=quota&search=ab');
  await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(view.address()).toBe('/morning?severity=warning');
});

test('asks again for what grows old without an event, and refreshes all on request', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const fake = core().on('sync.refresh', () => ({ users: 0, buckets: 0, asOf: fakeAsOf }));
    renderConsole(fake, '/morning');
    const lists = () => fake.inputsOf('signals.list').length;
    const clusters = () => fake.inputsOf('signals.clusters').length;
    await expect.poll(() => [lists(), clusters()]).toEqual([2, 1]);
    await expect.poll(() => screen.queryByText(/^As of/)).toBeTruthy();
    vi.advanceTimersByTime(5 * 60_000);
    await expect.poll(() => [lists(), clusters()]).toEqual([4, 2]);
    fireEvent.click(screen.getByRole('button', { name: 'Refresh all' }));
    await expect
      .poll(() => fake.inputsOf('sync.refresh'))
      .toContainEqual({ connectionId: 'rack-7' });
  } finally {
    vi.useRealTimers();
  }
});

test('narrows to a severity, and says so where nothing is left', async () => {
  renderConsole(core([late]), '/morning');
  await userEvent.click(await screen.findByRole('radio', { name: /^Critical/ }));
  expect(await screen.findByText('Nothing needs attention')).toBeVisible();
  await userEvent.click(screen.getByRole('radio', { name: /^Warnings/ }));
  expect(await screen.findByRole('button', { name: 'Collect now: Rack 7' })).toBeVisible();
});

test('names a cluster that can’t be read, and what is not known', async () => {
  const error = {
    code: 'ARCHIVE_DAMAGED',
    message: 'The archive is damaged.',
    hint: 'Restore a backup.',
    retryable: false,
  } as const;
  const fake = core()
    .on('signals.clusters', () => [{ ...fakeGlance, error }])
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

test('says of how many users nothing can be said', async () => {
  const inventory = { users: 3, usersKnown: 1, buckets: 4, bucketsKnown: 0, unfinished: false };
  const fake = core([]).on('inventory.status', () => ({
    ...inventory,
    ...{ oldest: null, newest: null, taskId: null },
  }));
  renderConsole(fake, '/morning');
  expect(
    await screen.findByText(/^Rack 7: keys, limits and quotas of 2 users are not loaded yet/),
  ).toBeVisible();
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
  expect(screen.getByRole('link', { name: 'On All clusters' })).toHaveAttribute(
    'href',
    '/morning?cluster=rack-7',
  );
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

test('what was never read or collected is shown as such, neither zero nor fine', async () => {
  const unread: typeof fakeGlance = {
    ...fakeGlance,
    ...{ state: 'never', asOf: null, bytes: null, growthBytes: null, uploaded: 0, downloaded: 0 },
    ...{ signals: { critical: 0, warning: 0, information: 0 }, snoozed: 0, collectedAt: null },
    coverage: { covered: 0, expected: 0, missing: 0 },
  };
  renderConsole(
    core().on('signals.clusters', () => [unread]),
    '/morning',
  );
  const row = within(await screen.findByRole('row', { name: /^Rack 7/ }));
  expect(row.getAllByText('not collected')).toHaveLength(2);
  expect(row.queryByText('None')).toBeNull();
  expect(row.queryByText('0')).toBeNull();
});
