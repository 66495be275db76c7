import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writerMethods } from '#core/store/archive/methods.ts';
import { readUsageObject } from '#core/store/archive/objects/read-object.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { makeUsage } from './usage-data.ts';

const start = Date.UTC(2026, 9, 1) / 1000;
const now = Date.UTC(2027, 0, 1);
const batch = 50;
const runs = 5;

const objects = [
  ...makeUsage({
    start,
    objects: 200,
    services: 5,
    periodSeconds: 1800,
    entriesPerObject: 1000,
    users: 500,
    bucketsPerUser: 4,
  }),
];
const rows = objects.map((object) => ({
  name: object.name,
  items: readUsageObject(object, object.bytes).items,
}));

/** The same rows as a program would keep them that knows nothing but SQLite: milliseconds. */
function insertBare(path: string): number {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE counter (object TEXT, bucket TEXT, epoch INTEGER, user_id TEXT, tag TEXT,
      put INTEGER, get INTEGER, list INTEGER, other INTEGER, uploaded INTEGER, downloaded INTEGER)`);
  const insert = database.prepare('INSERT INTO counter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const begin = performance.now();
  for (let first = 0; first < rows.length; first += batch) {
    database.exec('BEGIN');
    for (const { name, items } of rows.slice(first, first + batch)) {
      for (const { subject, counters } of items) {
        const { bucket, epoch, userId, tag } = subject;
        const { put, get, list, other, uploaded, downloaded } = counters;
        insert.run(name, bucket, epoch, userId, tag, put, get, list, other, uploaded, downloaded);
      }
    }
    database.exec('COMMIT');
  }
  const milliseconds = performance.now() - begin;
  database.close();
  return milliseconds;
}

/** From raw objects to the last commit, with raw copies and sums by hour and day: milliseconds. */
async function ingest(path: string): Promise<number> {
  const database = openArchiveDatabase(path, 'writer');
  const { ingestObjects } = writerMethods(database, path);
  const begin = performance.now();
  for (let first = 0; first < objects.length; first += batch) {
    await ingestObjects({ objects: objects.slice(first, first + batch), now });
  }
  const milliseconds = performance.now() - begin;
  database.close();
  return milliseconds;
}

/** Counters a second, and as a share of a bare insert of the same rows in as many transactions. */
export async function measureIngest(): Promise<{ perSecond: number; ofBare: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
  try {
    const counters = rows.reduce((sum, { items }) => sum + items.length, 0);
    const ratios: number[] = [];
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run += 1) {
      // One after the other, so that both meet the same machine.
      const bare = insertBare(join(folder, `bare-${run}.sqlite`));
      // The record of what an archive holds is next to it: each in its own folder.
      const archive = join(folder, `archive-${run}`);
      mkdirSync(archive);
      const ours = await ingest(join(archive, 'archive.sqlite'));
      ratios.push(bare / ours);
      best = Math.min(best, ours);
    }
    const ofBare = ratios.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
    return { perSecond: (counters / best) * 1000, ofBare };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
