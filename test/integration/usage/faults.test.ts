import { describe, expect, it } from 'vitest';
import { faultKinds } from '#simulator/model/faults.ts';
import { CollectingConsole } from '#test/fakes/collecting-console.ts';

describe('a collection with removal', () => {
  it.each(faultKinds)('ends in the truth despite %s', async (kind) => {
    // what hangs has to be given up, and is rare enough for a second each
    const hangs = kind.startsWith('hang');
    await using collecting = await CollectingConsole.start({ usage: 30 }, hangs ? 1000 : undefined);
    const { simulator } = collecting;
    const fault = simulator.faults.add({
      kind,
      match: { service: 'ostor-usage' },
      probability: 0.3,
      count: hangs ? 4 : 25,
      ms: kind === 'skewed-clock' ? 3_600_000 : 20,
    });
    for (let run = 0; run < 30 && simulator.state.usage.names().length > 0; run += 1) {
      // A run may end with the fault: what matters is where the runs end together.
      await collecting.collect({ removeCollected: true }).catch(() => undefined);
    }
    expect(fault.hits).toBeGreaterThan(0);
    expect(simulator.state.usage.names()).toEqual([]);
    await collecting.expectTruth();
    collecting.expectArchivedBeforeDeleted();
  });

  it('lists what failed with its reason, and does it alone when asked to', async () => {
    await using collecting = await CollectingConsole.start({ usage: 40 });
    const { simulator, archive } = collecting;
    const broken = simulator.state.usage.names()[7] ?? '';
    const fault = simulator.faults.add({
      kind: 'html',
      match: { query: `obj=${encodeURIComponent(broken)}` },
    });
    const result = await collecting.collect({ removeCollected: true });
    expect(result).toMatchObject({ collected: 39, removed: 39, failed: 1 });
    expect(result.failures[0]).toMatchObject({ name: broken, error: { code: 'ANSWER_NOT_JSON' } });
    const failures = await archive.read('readFailures', { offset: 0, limit: 10 });
    expect(failures).toMatchObject({ total: 1, rows: [{ name: broken }] });
    fault.remove();
    const again = await collecting.collect({ removeCollected: true, only: new Set([broken]) });
    expect(again).toMatchObject({ collected: 1, removed: 1, failed: 0 });
    expect(await archive.read('readFailures', { offset: 0, limit: 10 })).toMatchObject({
      total: 0,
    });
    await collecting.expectTruth();
  });

  it('keeps both contents where one changed, and deletes neither', async () => {
    await using collecting = await CollectingConsole.start({ usage: 20 });
    const { simulator, archive } = collecting;
    await collecting.collect();
    const changed = simulator.state.usage.names()[3] ?? '';
    simulator.state.usage.alter(changed);
    const result = await collecting.collect({ removeCollected: true });
    expect(result).toMatchObject({ collected: 0, skipped: 19, removed: 19, failed: 1 });
    expect(result.failures[0]).toMatchObject({ name: changed, stage: 'conflict' });
    expect(simulator.state.usage.names()).toEqual([changed]);
    const [variant] = await archive.read('openVariants', undefined as never);
    const digest = variant?.digest ?? '';
    await archive.write('resolveVariant', {
      name: changed,
      digest,
      take: 'variant',
      now: Date.now(),
    });
    await collecting.expectTruth();
    expect(await collecting.collect({ removeCollected: true })).toMatchObject({ removed: 1 });
  });

  it('stops where it is cancelled and continues from there', async () => {
    await using collecting = await CollectingConsole.start({ usage: 80 });
    const abort = new AbortController();
    let started = 0;
    const cancelled = collecting.collect({
      removeCollected: true,
      controls: {
        signal: abort.signal,
        progress: () => undefined,
        checkpoint: async () => {
          started += 1;
          if (started === 40) abort.abort();
          abort.signal.throwIfAborted();
        },
      },
    });
    await expect(cancelled).rejects.toBeDefined();
    expect(collecting.simulator.state.usage.names().length).toBeGreaterThan(0);
    await collecting.collect({ removeCollected: true });
    await collecting.expectTruth();
    collecting.expectArchivedBeforeDeleted();
  });

  it('takes two workstations for one', async () => {
    await using collecting = await CollectingConsole.start({ usage: 60 });
    const both = await Promise.all([
      collecting.collect({ removeCollected: true }),
      collecting.collect({ removeCollected: true }),
    ]);
    expect(both.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
    await collecting.expectTruth();
    expect(collecting.simulator.state.usage.names()).toEqual([]);
  });
});
