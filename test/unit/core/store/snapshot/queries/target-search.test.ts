import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const [anna, ben] = ['aa00000000000001', 'bb00000000000002'];

describe('targets of words', () => {
  let directory: string;
  let snapshot: Snapshot;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ostor-targets-'));
    snapshot = await openSnapshot(directory);
    const users = [listedUser(anna, 'anna@acme.example'), listedUser(ben, 'ben@anna.example')];
    const names = ['logs-anna', 'anna-photos', 'backup', 'Annals', 'an', 'nas'];
    await snapshot.refresh(
      feedOf(
        users,
        names.map((name) => listedBucket(name, { owner_id: anna })),
      ),
    );
    await readKeys(anna, 'anna@acme.example', ['aa00000000000001K3Y1', 'aa00000000000001K3Y2']);
  });
  afterEach(async () => {
    await snapshot.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const readKeys = (userId: string, email: string, accessKeyIds: string[]) =>
    snapshot.change('save', [
      {
        part: 'keys',
        readAt: Date.now(),
        user: {
          ...{ userId, email, state: 'enabled', ownerId: '', flags: [], accessKeyIds },
          accounts: [{ name: 'Uploader', accessKeyIds: [`${userId}UP`] }],
        },
      } as never,
    ]);
  const find = async (search: string, limit = 6) => {
    const { users, buckets, keys } = await snapshot.ask('find', { search, limit });
    return {
      users: users.map(({ email }) => email),
      buckets: buckets.map(({ name }) => name),
      keys: keys.map(({ accessKeyId }) => accessKeyId),
    };
  };

  it('begin with those whose name begins with them, in whatever case', async () => {
    const found = await find('ANNA');
    expect(found.users).toEqual(['anna@acme.example', 'ben@anna.example']);
    expect(found.buckets[0]).toBe('anna-photos');
    expect(found.buckets.toSorted()).toEqual(['Annals', 'anna-photos', 'logs-anna']);
    expect((await find('anna', 1)).buckets).toEqual(['anna-photos']);
    // the end of one name and the beginning of the next are no match
    expect((await find('backupan')).buckets).toEqual([]);
  });

  it('are keys by id, by account, and by their owner', async () => {
    expect((await find('k3y2')).keys).toEqual(['aa00000000000001K3Y2']);
    expect((await find('uploader')).keys).toEqual(['aa00000000000001UP']);
    expect((await find('anna@acme')).keys.toSorted()).toEqual([
      ...['aa00000000000001K3Y1', 'aa00000000000001K3Y2', 'aa00000000000001UP'],
    ]);
    expect(await find('nothing of it')).toEqual({ users: [], buckets: [], keys: [] });
    expect(await find('  ')).toEqual({ users: [], buckets: [], keys: [] });
  });

  it('are found as soon as they were read', async () => {
    expect((await find('zz9')).keys).toEqual([]);
    await readKeys(ben, 'ben@anna.example', ['bb00000000000002ZZ9']);
    expect((await find('zz9')).keys).toEqual(['bb00000000000002ZZ9']);
  });
});
