import { describe, expect, it } from 'vitest';
import { hour, minute } from '#shared/durations.ts';
import { CollectingConsole } from '#test/fakes/collecting-console.ts';

const usage = { usage: 60, usageServices: 1, hugeCounters: false };

/** Names of the objects that the gateway has not declared over by its own clock. */
function growing({ state }: CollectingConsole['simulator']): string[] {
  const { usage: store } = state;
  return store
    .allRecords()
    .filter((record) => store.isGrowing(record))
    .map(({ name }) => name);
}

/** Names of the objects whose period ended less than `rest` ago by the gateway's clock. */
function endedWithin(console_: CollectingConsole, rest: number): string[] {
  const { state, clockSkewMs } = console_.simulator;
  const since = Date.now() + clockSkewMs - rest;
  return state.usage
    .allRecords()
    .filter(({ startTs, period }) => (startTs + Math.max(period, 1800)) * 1000 > since)
    .map(({ name }) => name);
}

const deletedOf = ({ simulator }: CollectingConsole): string[] =>
  simulator.log.acted('usage.removed').flatMap(({ acted }) => acted.map(({ target }) => target));

describe('deleting and settling by the earlier of two clocks', () => {
  it.each([
    ['an hour ahead, which the gateway ignores', -hour, 'ignored'],
    ['14 minutes ahead, which the gateway puts up with', -14 * minute, 'refused'],
    ['an hour behind, which the gateway ignores', hour, 'ignored'],
    ['right', 0, 'refused'],
  ] as const)('loses nothing with a clock that is %s', async (_, clockSkewMs, clockSkew) => {
    // The newest period continues for as long as this test takes, also where one ends just now.
    const now = Date.now() + clockSkewMs + minute;
    await using console_ = await CollectingConsole.start({
      ...usage,
      now,
      clockSkewMs,
      variants: { clockSkew },
    });
    const young = endedWithin(console_, 45 * minute + Math.abs(clockSkewMs));
    const unfinished = growing(console_.simulator);
    expect(unfinished.length).toBeGreaterThan(0);
    const result = await console_.collect({ removeCollected: true });
    expect(result.failed).toBe(0);
    const deleted = deletedOf(console_);
    expect(deleted.length).toBeGreaterThan(40);
    expect(deleted.filter((name) => young.includes(name))).toEqual([]);
    const known = await console_.archive.read('findArchived', { names: young });
    expect(known.filter(({ settled }) => settled)).toEqual([]);
    expect(known.filter(({ name }) => unfinished.includes(name))).toEqual([]);
    if (clockSkewMs === 0)
      expect(result.clock).toEqual({ dates: 'all', aheadSeconds: null, words: null });
    else {
      // how long an answer was on its way is in it
      const found = (result.clock.aheadSeconds ?? 0) + clockSkewMs / 1000;
      expect(Math.abs(found)).toBeLessThanOrEqual(60);
      expect(result.clock.words).toContain(clockSkewMs < 0 ? 'ahead of' : 'behind');
    }
    // When all have rested, the sums are the whole truth and nothing is left there.
    console_.simulator.state.usage.settle();
    const later = Date.now() + 5 * hour;
    console_.simulator.clockSkewMs = 5 * hour + Math.min(0, clockSkewMs);
    console_.simulator.variants.clockSkew = 'ignored';
    await console_.collect({ removeCollected: true, now: () => later });
    await console_.expectTruth();
    expect(console_.simulator.state.usage.names()).toEqual([]);
  });

  it('deletes and settles nothing where the gateway sends no Date, and says so', async () => {
    await using console_ = await CollectingConsole.start({
      ...usage,
      variants: { dateHeader: 'none' },
    });
    const result = await console_.collect({ removeCollected: true });
    expect(result).toMatchObject({
      collected: 60,
      removed: 0,
      unsettled: 60,
      removalHeldBack: 'no-date',
      clock: { dates: 'none', aheadSeconds: null },
    });
    expect(result.clock.words).toContain('No answer of the gateway had a Date');
    expect(deletedOf(console_)).toEqual([]);
    await console_.expectTruth();

    console_.simulator.variants.dateHeader = 'sent';
    expect(await console_.collect({ removeCollected: true })).toMatchObject({
      collected: 0,
      removed: 60,
      removalHeldBack: null,
      clock: { dates: 'all', words: null },
    });
  });

  it('reads what it settled once more, and keeps what differs by then', async () => {
    await using console_ = await CollectingConsole.start({
      ...usage,
      variants: { usageChanges: true },
    });
    const result = await console_.collect({ removeCollected: true });
    expect(result).toMatchObject({ collected: 60, removed: 0, failed: 60 });
    expect(result.failures[0]).toMatchObject({ stage: 'conflict' });
    expect(deletedOf(console_)).toEqual([]);

    console_.simulator.variants.usageChanges = false;
    expect(await console_.archive.read('openVariants', undefined as never)).toHaveLength(60);
  });

  it('reads every object twice before it deletes it', async () => {
    await using console_ = await CollectingConsole.start(usage);
    await console_.collect({ removeCollected: true });
    const readings = new Map<string, number>();
    for (const { method, query, acted } of console_.simulator.log.entries) {
      const name = decodeURIComponent(/obj=([^&]*)/.exec(query)?.[1] ?? '');
      if (method === 'GET') readings.set(name, (readings.get(name) ?? 0) + 1);
      for (const { target } of acted) expect(readings.get(target), target).toBe(2);
    }
    expect(deletedOf(console_)).toHaveLength(60);
  });
});
