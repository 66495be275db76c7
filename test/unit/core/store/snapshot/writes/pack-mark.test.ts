import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectForeignSnapshot, openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { snapshotPath } from '#core/store/snapshot/snapshot-database.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const anna = listedUser('aa', 'anna@example.com');
const bert = listedUser('bb', 'bert@example.com');

let directory: string;
let snapshot: Snapshot;

/** The file of a pack with these users, as it was looked over. */
async function packOf(name: string, users: object[]): Promise<string> {
  const folder = join(directory, name);
  mkdirSync(join(folder, 'there'), { recursive: true });
  const there = await openSnapshot(join(folder, 'there'));
  await there.refresh(feedOf(users, [listedBucket('logs', { owner_id: 'aa' })]));
  await there.change('copyInto', snapshotPath(folder));
  await there.close();
  await inspectForeignSnapshot(folder);
  return folder;
}

const users = async () => (await snapshot.ask('summary'))?.users;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-of-pack-'));
  snapshot = await openSnapshot(await packOf('first', [anna]));
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a snapshot that came in a field pack', () => {
  it('gives way to a later pack’s while nothing in it was read here', async () => {
    const later = snapshotPath(await packOf('later', [anna, bert]));
    await snapshot.change('saveFigures', { of: 'customers', parts: [], facts: {} });
    expect(await snapshot.takePack(later)).toBe(true);
    expect(await users()).toBe(2);
    expect(await snapshot.ask('isOfPack')).toBe(true);
    expect(existsSync(later)).toBe(false);
  });

  it('stays once anything in it was read here', async () => {
    const later = snapshotPath(await packOf('later', [anna, bert]));
    const target = { kind: 'user', id: 'aa' } as const;
    const quota = { part: 'quotas', target, quota: null, readAt: Date.now() } as const;
    await snapshot.change('save', [quota]);
    expect(await snapshot.ask('isOfPack')).toBe(false);
    expect(await snapshot.takePack(later)).toBe(false);
    expect(await users()).toBe(1);
    expect(existsSync(later)).toBe(true);
  });

  it('stays where a refresh that was under way has ended meanwhile', async () => {
    const later = snapshotPath(await packOf('later', [anna, bert]));
    const gate = Promise.withResolvers<void>();
    const feed = feedOf([anna, bert, listedUser('cc', 'cora@example.com')], []);
    async function* slowly() {
      await gate.promise;
      yield* feed.buckets;
    }
    const refreshing = snapshot.refresh({ users: feed.users, buckets: slowly() });
    const taking = snapshot.takePack(later);
    gate.resolve();
    await refreshing;
    expect(await taking).toBe(false);
    expect(await users()).toBe(3);
  });
});
