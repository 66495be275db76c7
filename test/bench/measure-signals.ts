import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { type Evaluation, evaluate } from '#core/attention/evaluate.ts';
import { archivePath, openArchive } from '#core/store/archive/archive.ts';
import { writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { openSnapshot } from '#core/store/snapshot/open-snapshot.ts';
import { snapshotPath } from '#core/store/snapshot/snapshot-database.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { labConnection, OneCluster } from '#test/fakes/one-cluster.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';
import { seeded, writeLists } from './lists-data.ts';
import { feedOf } from './measure-refresh.ts';

interface Shape {
  users: number;
  buckets: number;
  days: number;
}

const samples = 5;
const hour = 3_600_000;
const day = 24 * hour;
/** Entries of the object of an hour: 30 days of them are ten million counters. */
const entriesPerHour = 14_000;

interface Listed {
  userId: string;
  email: string;
  bytes: bigint;
}

/** Makes such a cluster and times all signals of it, each time as if a refresh had just ended. */
export async function measureSignals(directory: string, shape: Shape) {
  const files = await writeLists(directory, shape);
  const path = join(directory, 'cluster');
  mkdirSync(path);
  const snapshot = await openSnapshot(path);
  await snapshot.refresh(feedOf(files));
  const now = Math.floor(Date.now() / hour) * hour;
  const counters = fillArchive(path, now, shape, fillSnapshot(path, now));
  const archive = await openArchive(path);
  await archive.sound();
  try {
    const connection = labConnection({ endpoint: 'https://s3.example.com', accessKeyId: 'aa01' });
    const parts = { connection, directory: path, snapshot, gateway: null as never };
    const sources = {
      clusters: new OneCluster(parts),
      archiveOf: async () => archive,
      sync: {
        status: async () => ({ state: 'online', asOf: null, ...shape }) as const,
        seen: async () => ({}),
      },
      tasks: { list: () => [] },
    };
    const facts = { drift: [], unpaid: null };
    const run = () => evaluate(sources, 'lab', signalThresholds.parse({}), facts);
    return { counters, ...(await measure(run)) };
  } finally {
    await archive.close();
    await snapshot.close();
  }
}

async function measure(run: () => Promise<Evaluation>) {
  const first = await run();
  const times: number[] = [];
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  for (let sample = 0; sample < samples; sample += 1) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  loop.disable();
  times.sort((left, right) => left - right);
  return {
    kinds: new Set(first.found.map(({ kind }) => kind)).size,
    signals: first.found.length,
    complete: first.incomplete.length === 0,
    median: times[Math.floor(samples / 2)] ?? Number.NaN,
    longest: times.at(-1) ?? Number.NaN,
    stall: loop.max / 1e6,
  };
}

/** Quotas and limits of every user, and keys, as an inventory leaves them. */
function fillSnapshot(directory: string, now: number): Listed[] {
  const database = new DatabaseSync(snapshotPath(directory), { readBigInts: true });
  database.exec(`BEGIN;
    INSERT INTO target (kind, id, quota_as_of, quota_set, quota_gb, limits_as_of, limits_set,
        ops_default, ops_get, ops_put, ops_list, ops_delete, bandwidth_out)
      SELECT 'user', user_id, ${now}, 1, max(1, current_bytes / 800000000 + id % 100), ${now}, 1,
        0, 1000, 500, 0, 0, 0 FROM user;
    INSERT INTO target (kind, id, quota_as_of, quota_set, quota_gb)
      VALUES ('default', 'bucket', ${now}, 1, 9900);
    INSERT INTO access_key SELECT user_id, '', user_id || 'A', ${now - 400 * day} FROM user;
    INSERT INTO access_key SELECT user_id, '', user_id || 'B', ${now - 20 * day} FROM user
      WHERE id % 50 = 0;
    COMMIT;`);
  const rows = database.prepare('SELECT user_id, email, current_bytes FROM user').all();
  database.close();
  return rows.map((row) => ({
    userId: String(row.user_id),
    email: String(row.email),
    bytes: row.current_bytes as bigint,
  }));
}

/** Sizes of five samples, and statistics of every hour. Returns the number of counters. */
function fillArchive(
  directory: string,
  now: number,
  { days, buckets }: Shape,
  users: readonly Listed[],
): number {
  const path = archivePath(directory);
  const database = openArchiveDatabase(path, 'writer');
  const { ingestObjects, recordSizes, recordListing } = writerMethods(database, path);
  for (const before of [30, 20, 10, 1, 0]) {
    const at = now - before * day;
    const grown = users.map((user) => ({
      ...user,
      buckets: 1,
      bytes: (user.bytes * BigInt(100 - before)) / 100n,
    }));
    recordSizes({ at, users: grown, buckets: [], last: true });
  }
  const random = seeded(7);
  for (let back = days * 24 + 1; back > 1; back -= 1) {
    const entries = Array.from({ length: entriesPerHour }, () => {
      const bucket = Math.floor(random() * buckets);
      const { userId } = users[bucket % users.length] as Listed;
      return {
        ...{ bucket: `bucket-${bucket}`, userId, put: 100, get: 1000, list: 10, other: 5 },
        ...{ uploaded: 1e6, downloaded: Math.floor(random() ** 8 * 4e11) },
      };
    });
    const object = fetchedObject('8000000000000065', (now - back * hour) / 1000, 3600, entries);
    ingestObjects({ objects: [object], now: now + day });
  }
  recordListing({ listedAt: now, complete: true, objects: [] });
  const row = database.prepare('SELECT count(*) AS n FROM counter').get();
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return Number(row?.n);
}
