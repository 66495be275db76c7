import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { feedOf, listedBucket, listedUser } from '#test/fakes/gateway-lists.ts';

/** The file as consoles up to 1.x made it: version 1, in write-ahead mode. */
const oldSchema = `
  PRAGMA journal_mode = WAL;
  PRAGMA user_version = 1;
  CREATE TABLE target (
    kind TEXT NOT NULL, id TEXT NOT NULL, keys_as_of INTEGER, limits_as_of INTEGER,
    limits_set INTEGER, ops_default REAL, ops_get REAL, ops_put REAL, ops_list REAL,
    ops_delete REAL, bandwidth_out REAL, quota_as_of INTEGER, quota_set INTEGER, quota_gb INTEGER,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE access_key (
    user_id TEXT NOT NULL, account_name TEXT NOT NULL, access_key_id TEXT NOT NULL,
    first_seen INTEGER NOT NULL, PRIMARY KEY (user_id, account_name, access_key_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX access_key_by_first_seen ON access_key (first_seen);
  CREATE TABLE round (
    one INTEGER PRIMARY KEY CHECK (one = 1), started_at INTEGER NOT NULL, keys INTEGER NOT NULL,
    limits INTEGER NOT NULL, quotas INTEGER NOT NULL, buckets INTEGER NOT NULL
  ) STRICT;`;
const [early, late] = [Date.parse('2026-01-01'), Date.parse('2026-02-01')];
const anna = listedUser('aa', 'anna@example.com', { Flags: undefined });
const bert = listedUser('bb', 'bert@example.com');

let directory: string;
let snapshot: Snapshot;

/** Writes the old file; it is left as a console that was killed leaves it, its log not taken in. */
function writeSweep(rows: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, 'sweep.sqlite'));
  database.exec(oldSchema);
  database.exec(rows);
  return database;
}

function keysOf(userId: string, accessKeyIds: string[], readAt: number) {
  const user = {
    userId,
    email: `${userId === 'aa' ? 'anna' : 'bert'}@example.com`,
    state: 'enabled' as const,
    ownerId: '00',
    flags: [],
    accessKeyIds,
    accounts: [],
  };
  return { part: 'keys' as const, user, readAt };
}

async function reopen(): Promise<void> {
  await snapshot.close();
  snapshot = await openSnapshot(directory);
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-take-over-'));
  snapshot = await openSnapshot(directory);
  await snapshot.refresh(feedOf([anna, bert], [listedBucket('logs', { owner_id: 'aa' })]));
});

afterEach(async () => {
  await snapshot.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the file of an earlier console’s sweep', () => {
  it('is taken over at the first opening, then removed', async () => {
    const sweep = writeSweep(`
      INSERT INTO target VALUES ('user', 'aa', ${early}, ${early}, 1, 5, 6, 7, 8, 9, 10, ${late}, 1, 9007199254740993);
      INSERT INTO target VALUES ('bucket', 'logs', NULL, ${late}, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
      INSERT INTO target VALUES ('default', 'user', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ${late}, 1, 100);
      INSERT INTO access_key VALUES ('aa', '', 'aakey1', ${early});
      INSERT INTO access_key VALUES ('aa', 'backup', 'aakey2', ${late});
      INSERT INTO round VALUES (1, ${early}, 1, 1, 1, 0);`);
    await reopen();
    sweep.close();
    expect(readdirSync(directory)).toEqual(['snapshot.sqlite']);
    expect(await snapshot.ask('user', 'aa')).toMatchObject({
      keys: [{ accessKeyId: 'aakey1', firstSeen: new Date(early).toISOString() }],
      accounts: [{ name: 'backup', keys: [{ accessKeyId: 'aakey2' }] }],
      keysAsOf: new Date(early).toISOString(),
      flagsUnknown: true,
    });
    const keys = await snapshot.ask('keys', { offset: 0, limit: 10 });
    expect(keys.rows.map(({ accessKeyId }) => accessKeyId)).toEqual(['aakey1', 'aakey2']);
    expect(await snapshot.ask('limitsAndQuota', { kind: 'user', id: 'aa' })).toMatchObject({
      limits: { set: true, limits: { opsDefault: 5, bandwidthOut: 10 } },
      quota: { set: true, sizeGb: '9007199254740993', asOf: new Date(late).toISOString() },
    });
    const grid = await snapshot.ask('limitGrid', { of: 'bucket', offset: 0, limit: 10 });
    expect(grid.rows).toMatchObject([{ id: 'logs', limits: { set: false }, quota: null }]);
    expect(grid.defaults.user).toMatchObject({ set: true, sizeGb: 100 });
    expect(await snapshot.ask('inventory')).toMatchObject({ unfinished: true, usersKnown: 1 });
    const pending = await snapshot.ask('pendingTargets', { of: 'user', after: 0, limit: 10 });
    expect(pending.map(({ id }) => id)).toEqual(['bb']);
  });

  it('gives way to what the snapshot knows of a later time, and takes the place of what is older', async () => {
    await snapshot.change('save', [
      keysOf('aa', ['both', 'later'], late),
      keysOf('bb', ['both', 'older'], early),
    ]);
    writeSweep(`
      INSERT INTO target (kind, id, keys_as_of) VALUES ('user', 'aa', ${early}), ('user', 'bb', ${late});
      INSERT INTO access_key VALUES ('aa', '', 'both', ${early - 1}), ('aa', '', 'older', ${early});
      INSERT INTO access_key VALUES ('bb', '', 'both', ${late}), ('bb', '', 'later', ${late});`).close();
    await reopen();
    const both = { accessKeyId: 'both' };
    expect(await snapshot.ask('user', 'aa')).toMatchObject({
      keys: [{ ...both, firstSeen: new Date(early - 1).toISOString() }, { accessKeyId: 'later' }],
      keysAsOf: new Date(late).toISOString(),
    });
    expect(await snapshot.ask('user', 'bb')).toMatchObject({
      keys: [{ ...both, firstSeen: new Date(early).toISOString() }, { accessKeyId: 'later' }],
      keysAsOf: new Date(late).toISOString(),
    });
  });

  it.each([
    ['no database', () => writeFileSync(join(directory, 'sweep.sqlite'), 'odd'.repeat(2000))],
    [
      'of another shape',
      () => new DatabaseSync(join(directory, 'sweep.sqlite')).exec('CREATE TABLE other (a)'),
    ],
  ])('that is %s is set aside, and the snapshot opens', async (_what, spoil) => {
    spoil();
    await reopen();
    expect(snapshot.setAside).toBeNull();
    expect((await snapshot.ask('users', { offset: 0, limit: 10 })).total).toBe(2);
    const names = readdirSync(directory);
    expect(names).not.toContain('sweep.sqlite');
    expect(names.filter((name) => name.startsWith('sweep.damaged-'))).toHaveLength(1);
  });
});
