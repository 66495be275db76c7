import type { DatabaseSync } from 'node:sqlite';
import { addTo, noCounters, type UsageCounters } from '../../../gateway/usage-object.ts';
import { exactSums, type KeyedSum } from './exact-sums.ts';
import { counterNames } from './roll-ups.ts';
import { onlySubjects, sourcesOfPeriod, type UsageFilter } from './usage-source.ts';

export type GroupBy = 'user' | 'bucket' | 'day' | 'hour';

/** What a report is made from. Hours are whole ones since the Unix epoch, `toHour` not included. */
interface ReportQuery {
  fromHour: number;
  toHour: number;
  groupBy: GroupBy;
  filter: UsageFilter;
}

/** One sum; what it is not grouped by is null. `slot`: hours or days since the epoch. */
export interface ReportGroup extends UsageCounters {
  /** Grouped by bucket: who used it, where that was one user only. */
  userId: string | null;
  email: string | null;
  bucket: string | null;
  epoch: bigint | null;
  slot: number | null;
}

export function reportReaders(database: DatabaseSync) {
  return {
    /** Every group of a report, in no order. Sums are exact at any size. */
    reportGroups(query: ReportQuery): ReportGroup[] {
      const { groupBy, filter } = query;
      const only = onlySubjects(filter);
      if (groupBy === 'day' || groupBy === 'hour') {
        const parts = sourcesOfPeriod({ ...query, key: groupBy });
        return exactSums(database, parts, 'slot', only).map(toSlot);
      }
      const parts = sourcesOfPeriod({ ...query, key: 'subject_id' });
      return mergeSubjects(database, exactSums(database, parts, 'subject_id', only), groupBy);
    },
    /** Names of buckets that had more than one epoch. */
    recreatedBuckets: (): string[] =>
      database
        .prepare(
          `SELECT bucket FROM subject WHERE bucket <> ''
           GROUP BY bucket HAVING min(epoch) <> max(epoch)`,
        )
        .all()
        .map((row) => String(row.bucket)),
    /** E-mail by user id, of every user that was ever seen, also of those that are gone. */
    knownEmails: (): Map<string, string> => readEmails(database),
  };
}

function toSlot({ key, sums }: KeyedSum): ReportGroup {
  return { userId: null, email: null, bucket: null, epoch: null, slot: key, ...sums };
}

/** From sums by subject to sums by user or by bucket, which are fewer. */
function mergeSubjects(
  database: DatabaseSync,
  sums: KeyedSum[],
  groupBy: 'user' | 'bucket',
): ReportGroup[] {
  const groups = new Map<string, ReportGroup>();
  const emails = readEmails(database);
  const subjects = readSubjects(database);
  for (const { key, sums: part } of sums) {
    const subject = subjects.get(key);
    if (!subject) continue;
    const { userId, bucket, epoch } = subject;
    const name = groupBy === 'user' ? userId : `${bucket}\n${epoch}`;
    const group = groups.get(name);
    if (group) {
      addTo(group, part);
      if (group.userId !== userId) group.userId = null;
    } else {
      const of = groupBy === 'user' ? { bucket: null, epoch: null } : { bucket, epoch };
      groups.set(name, { userId, email: null, slot: null, ...of, ...part });
    }
  }
  for (const group of groups.values()) {
    if (group.userId !== null) group.email = emails.get(group.userId) ?? null;
  }
  return [...groups.values()];
}

function readSubjects(
  database: DatabaseSync,
): Map<number, { userId: string; bucket: string; epoch: bigint }> {
  const rows = database.prepare('SELECT id, user_id, bucket, epoch FROM subject').all();
  return new Map(
    rows.map((row) => [
      Number(row.id),
      { userId: String(row.user_id), bucket: String(row.bucket), epoch: row.epoch as bigint },
    ]),
  );
}

function readEmails(database: DatabaseSync): Map<string, string> {
  const rows = database.prepare('SELECT user_id, email FROM known_user').all();
  return new Map(rows.map((row) => [String(row.user_id), String(row.email)]));
}

/** An object that reaches over a moment, with what each user did in it. */
export interface OverlappingObject {
  /** How far it reaches beyond the moment. */
  seconds: number;
  users: Map<string, UsageCounters>;
}

/** No object counts longer; Unix seconds. */
const longestPeriod = 31 * 86_400;

export function overlapReaders(database: DatabaseSync) {
  return {
    /**
     * Objects that begin before an hour and end in it or later. Their counters belong to the hour in
     * which they begin, undivided.
     */
    readOverlap: ({ hour }: { hour: number }): OverlappingObject[] => {
      const moment = hour * 3600;
      const objects = database
        .prepare(
          `SELECT start, period, first_counter, counters FROM usage_object
           WHERE start < ?1 AND start > ?2 AND start + period > ?1`,
        )
        .all(moment, moment - longestPeriod);
      const counters = database.prepare(
        `SELECT s.user_id, ${counterNames.map((name) => `c.${name}`).join(', ')}
         FROM counter c JOIN subject s ON s.id = c.subject_id WHERE c.id >= ? AND c.id < ?`,
      );
      return objects.map(({ start, period, first_counter, counters: count }) => {
        const first = Number(first_counter);
        const users = new Map<string, UsageCounters>();
        for (const { user_id: userId, ...row } of counters.all(first, first + Number(count))) {
          const sum = users.get(String(userId)) ?? noCounters();
          addTo(sum, row as unknown as UsageCounters);
          users.set(String(userId), sum);
        }
        return { seconds: Number(start) + Number(period) - moment, users };
      });
    },
  };
}
