import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import type { SetAside } from '#core/store/snapshot/snapshot-database.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const users = [listedUser('aa', 'anna@example.com'), listedUser('bb', 'bert@example.com')];
const buckets = ['logs', 'Media', 'orphan'].map((name) => listedBucket(name));
const page = { offset: 0, limit: 100 };
const setAsides: SetAside[] = [];
let directory: string;
let snapshot: Snapshot;

async function reopen(): Promise<void> {
  await snapshot.close();
  snapshot = await openSnapshot(directory, { onSetAside: (each) => setAsides.push(each) });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-snapshot-'));
  setAsides.length = 0;
  snapshot = await openSnapshot(directory);
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('an unusable file', () => {
  const path = () => join(directory, 'snapshot.sqlite');

  async function expectSetAside(reason: SetAside['reason']): Promise<void> {
    snapshot = await openSnapshot(directory, { onSetAside: (each) => setAsides.push(each) });
    expect(snapshot.setAside?.reason).toBe(reason);
    expect(setAsides).toEqual([snapshot.setAside]);
    expect(readdirSync(directory)).toContain(snapshot.setAside?.path.split('/').at(-1));
    expect(await snapshot.ask('summary')).toBeNull();
    expect(await snapshot.refresh(feedOf(users, buckets))).toMatchObject({ users: 2 });
    await reopen();
    expect(snapshot.setAside).toBeNull();
    expect((await snapshot.ask('users', page)).total).toBe(2);
  }

  beforeEach(async () => {
    await snapshot.refresh(feedOf(users, buckets));
    await snapshot.close();
  });

  it('that is no database is set aside', async () => {
    writeFileSync(path(), 'This was a snapshot once. '.repeat(1000));
    await expectSetAside('damaged');
  });

  it('that was cut short is set aside', async () => {
    truncateSync(path(), 20_000);
    await expectSetAside('damaged');
  });

  it('that was overwritten in the middle is set aside', async () => {
    const file = await openFile(path(), 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size - 16_384, 0x5a), 0, size - 16_384, 16_384);
    await file.close();
    await expectSetAside('damaged');
  });

  it('of a newer console is set aside', async () => {
    const database = new DatabaseSync(path());
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expectSetAside('newer');
  });

  it('that lost a table is set aside', async () => {
    const database = new DatabaseSync(path());
    database.exec('DROP TABLE bucket_names');
    database.close();
    await expectSetAside('damaged');
  });

  it('that lost a piece of an order is set aside by the question that meets it', async () => {
    const database = new DatabaseSync(path());
    database.exec("UPDATE bucket_order SET first = 1 WHERE sorted_by = 'last_hour'");
    database.close();
    snapshot = await openSnapshot(directory);
    expect((await snapshot.ask('buckets', page)).total).toBe(3);
    const asked = snapshot.ask('buckets', { ...page, sort: { by: 'lastHour', descending: true } });
    await expect(asked).rejects.toMatchObject({ code: 'SNAPSHOT_DAMAGED' });
    expect(snapshot.setAside?.reason).toBe('damaged');
  });

  it('of zero length counts as a new one', async () => {
    writeFileSync(path(), '');
    snapshot = await openSnapshot(directory);
    expect(snapshot.setAside).toBeNull();
    expect(await snapshot.ask('summary')).toBeNull();
  });
});
