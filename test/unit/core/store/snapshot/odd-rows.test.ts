import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { inChunks, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

const anna = listedUser('aa00000000000001', 'anna@example.com');
const bert = listedUser('bb00000000000002', 'bert@example.com');
const page = { offset: 0, limit: 100 };

let directory: string;
let snapshot: Snapshot;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-odd-'));
  snapshot = await openSnapshot(directory);
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a list without flags', () => {
  const { Flags: _flags, ...plain } = anna;
  const detail = {
    userId: anna.UserId,
    email: anna.UserEmail,
    state: 'enabled' as const,
    ownerId: '0000000000000000',
    flags: ['system'],
    accessKeyIds: [],
    accounts: [],
  };
  const refresh = () => snapshot.refresh({ users: inChunks([plain, bert]), buckets: inChunks([]) });

  it('keeps what reading a user has found, and says of whom nothing is known', async () => {
    await refresh();
    expect(await snapshot.ask('user', anna.UserId)).toMatchObject({
      flags: [],
      flagsUnknown: true,
    });
    expect(await snapshot.ask('user', bert.UserId)).not.toHaveProperty('flagsUnknown');
    await snapshot.change('save', [{ part: 'keys', user: detail, readAt: Date.now() }]);
    await refresh();
    const known = await snapshot.ask('user', anna.UserId);
    expect(known).toMatchObject({ flags: ['system'] });
    expect(known).not.toHaveProperty('flagsUnknown');
    expect((await snapshot.ask('users', { ...page, filter: { system: true } })).total).toBe(1);
    const silent = { ...detail, flags: [], flagsUnknown: true as const };
    await snapshot.change('save', [{ part: 'keys', user: silent, readAt: Date.now() }]);
    expect(await snapshot.ask('user', anna.UserId)).toMatchObject({ flags: ['system'] });
  });
});

describe('a refresh of lists with rows that are not sound', () => {
  const underflow = '18446744073709551603';
  const odd = `{"Buckets":[
    {"name":"broken","owner_id":"${anna.UserId}","size":{"current":${underflow},"hmax":${underflow},"h_integral":${underflow},"last_ts":9}},
    {"owner_id":"${bert.UserId}"}, 17, {"name":"a\\q"}, {"name": tru},
    ${JSON.stringify(listedBucket('sound', { owner_id: anna.UserId, current: 5, hmax: 6 }))}
  ]}`;

  it('takes in the others, names those set aside, and marks figures that can’t be true', async () => {
    const users = inChunks([anna, { UserEmail: 'nobody@example.com' }, bert]);
    const result = await snapshot.refresh({ users, buckets: inChunks(odd) });
    expect(result).toMatchObject({ users: 2, buckets: 2, setAside: 5, implausible: 3 });
    const { troubles } = (await snapshot.ask('summary')) ?? {};
    expect(troubles?.setAside.rows.map(({ list, name }) => `${list} ${name}`)).toEqual([
      'users nobody@example.com',
      `buckets ${bert.UserId}`,
      'buckets row 4',
      'buckets row 5',
      'buckets row 6',
    ]);
    expect(troubles?.setAside.rows[0]?.cause).toMatch(/not a user/);
    expect(troubles?.implausible.rows[0]).toEqual({
      list: 'buckets',
      name: 'broken',
      field: 'size.current',
      value: underflow,
    });
    const unknown = { currentBytes: null, peakBytes: null, byteIntegral: null, lastHour: 9 };
    expect(await snapshot.ask('bucket', 'broken')).toMatchObject(unknown);
    expect(await snapshot.ask('user', anna.UserId)).toMatchObject({
      bucketCount: 2,
      currentBytes: 5,
      unknownSizes: 1,
    });
    expect(await snapshot.ask('overview')).toMatchObject({
      currentBytes: 5,
      emptyBuckets: 0,
      unknownSizes: 1,
    });
    const empty = await snapshot.ask('buckets', { ...page, filter: { size: 'empty' } });
    expect(empty.total).toBe(0);
    const sizes = await snapshot.ask('sizePage', { list: 'buckets', afterId: -1, limit: 10 });
    expect(sizes?.rows.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['broken', null],
      ['sound', 5n],
    ]);
    await snapshot.change('save', [{ part: 'gone', target: { kind: 'bucket', id: 'broken' } }]);
    expect(await snapshot.ask('overview')).toMatchObject({ buckets: 1, currentBytes: 5 });
  });

  it('sets aside a row that is not UTF-8, and never stores a placeholder for it', async () => {
    const bytes = Buffer.from('[{"name":"ok"},{"name":"caf\u00e9"}]', 'latin1');
    async function* latin() {
      yield Uint8Array.from(bytes);
    }
    const result = await snapshot.refresh({ users: inChunks([anna]), buckets: latin() });
    expect(result).toMatchObject({ buckets: 1, setAside: 1 });
    const { troubles } = (await snapshot.ask('summary')) ?? {};
    expect(troubles?.setAside.rows[0]).toMatchObject({
      name: 'row 2',
      cause: expect.stringContaining('UTF-8'),
    });
  });
});
