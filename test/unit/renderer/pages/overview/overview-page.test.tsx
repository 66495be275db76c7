import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { sumWords } from '#renderer/pages/overview/overview-page.tsx';
import { idleWords } from '#renderer/pages/usage/shared/completeness.tsx';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf, fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fakeEntry, fakeOperations } from '#test/fakes/fake-operations.ts';
import { fakeSummary, fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../render-console.tsx';

const address = '/c/rack-7/overview';

function overview(update: Partial<CallOutput<'sync.overview'>> = {}): CallOutput<'sync.overview'> {
  return {
    asOf: fakeAsOf,
    users: 100_000,
    disabledUsers: 5926,
    buckets: 500_000,
    emptyBuckets: 25_057,
    currentBytes: '376837236326236160',
    peakBytes: '376837236326236160',
    largestUsers: [{ userId: 'ab', email: 'a@example.com', buckets: 3, currentBytes: 2048 }],
    largestBuckets: [
      { name: 'films', ownerId: 'ab', ownerEmail: 'a@example.com', currentBytes: 2048 },
    ],
    newestBuckets: [{ name: 'new', ownerId: 'cd', ownerEmail: null, createdAt: fakeAsOf }],
    ...update,
  };
}

test('shows the figures, each leading to its list', async () => {
  const core = fakeCluster().on('sync.overview', () => overview());
  const view = renderConsole(core, address);
  expect(await screen.findByText('100,000')).toBeVisible();
  expect(screen.getByRole('link', { name: '5,926 disabled' })).toBeVisible();
  expect(screen.getAllByText('334.7')).toHaveLength(2);
  expect(screen.getByText('owner not known')).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: '25,057 empty' }));
  expect(view.address()).toBe('/c/rack-7/buckets?content=empty');
});

test('tells what failed where the cluster was never read', async () => {
  const error = new AppError({
    code: 'NAME_NOT_RESOLVED',
    message: 's3.rack7.example is not known to the name servers.',
    hint: 'Check the spelling.',
  });
  const core = fakeCluster()
    .on('sync.overview', () => overview({ asOf: null }))
    .on('sync.status', () =>
      fakeStatus({ state: 'offline', asOf: null, error: error.toData(), users: 0, buckets: 0 }),
    )
    .on('sync.refresh', () => {
      throw error;
    });
  renderConsole(core, address);
  const panel = await screen.findByRole('alert');
  expect(within(panel).getByText('Rack 7 has not been read yet')).toBeVisible();
  expect(within(panel).getByText(error.message)).toBeVisible();
  expect(within(panel).getByRole('link', { name: 'Check the connection' })).toBeVisible();
});

test('asks for the secret key where there is none', async () => {
  const core = fakeCluster(0, fakeConnection({ hasCredential: false }))
    .on('sync.overview', () => overview({ asOf: null }))
    .on('sync.status', () => fakeStatus({ state: 'never', asOf: null }));
  const view = renderConsole(core, address);
  await userEvent.click(await screen.findByRole('link', { name: 'Enter the secret key' }));
  expect(view.address()).toBe('/connections/rack-7');
  expect(core.inputsOf('sync.refresh')).toEqual([]);
});

test('says why the gateway can’t be reached while it shows what was last seen', async () => {
  const error = new AppError({
    code: 'TIMED_OUT',
    message: 'The gateway did not answer within 10 seconds.',
    hint: 'Try again.',
  });
  const core = fakeCluster()
    .on('sync.overview', () => overview())
    .on('sync.status', () => fakeStatus({ state: 'offline', error: error.toData() }))
    .on('sync.refresh', () => {
      throw error;
    });
  renderConsole(core, address);
  expect(await screen.findByText('100,000')).toBeVisible();
  expect(await screen.findByText(/did not answer within 10 seconds/)).toBeVisible();
});

test('names the owner of a new bucket by id where it has no e-mail', async () => {
  const newest = { name: 'new', ownerId: '00000000000000cd', ownerEmail: '', createdAt: fakeAsOf };
  const core = fakeCluster().on('sync.overview', () => overview({ newestBuckets: [newest] }));
  renderConsole(core, address);
  expect(await screen.findByText('00000000000000cd')).toBeVisible();
});

test.each([
  [0, 'in all buckets'],
  [1, "without 1 bucket whose size can't be true"],
  [2, "without 2 buckets whose sizes can't be true"],
  [1200, "without 1,200 buckets whose sizes can't be true"],
])('sums say that %d sizes are left out', async (unknownSizes, words) => {
  expect(sumWords({ unknownSizes })).toBe(words);
  renderConsole(
    fakeCluster().on('sync.overview', () => overview({ unknownSizes })),
    address,
  );
  expect(await screen.findByText(words)).toBeVisible();
});

test('a sum of which no part is known is unknown, not zero', async () => {
  const none = { unknownSizes: 3, buckets: 3, currentBytes: 0, peakBytes: 0 };
  renderConsole(
    fakeCluster().on('sync.overview', () => overview(none)),
    address,
  );
  expect(await screen.findAllByText('Unknown')).toHaveLength(2);
});

test('a month without data is not one without traffic', () => {
  const coverage = { final: false, state: 'empty', coveredHours: 0, silentHours: 0 } as Parameters<
    typeof idleWords
  >[0];
  expect(idleWords(coverage)).toBe('nothing is collected');
  // Hours are known to be missing, and not one of the month is on record.
  expect(idleWords({ ...coverage, state: 'gaps' })).toBe('nothing is collected');
  const some = { ...coverage, coveredHours: 5 };
  expect(idleWords({ ...some, state: 'gaps' })).toBe(
    'no traffic in the hours that are collected, not complete',
  );
  expect(idleWords({ ...some, state: 'open' })).toBe('no traffic so far, still in progress');
  expect(idleWords({ ...some, state: 'final', final: true })).toBe('no traffic, complete');
});

describe('first steps', () => {
  const summary = { ...fakeSummary(), listedAt: null };
  const fresh = () =>
    fakeCluster(3)
      .on('sync.overview', () => overview())
      .on('storage.lastSample', () => ({ sampledAt: fakeAsOf }))
      .on('usage.schedule', () => ({
        ...{ everyMinutes: null, removeCollected: false, removalHeldBack: null },
        ...{ lastRunAt: null, nextRunAt: null },
      }))
      .on('usage.coverage', () => ({ summary, services: [], gaps: [] }) as never)
      .on('inventory.status', () => ({
        ...{ users: 3, usersKnown: 3, buckets: 0, bucketsKnown: 0, oldest: null, newest: null },
        ...{ taskId: null, unfinished: false },
      }))
      .on('archive.backups', () => [])
      .on('tariffs.list', () => []);
  const soon = () => new Date().toISOString();
  const steps = () => screen.findByRole('list', { name: 'First steps of this cluster' });

  test('are ticked by what is stored, and each other one has its action', async () => {
    const view = renderConsole(fresh(), address);
    const items = within(await steps()).getAllByRole('listitem');
    const done = items.filter((item) => within(item).queryByRole('img', { name: 'Done' }));
    expect(done.map((item) => item.querySelector('strong')?.textContent)).toEqual([
      ...['Connection tested', 'Refreshed, sizes sampled', 'Keys, limits and system users known'],
    ]);
    await userEvent.click(screen.getByRole('link', { name: 'Set up collection' }));
    expect(view.address()).toBe('/c/rack-7/usage/collection');
  });

  test('stay away once dismissed', async () => {
    renderConsole(fresh(), address);
    await steps();
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss for good' }));
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull();
    expect(usePreferences.getState().firstStepsDismissed).toEqual(['rack-7']);
  });

  test('go once all are done', async () => {
    let tariffs: never[] = [];
    const core = fresh()
      .on('usage.coverage', () => ({ summary: fakeSummary({ listedAt: soon() }) }) as never)
      .on('archive.backups', () => [{}] as never)
      .on('tariffs.list', () => tariffs);
    renderConsole(core, address);
    expect(await screen.findByText('5 of 6 done')).toBeVisible();
    tariffs = [{}] as never[];
    act(() => {
      const payload = { connectionId: 'rack-7', topics: ['tariffs' as const] };
      core.emit({ name: 'data.changed', payload });
    });
    await waitFor(() => expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull());
  });
});

test.each([
  [0, 'Nothing needs attention.'],
  [
    40,
    'Nothing needs attention in what was read. Keys, limits and quotas of 40 users are not loaded yet.',
  ],
])('of %i users that were not read it does not say that all is well', async (unread, words) => {
  const none = { information: 0, warning: 0, critical: 0 };
  const core = fakeCluster()
    .on('sync.overview', () => overview())
    .on(
      'signals.list',
      () =>
        ({
          ...{ total: 0, rows: [], counts: none, snoozed: 0, overtaken: 0, kinds: [] },
          ...{ at: fakeAsOf, incomplete: [] },
        }) as never,
    )
    .on('inventory.status', () => ({
      ...{ users: 50, usersKnown: 50 - unread, buckets: 0, bucketsKnown: 0, oldest: null },
      ...{ newest: null, taskId: null, unfinished: false },
    }));
  renderConsole(core, address);
  expect(await screen.findByText(words)).toBeVisible();
  // after a collection the answer of before says nothing
  core.on('signals.list', () => new Promise<never>(() => undefined));
  act(() => {
    const payload = { connectionId: 'rack-7', topics: ['usage' as const] };
    core.emit({ name: 'data.changed', payload });
  });
  expect(await screen.findByText('Checking what was read…')).toBeVisible();
  expect(screen.queryByText(words)).toBeNull();
});

test('says what a term means and where its figure is from, by keyboard', async () => {
  renderConsole(
    fakeCluster().on('sync.overview', () => overview()),
    address,
  );
  const button = await screen.findByRole('button', { name: 'What is “Peak”?' });
  button.focus();
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByText(/hmax/)).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByText(/hmax/)).toBeNull());
  expect(button).toHaveFocus();
});

test('the storage trend says of when its size is, never that an older one is of now', async () => {
  const core = fakeCluster()
    .on('sync.overview', () => overview())
    .on('storage.history', () => ({
      points: [
        { at: '2026-11-01T00:00:00.000Z', bytes: 1_073_741_824 },
        { at: '2026-11-21T00:00:00.000Z', bytes: 2_147_483_648 },
      ],
      firstBytes: 1_073_741_824,
      lastBytes: 2_147_483_648,
      growthBytes: 1_073_741_824,
      bytesPerDay: null,
      stored: null,
      byteHours: null,
      density: { samples: 2, medianGapSeconds: 1, longestGapSeconds: 1, covered: 1, words: '' },
      daysToQuota: null,
    }));
  renderConsole(core, '/c/rack-7/overview');
  const part = await screen.findByRole('region', { name: 'Storage, 30 days' });
  expect(await within(part).findByText(/as of .+ since /)).toHaveTextContent(
    /^2\.00 GiB as of .*21.*, \+1\.00 GiB since .*1/,
  );
});

test('has traffic, risers and fallers, the last changes and the coverage of statistics', async () => {
  const mover = { userId: 'ab', email: 'riser@example.com', bytes: 3_221_225_472 };
  const core = fakeOperations()
    .like(fakeUsage())
    .on('sync.overview', () => overview())
    .on('journal.list', () => ({ total: 12, rows: [fakeEntry()] }))
    .on('storage.movers', () => ({
      compared: true,
      risers: [{ ...mover, change: 1_073_741_824 }],
      fallers: [{ ...mover, userId: 'cd', email: 'faller@example.com', change: -2_147_483_648 }],
    }));
  renderConsole(core, address);
  const holds = async (title: string, ...words: RegExp[]) => {
    const part = await screen.findByRole('region', { name: title });
    for (const one of words) await waitFor(() => expect(part).toHaveTextContent(one));
  };
  await holds('Traffic, 30 days', /in the last 7 days, .+ against the week before/);
  await holds(
    'Risers and fallers, 7 days',
    /riser@example\.com\+1\.00 GiB/,
    /faller@example\.com−2\.00 GiB/,
  );
  await holds('Last changes', new RegExp(fakeEntry().title), /All 12 entries/);
  await holds('Usage coverage, 7 days', /^Usage coverage, 7 daysComplete: all 1,488 gateway hours/);
});
