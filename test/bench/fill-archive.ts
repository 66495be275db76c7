import { DatabaseSync } from 'node:sqlite';
import { archivePath } from '#core/store/archive/archive.ts';
import { writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import { snapshotPath } from '#core/store/snapshot/snapshot-database.ts';
import { day, hour } from '#shared/durations.ts';

/** Each bucket has counters in one hour of this many. */
const every = 36;
const service = '8000000000000065';

const figures = 'put, get, list, other, uploaded, downloaded';
/** Figures of a bucket in an hour: a few of thousands send very much. */
const values = `100, 1000 + id % 500, 10, 5, 1000000,
  CASE WHEN (id * 7919 + hour * 104729) % 9973 = 0 THEN 400000000000
    ELSE (id * 2654435761 + hour * 40503) % 1000000000 END`;

/**
 * Fills an archive in bulk, table by table in the order of its keys: sizes of five samples, and
 * statistics of every hour of some days for the buckets of the snapshot in the same directory. What a
 * collection would leave, but for the raw copies.
 * @returns the number of counters
 */
export function fillArchive(directory: string, now: number, days: number): number {
  const path = archivePath(directory);
  openArchiveDatabase(path, 'writer').close();
  const bare = new DatabaseSync(path);
  bare.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
  bare.prepare('ATTACH ? AS snapshot').run(snapshotPath(directory));
  const newest = now / hour - 2;
  const first = newest - days * 24 + 1;
  bare.exec(`BEGIN;
    CREATE TEMP TABLE hours (hour INTEGER PRIMARY KEY);
    CREATE TEMP TABLE steps (step INTEGER PRIMARY KEY);
    WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < ${days * 24 - 1})
      INSERT INTO hours SELECT ${first} + i FROM n;
    WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n
        WHERE i < (SELECT max(id) FROM snapshot.bucket) / ${every})
      INSERT INTO steps SELECT i FROM n;
    ${sizes(now)}
    INSERT INTO subject SELECT b.id, b.name, 98305, u.user_id, '' FROM snapshot.bucket b
      JOIN snapshot.user u ON u.id = b.owner;
    ${counters()}
    COMMIT`);
  const counted = bare.prepare('SELECT count(*) AS n FROM counter').get();
  bare.close();
  const database = openArchiveDatabase(path, 'writer');
  writerMethods(database, path).recordListing({ listedAt: now, complete: true, objects: [] });
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return Number(counted?.n);
}

function sizes(now: number): string {
  const samples = [30, 20, 10, 1, 0].map((before) => `(${now - before * day}, ${100 - before})`);
  const ends = [30, 0].map((before) => `(${now - before * day}, ${100 - before})`);
  return `
    CREATE TEMP TABLE samples (at INTEGER PRIMARY KEY, percent INTEGER);
    INSERT INTO samples VALUES ${samples.join(', ')};
    INSERT INTO size_refresh SELECT at, (SELECT count(*) FROM snapshot.user),
      (SELECT count(*) FROM snapshot.bucket),
      (SELECT sum(current_bytes) FROM snapshot.user) / 100 * percent FROM samples;
    INSERT INTO known_user SELECT user_id, email, ${now} FROM snapshot.user ORDER BY user_id;
    INSERT INTO user_size SELECT user_id, at, current_bytes / 100 * percent, bucket_count, 0
      FROM snapshot.user CROSS JOIN samples ORDER BY user_id, at;
    INSERT INTO bucket_size SELECT b.name, s.column1, u.user_id, b.current_bytes / 100 * s.column2, 0
      FROM snapshot.bucket b JOIN snapshot.user u ON u.id = b.owner
      CROSS JOIN (VALUES ${ends.join(', ')}) s ORDER BY b.name, s.column1;`;
}

function counters(): string {
  // in the order of hours, then of subjects
  const byHour = `SELECT hour, id, ${values} FROM (
    SELECT h.hour, ${every} * s.step + h.hour % ${every} + 1 AS id
    FROM hours h CROSS JOIN steps s) WHERE id <= (SELECT max(id) FROM snapshot.bucket)`;
  const named = `WITH entry (hour, id, ${figures}) AS (${byHour})`;
  return `
    ${named} INSERT INTO usage_hour SELECT hour, id, 0, ${figures} FROM entry;
    ${named} INSERT INTO counter (object_id, subject_id, ${figures})
      SELECT hour, id, ${figures} FROM entry;
    INSERT INTO usage_total SELECT hour, 0, sum(put), sum(get), sum(list), sum(other),
      sum(uploaded), sum(downloaded) FROM usage_hour GROUP BY hour;
    INSERT INTO usage_subject_day SELECT subject_id, hour / 24, 0, sum(put), sum(get), sum(list),
      sum(other), sum(uploaded), sum(downloaded) FROM usage_hour GROUP BY subject_id, hour / 24
      ORDER BY subject_id, hour / 24;
    INSERT INTO usage_object SELECT hour, 's3-usage-${service}-' ||
        strftime('%Y-%m-%dT%H:%M:%S.000Z', hour * 3600, 'unixepoch') || '-3600', '${service}',
      hour * 3600, 3600, 3600, hour, 1, 0, 0, 0, 1, 0, hour * 3600000, NULL FROM hours;`;
}
