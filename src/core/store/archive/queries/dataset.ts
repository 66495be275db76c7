import type { DatabaseSync } from 'node:sqlite';
import type { Cell } from '#shared/csv.ts';
import { type ColumnKind, toParquet } from '../../../platform/files/parquet.ts';

/** Rows of one file at most: a file is made in memory. */
const rowsOfPart = 400_000;

const columns: readonly [name: string, kind: ColumnKind][] = [
  ['object', 'text'],
  ['service_id', 'text'],
  ['start', 'time'],
  ['period', 'integer'],
  ['user_id', 'text'],
  ['bucket', 'text'],
  ['epoch', 'integer'],
  ['tag', 'text'],
  ['put', 'integer'],
  ['get', 'integer'],
  ['list', 'integer'],
  ['other', 'integer'],
  ['uploaded', 'integer'],
  ['downloaded', 'integer'],
];

/** Which part of the counters to write. Times in Unix seconds, `to` not included. */
interface DatasetQuery {
  from: number;
  to: number;
  /** The last object of the part before; omitted for the first. */
  after?: { start: number; name: string } | undefined;
}

/** A Parquet file of counters, and where the next begins. */
export interface DatasetPart {
  bytes: Uint8Array;
  rows: number;
  next: { start: number; name: string } | null;
}

/** Counters as files for other tools. Runs long: call it in its own thread. */
export function datasetReaders(database: DatabaseSync) {
  return {
    /** The counters of whole objects in order of start, up to some hundred thousand; null for none. */
    datasetPart({ from, to, after }: DatasetQuery): DatasetPart | null {
      const objects = database
        .prepare(
          `SELECT name, service, start, period, first_counter, counters FROM usage_object
           WHERE start >= ?1 AND start < ?2 AND (start, name) > (?3, ?4) ORDER BY start, name`,
        )
        .all(from, to, after?.start ?? -1, after?.name ?? '');
      const rows: Cell[][] = [];
      const counters = database.prepare(
        `SELECT s.user_id, s.bucket, s.epoch, s.tag, c.put, c.get, c.list, c.other, c.uploaded,
           c.downloaded
         FROM counter c JOIN subject s ON s.id = c.subject_id WHERE c.id >= ? AND c.id < ?`,
      );
      counters.setReturnArrays(true);
      let last: DatasetPart['next'] = null;
      for (const { name, service, start, period, first_counter, counters: count } of objects) {
        if (rows.length > 0 && rows.length + Number(count) > rowsOfPart) {
          return { ...write(rows), next: last };
        }
        const head = [String(name), String(service), Number(start) * 1000, Number(period)];
        const first = Number(first_counter);
        for (const row of counters.all(first, first + Number(count))) {
          rows.push([...head, ...(row as unknown as Cell[])]);
        }
        last = { start: Number(start), name: String(name) };
      }
      return rows.length === 0 ? null : { ...write(rows), next: null };
    },
    /** Days (whole ones since the Unix epoch) on which something is archived. */
    datasetDays: ({ from, to }: { from: number; to: number }): number[] =>
      database
        .prepare(
          `SELECT DISTINCT start / 86400 AS day FROM usage_object
           WHERE start >= ? AND start < ? ORDER BY day`,
        )
        .all(from, to)
        .map((row) => Number(row.day)),
  };
}

function write(rows: Cell[][]): { bytes: Uint8Array; rows: number } {
  const bytes = toParquet({
    columns: columns.map(([name]) => name),
    kinds: columns.map(([, kind]) => kind),
    rows,
  });
  return { bytes, rows: rows.length };
}
