import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenedSnapshot, openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { SetAside } from '#core/store/snapshot/snapshot-database.ts';
import type { SnapshotReaderMethods } from '#core/store/snapshot/snapshot-reader.ts';
import type { SnapshotWriterMethods } from '#core/store/snapshot/snapshot-writer.ts';
import { WorkerClient, WorkerSlot } from '#core/store/sqlite/worker.ts';
import { feedOf, inChunks, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const source = new URL('../../../../../src/core/store/snapshot/', import.meta.url);
const users = [listedUser('aa', 'anna@example.com')];
const page = { offset: 0, limit: 10 };
const setAsides: SetAside[] = [];

let directory: string;
let writers: WorkerClient<SnapshotWriterMethods>[];
let readers: WorkerClient<SnapshotReaderMethods>[];
let snapshot: OpenedSnapshot;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-snapshot-'));
  writers = [];
  readers = [];
  setAsides.length = 0;
  const writer = new WorkerSlot<SnapshotWriterMethods>(() => {
    const client = new WorkerClient<SnapshotWriterMethods>(new URL('snapshot-worker.ts', source), {
      directory,
      role: 'writer',
    });
    writers.push(client);
    return client;
  });
  const reader = new WorkerSlot<SnapshotReaderMethods>(() => {
    const client = new WorkerClient<SnapshotReaderMethods>(new URL('snapshot-worker.ts', source), {
      directory,
      role: 'reader',
    });
    readers.push(client);
    return client;
  });
  const { setAside } = await reader.ask('open');
  snapshot = new OpenedSnapshot({
    reader,
    writer,
    setAside,
    onSetAside: (each) => setAsides.push(each),
  });
  await snapshot.refresh(feedOf(users, [listedBucket('first')]));
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a thread that dies', () => {
  it('while it builds the next snapshot leaves the old one; the next refresh starts another', async () => {
    const before = await snapshot.ask('summary');
    async function* killing() {
      yield new TextEncoder().encode('{"Buckets":[{"name":"second"}');
      await writers.at(-1)?.terminate();
      yield new TextEncoder().encode(']}'.padEnd(2 ** 20));
    }
    const killed = snapshot.refresh({ users: inChunks(users), buckets: killing() });
    await expect(killed).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await snapshot.ask('summary')).toEqual(before);
    await snapshot.refresh(feedOf(users, [listedBucket('third')]));
    expect((await snapshot.ask('buckets', page)).rows).toMatchObject([{ name: 'third' }]);
    expect(writers.length).toBeGreaterThan(1);
    expect(readdirSync(directory)).toEqual(['snapshot.sqlite']);
  });

  it('while it reads is started again at the next question', async () => {
    await readers[0]?.terminate();
    expect((await snapshot.ask('buckets', page)).total).toBe(1);
    expect(readers).toHaveLength(2);
  });

  it('is not started again once the snapshot is closed', async () => {
    await snapshot.close();
    await expect(snapshot.ask('summary')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(readers).toHaveLength(1);
  });
});

describe('a file that is damaged while it is open', () => {
  it('is set aside by the look over the whole of it', async () => {
    await snapshot.check();
    expect(setAsides).toEqual([]);
    writeFileSync(join(directory, 'snapshot.sqlite'), Buffer.alloc(200_000, 0x5a));
    await snapshot.check();
    expect(setAsides).toMatchObject([{ reason: 'damaged' }]);
    expect(snapshot.setAside).toEqual(setAsides[0]);
    expect(await snapshot.ask('summary')).toBeNull();
  });

  it('is set aside by the question that meets the damage, which says so', async () => {
    writeFileSync(join(directory, 'snapshot.sqlite'), Buffer.alloc(200_000, 0x5a));
    const asked = snapshot.ask('buckets', { ...page, sort: { by: 'lastHour', descending: true } });
    await expect(asked).rejects.toMatchObject({ code: 'SNAPSHOT_DAMAGED', retryable: true });
    expect(setAsides).toMatchObject([{ reason: 'damaged' }]);
    expect((await snapshot.ask('buckets', page)).total).toBe(0);
  });
});

describe('a half-built file', () => {
  it('of a process that is gone is removed at the opening', async () => {
    writeFileSync(join(directory, 'snapshot.next-999999999.sqlite'), 'half');
    writeFileSync(join(directory, `snapshot.next-${process.ppid}.sqlite`), 'of another that runs');
    const other = await openSnapshot(directory);
    await other.close();
    expect(readdirSync(directory)).toEqual([
      `snapshot.next-${process.ppid}.sqlite`,
      'snapshot.sqlite',
    ]);
  });
});
