import { afterEach, describe, expect, it } from 'vitest';
import type { SnapshotWriterMethods } from '#core/store/snapshot/snapshot-writer.ts';
import { WorkerClient, WorkerSlot } from '#core/store/sqlite/worker.ts';

const entry = new URL('../../../../../src/core/store/snapshot/snapshot-worker.ts', import.meta.url);
let started = 0;
const slot = () =>
  new WorkerSlot<SnapshotWriterMethods>(() => {
    started += 1;
    return new WorkerClient(entry, { directory: '/nowhere', role: 'writer' });
  });

afterEach(() => {
  started = 0;
});

describe('WorkerSlot', () => {
  it('starts a thread at the first call and again after it was released', async () => {
    const workers = slot();
    expect([workers.started, started]).toEqual([false, 0]);
    await workers.release();
    expect(await workers.ask('isWhole')).toBe(true);
    expect([workers.started, started]).toEqual([true, 1]);
    const underWay = [workers.ask('isWhole'), workers.ask('isWhole')];
    await workers.release();
    expect(await Promise.all(underWay)).toEqual([true, true]);
    expect(workers.started).toBe(false);
    expect(await workers.ask('isWhole')).toBe(true);
    expect(started).toBe(2);
    await workers.terminate();
  });

  it('never starts one again once it was terminated', async () => {
    const workers = slot();
    await workers.ask('isWhole');
    await workers.terminate();
    await workers.release();
    await expect(workers.ask('isWhole')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(started).toBe(1);
  });
});
