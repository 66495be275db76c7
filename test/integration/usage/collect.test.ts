import { afterEach, describe, expect, it, vi } from 'vitest';
import { CollectingConsole } from '#test/fakes/collecting-console.ts';

afterEach(() => void vi.useRealTimers());

describe('collectUsage', () => {
  it('archives everything once and then finds nothing to do', async () => {
    await using console_ = await CollectingConsole.start({ usage: 60 });
    expect(await console_.collect()).toMatchObject({
      collected: 60,
      skipped: 0,
      removed: 0,
      failed: 0,
    });
    await console_.expectTruth();
    expect(await console_.collect()).toMatchObject({
      collected: 0,
      skipped: 60,
      removed: 0,
      failed: 0,
    });
    await console_.expectTruth();
  });

  it('leaves alone what is growing', async () => {
    // in the middle of a period, and there it stays
    const now = Date.UTC(2026, 9, 20, 12, 10);
    vi.useFakeTimers({ toFake: ['Date'], now });
    await using console_ = await CollectingConsole.start({ usage: 60, now });
    const result = await console_.collect({ removeCollected: true });
    expect(result.growing).toBe(5);
    expect(result.collected).toBe(55);
    // Of each of the five gateways one or two have ended within the margin, by the time of day.
    expect(result.removed).toBeGreaterThanOrEqual(45);
    await console_.expectTruth();
  });

  it('deletes each object only after it was archived', async () => {
    await using console_ = await CollectingConsole.start({ usage: 60 });
    const result = await console_.collect({ removeCollected: true });
    expect(result).toMatchObject({ collected: 60, removed: 60, failed: 0, listComplete: true });
    await console_.expectTruth();
    expect(console_.simulator.state.usage.names()).toEqual([]);
    console_.expectArchivedBeforeDeleted();
  });

  it('stops deleting once it may not, and still archives the rest', async () => {
    await using console_ = await CollectingConsole.start({ usage: 60 });
    const { simulator } = console_;
    const deleted = (): number => simulator.log.acted('usage.removed').length;
    const result = await console_.collect({
      removeCollected: true,
      removalHold: () => (deleted() >= 10 ? 'locked' : null),
    });
    expect(result).toMatchObject({ collected: 60, failed: 0, removalHeldBack: 'locked' });
    expect(result.removed).toBe(deleted());
    expect(simulator.state.usage.names()).toHaveLength(60 - deleted());
    expect(deleted()).toBeLessThan(30);
    await console_.expectTruth();
    expect(await console_.collect({ removeCollected: true })).toMatchObject({
      removed: 60 - result.removed,
      removalHeldBack: null,
    });
  });

  it.each([
    ['limited pages', { usagePageSize: 7 }],
    ['names of 1970 that lead back to the start', { usagePageSize: 7, usage1970: true }],
    ['repeated names', { usagePageSize: 7, usageRepeatsNames: true }],
    ['always truncated', { usagePageSize: 7, usageTruncated: 'always' }],
    ['never truncated', { usagePageSize: 7, usageTruncated: 'never' }],
    ['no paging', { usagePaging: false }],
    ['a wrong count', { usageCountLies: true }],
    ['limit without after', { usagePageSize: 7, usageLimitExcludesAfter: true }],
    [
      'everything odd at once',
      {
        usagePageSize: 7,
        usage1970: true,
        usageRepeatsNames: true,
        usageTruncated: 'always',
        usageCountLies: true,
        numbers: 'strings',
        counters: 'per-class',
        serviceId: 'bare-0x',
      },
    ],
  ] as const)('reads a list with %s to its end', async (_, variants) => {
    await using console_ = await CollectingConsole.start({ usage: 60, variants });
    expect(await console_.collect()).toMatchObject({ collected: 60, failed: 0 });
    await console_.expectTruth();
  });

  it('gets past a stuck cursor by deleting what it has', async () => {
    await using console_ = await CollectingConsole.start({
      usage: 60,
      variants: { usagePageSize: 7, usageCursorStuck: true },
    });
    expect(await console_.collect({ removeCollected: true })).toMatchObject({
      collected: 60,
      removed: 60,
    });
    await console_.expectTruth();
  });

  it('says when a stuck cursor hides a part of the list', async () => {
    await using console_ = await CollectingConsole.start({
      usage: 60,
      variants: { usagePageSize: 7, usageCursorStuck: true },
    });
    expect(await console_.collect()).toMatchObject({ collected: 14, listComplete: false });
  });
});
