import type { DatabaseSync } from 'node:sqlite';
import {
  type AcceptedGap,
  type AcceptedInPeriod,
  type AcceptedKind,
  applyAcceptedGaps,
  type CoveredPeriod,
  coverageOf,
  type ServiceCoverage,
} from '../objects/coverage.ts';

/** Which time coverage is asked for. Hours since the Unix epoch; `now` in Unix seconds. */
interface CoverageQuery {
  fromHour: number;
  toHour: number;
  now: number;
}

/** Coverage with when the gateway's list was last read (Unix milliseconds). */
export interface CoverageAnswer {
  services: ServiceCoverage[];
  listedAt: number | null;
  /** Decisions in force that touch the period, oldest first. */
  accepted: AcceptedInPeriod[];
}

/** No period is longer: what starts earlier does not reach into the hours asked for. */
const longestPeriod = 2 * 86_400;

export function coverageReaders(database: DatabaseSync) {
  let last: { key: string; answer: CoverageAnswer } | null = null;
  return {
    /** Asked for the same hours again, it is calculated again once something changed, or a minute later. */
    readCoverage(query: CoverageQuery): CoverageAnswer {
      const { fromHour, toHour, now } = query;
      const version = database.prepare('PRAGMA data_version').get()?.data_version;
      const key = [fromHour, toHour, Math.floor(now / 60), version].join(' ');
      if (last?.key !== key) last = { key, answer: readCoverage(database, query) };
      return last.answer;
    },
  };
}

export function readCoverage(
  database: DatabaseSync,
  { fromHour, toHour, now }: CoverageQuery,
): CoverageAnswer {
  const from = fromHour * 3600 - longestPeriod;
  const to = toHour * 3600;
  const last = database
    .prepare('SELECT listed_at FROM usage_listing ORDER BY id DESC LIMIT 1')
    .get();
  const firstStarts = readFirstStarts(database, to);
  const accepted = readAcceptedGaps(database, fromHour, toHour);
  const services = coverageOf({
    fromHour,
    toHour,
    now,
    firstStarts,
    periods: [...readArchived(database, from, to), ...readWaiting(database, from, to)],
    statements: accepted.filter(({ kind }) => kind !== 'gap'),
  });
  const begins = Math.floor(Math.min(...firstStarts.values()) / 3600);
  return {
    ...applyAcceptedGaps(services, accepted, fromHour, begins),
    listedAt: last ? Number(last.listed_at) : null,
  };
}

/** Of each service the start of its first object ever, where that is before a moment; Unix seconds. */
export function readFirstStarts(database: DatabaseSync, before: number): Map<string, number> {
  const rows = database
    .prepare(
      `SELECT service, min(start) AS first FROM (
         SELECT service, min(start) AS start FROM usage_object GROUP BY service
         UNION ALL SELECT service, min(start) FROM usage_listed GROUP BY service
       ) GROUP BY service HAVING min(start) < ?`,
    )
    .all(before);
  return new Map(rows.map((row) => [String(row.service), Number(row.first)]));
}

function readArchived(database: DatabaseSync, from: number, to: number): CoveredPeriod[] {
  return database
    .prepare(
      `SELECT service, start, period, nominal, digest, late, settled, conflicts FROM usage_object
       WHERE start >= ? AND start < ?`,
    )
    .all(from, to)
    .map((row) => ({
      serviceId: String(row.service),
      start: Number(row.start),
      period: Number(row.period),
      nominal: Number(row.nominal),
      digest: String(row.digest),
      archived: {
        late: Number(row.late) === 1,
        settled: Number(row.settled) === 1,
        conflicts: Number(row.conflicts),
      },
    }));
}

function readWaiting(database: DatabaseSync, from: number, to: number): CoveredPeriod[] {
  return database
    .prepare(
      `SELECT service, start, nominal FROM usage_listed l
       WHERE start >= ? AND start < ?
         AND NOT EXISTS (SELECT 1 FROM usage_object o WHERE o.name = l.name)`,
    )
    .all(from, to)
    .map((row) => ({
      serviceId: String(row.service),
      start: Number(row.start),
      period: Number(row.nominal),
      nominal: Number(row.nominal),
      digest: null,
      archived: null,
    }));
}

/** The decisions that touch some hours and were not taken back, oldest first. */
export function readAcceptedGaps(
  database: DatabaseSync,
  fromHour: number,
  toHour: number,
): AcceptedGap[] {
  return database
    .prepare(
      `SELECT id, kind, service, from_hour, to_hour, reason, operator, accepted_at FROM accepted_gap
       WHERE withdrawn_at IS NULL AND from_hour < ? AND to_hour > ? ORDER BY id`,
    )
    .all(toHour, fromHour)
    .map((row) => ({
      id: Number(row.id),
      kind: row.kind as AcceptedKind,
      serviceId: String(row.service),
      fromHour: Number(row.from_hour),
      ...endOf(database, row),
      reason: String(row.reason),
      operator: String(row.operator),
      acceptedAt: Number(row.accepted_at),
    }));
}

/** A retired service that writes again is not retired from then on: later gaps count again. */
function endOf(
  database: DatabaseSync,
  row: Record<string, unknown>,
): Pick<AcceptedGap, 'toHour' | 'wroteAt'> {
  const toHour = Number(row.to_hour);
  if (row.kind !== 'retired') return { toHour, wroteAt: null };
  const next = database
    .prepare(
      `SELECT min(start) AS start FROM (
         SELECT min(start) AS start FROM usage_object WHERE service = ?1 AND start >= ?2
         UNION ALL SELECT min(start) FROM usage_listed WHERE service = ?1 AND start >= ?2)`,
    )
    .get(String(row.service), (Number(row.from_hour) + 1) * 3600)?.start;
  if (next == null) return { toHour, wroteAt: null };
  const wroteAt = Number(next);
  return { toHour: Math.min(toHour, Math.floor(wroteAt / 3600)), wroteAt };
}
