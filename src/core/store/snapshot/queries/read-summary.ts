import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';

/** How much was fetched when. */
export interface SnapshotSummary {
  asOf: string;
  users: number;
  buckets: number;
  /** Omitted where everything could be read and can be true. */
  troubles?: RefreshTroubles;
}

/** Figures of the whole cluster, as a refresh left them; null before the first. */
export interface SnapshotFigures {
  /** Milliseconds since the Unix epoch. */
  asOf: bigint;
  users: bigint;
  disabledUsers: bigint;
  buckets: bigint;
  emptyBuckets: bigint;
  currentBytes: bigint;
  peakBytes: bigint;
  troubles: RefreshTroubles | null;
}

/** Reads the figures of the whole cluster. */
export function readFigures(database: DatabaseSync): SnapshotFigures | null {
  const rows = database.prepare('SELECT key, value FROM meta').all();
  const meta = new Map(rows.map((row) => [String(row.key), String(row.value)]));
  if (!meta.has('asOf')) return null;
  const figure = (key: string): bigint => BigInt(meta.get(key) ?? 0);
  return {
    asOf: figure('asOf'),
    users: figure('users'),
    disabledUsers: figure('disabledUsers'),
    buckets: figure('buckets'),
    emptyBuckets: figure('emptyBuckets'),
    currentBytes: figure('currentBytes'),
    peakBytes: figure('peakBytes'),
    troubles: JSON.parse(meta.get('troubles') ?? 'null'),
  };
}

/** Reads how much was fetched when; null before the first refresh. */
export function readSummary(database: DatabaseSync): SnapshotSummary | null {
  const figures = readFigures(database);
  if (!figures) return null;
  return {
    asOf: new Date(Number(figures.asOf)).toISOString(),
    users: Number(figures.users),
    buckets: Number(figures.buckets),
    ...(figures.troubles ? { troubles: figures.troubles } : {}),
  };
}

/** What the last refresh could not read, and the figures in it that can't be true. */
export interface RefreshTroubles {
  setAside: NonNullable<CallOutput<'sync.status'>['setAside']>;
  implausible: NonNullable<CallOutput<'sync.status'>['implausible']>;
}
