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
    let found = null;
    while (found === null) found = await snapshot.ask('find', { search, limit });
    const { users, buckets, accounts, keys } = found;
    return {
      users: users.map(({ email }) => email),
      buckets: buckets.map(({ name }) => name),
      accounts: accounts.map(({ name, ownerEmail, keys: held }) => [name, ownerEmail, held]),
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
    expect((await find('backupanna')).buckets).toEqual([]);
  });

  it('are keys by id, by account, and by their owner', async () => {
    expect((await find('k3y2')).keys).toEqual(['aa00000000000001K3Y2']);
    expect((await find('uploader')).keys).toEqual(['aa00000000000001UP']);
    expect((await find('anna@acme')).keys.toSorted()).toEqual([
      ...['aa00000000000001K3Y1', 'aa00000000000001K3Y2', 'aa00000000000001UP'],
    ]);
    expect(await find('nothing of it')).toEqual({ users: [], buckets: [], accounts: [], keys: [] });
    expect(await find('  ')).toEqual({ users: [], buckets: [], accounts: [], keys: [] });
  });

  it('are accounts by name with their owner, with a slip too, those without a key as well', async () => {
    const save = (userId: string, email: string, names: string[]) =>
      snapshot.change('save', [
        {
          part: 'keys',
          readAt: Date.now(),
          user: {
            ...{ userId, email, state: 'enabled', ownerId: '', flags: [], accessKeyIds: [] },
            accounts: names.map((name) => ({ name, accessKeyIds: [] })),
          },
        } as never,
      ]);
    await save(ben, 'ben@anna.example', ['Nightly ÉTÉ', 'Uploader']);
    const uploaders = [
      ['Uploader', 'anna@acme.example', 1],
      ['Uploader', 'ben@anna.example', 0],
    ];
    expect((await find('uploader')).accounts).toEqual(uploaders);
    expect((await find('uplaoder')).accounts).toEqual(uploaders);
    expect((await find('été')).accounts).toEqual([['Nightly ÉTÉ', 'ben@anna.example', 0]]);
    expect((await find('été nightly')).accounts).toEqual([['Nightly ÉTÉ', 'ben@anna.example', 0]]);
    await save(ben, 'ben@anna.example', ['Nightly ÉTÉ']);
    await snapshot.refresh(feedOf([listedUser(ben, 'ben@anna.example')], []));
    expect((await find('uploader')).accounts).toEqual([]);
    expect((await find('nightly')).accounts).toHaveLength(1);
  });

  it('are found as soon as they were read', async () => {
    expect((await find('zz9')).keys).toEqual([]);
    await readKeys(ben, 'ben@anna.example', ['bb00000000000002ZZ9']);
    expect((await find('zz9')).keys).toEqual(['bb00000000000002ZZ9']);
  });

  describe('of those whose names are near', () => {
    const names = [
      ...['beacon-schools-mail-archive', 'archive-beacon', 'mail-2024', 'mail-2025', 'bacon-bits'],
      ...['Café-photos', 'beaconsfield', 'x7f-becon-9'],
    ];
    beforeEach(async () => {
      const users = [
        listedUser(anna, 'helen.schmidt@northwind.example'),
        listedUser(ben, 'ben@acme.example'),
      ];
      const buckets = names.map((name) => listedBucket(name, { owner_id: anna }));
      await snapshot.refresh(feedOf(users, buckets));
      await readKeys(anna, 'helen.schmidt@northwind.example', ['aa00000000000001K3Y1']);
    });

    const meant: [string, string[]][] = [
      ['becon mail', ['beacon-schools-mail-archive']],
      ['archive schools', ['beacon-schools-mail-archive']],
      ['archvie beacon', ['beacon-schools-mail-archive', 'archive-beacon']],
      ['veacon arch', ['beacon-schools-mail-archive', 'archive-beacon']],
      ['bcon scho', ['beacon-schools-mail-archive']],
      ['mial 2025', ['mail-2025']],
      ['2024 mail', ['mail-2024']],
      ['beaconnsfield', ['beaconsfield']],
      ['photos cafe', ['Café-photos']],
      ['xylophone', []],
    ];
    it('have the words in any order, begun, with a letter wrong, swapped, doubled or left out', async () => {
      for (const [search, buckets] of meant) {
        expect([search, (await find(search)).buckets]).toEqual([search, buckets]);
      }
    });

    it('begin with those that hold the words as they are', async () => {
      const found = (await find('becon')).buckets;
      expect(found[0]).toBe('x7f-becon-9');
      expect(found.slice(1).toSorted()).toEqual([
        ...['archive-beacon', 'bacon-bits', 'beacon-schools-mail-archive', 'beaconsfield'],
      ]);
      expect((await find('becon', 1)).buckets).toEqual(['x7f-becon-9']);
    });

    it('are users with their keys, keys by account, and ids with a slip', async () => {
      const helen = 'helen.schmidt@northwind.example';
      const found = await find('schmit helen');
      expect(found.users).toEqual([helen]);
      expect(found.keys).toContain('aa00000000000001K3Y1');
      expect((await find('uplaoder')).keys).toEqual(['aa00000000000001UP']);
      expect((await find('aa00000000001k3y1')).keys).toEqual(['aa00000000000001K3Y1']);
      expect((await find('aa00000000001k3y1')).users).toEqual([]);
      expect((await find('bb000000001000002')).users).toEqual(['ben@acme.example']);
    });

    it('are found among what was read since', async () => {
      expect((await find('carlota')).users).toEqual([]);
      const carla = 'cc00000000000003';
      await readKeys(carla, 'carlotta@acme.example', []);
      expect((await find('carlota')).users).toEqual(['carlotta@acme.example']);
      await snapshot.refresh(feedOf([listedUser(ben, 'bernhard@acme.example')], []));
      expect((await find('carlota')).users).toEqual([]);
      expect((await find('benrhard')).users).toEqual(['bernhard@acme.example']);
    });
  });
});
