import type { DatabaseSync } from 'node:sqlite';
import type { UsageCounters } from '../../../gateway/usage-object.ts';
import { addTo, noCounters } from './exact-sums.ts';
import { counterNames } from './roll-ups.ts';

/** Objects that reach over a moment, with what they count. */
export interface Overlap extends UsageCounters {
  objects: number;
  /** How far the farthest reaches beyond it. */
  seconds: number;
}

/** No object counts longer; Unix seconds. */
const longestPeriod = 31 * 86_400;

/** What reaches over a moment. */
export function overlapReaders(database: DatabaseSync) {
  return {
    /**
     * Objects that begin before an hour and end in it or later. Their counters belong to the hour in
     * which they begin, undivided.
     * @param input `userIds` null: of everybody
     */
    readOverlap: ({ hour, userIds }: { hour: number; userIds: string[] | null }): Overlap => {
      const moment = hour * 3600;
      const objects = database
        .prepare(
          `SELECT start, period, first_counter, counters FROM usage_object
           WHERE start < ?1 AND start > ?2 AND start + period > ?1`,
        )
        .all(moment, moment - longestPeriod);
      const overlap = { objects: 0, seconds: 0, ...noCounters() };
      const counters = database.prepare(
        `SELECT ${counterNames.map((name) => `c.${name}`).join(', ')}
         FROM counter c JOIN subject s ON s.id = c.subject_id
         WHERE c.id >= ? AND c.id < ?
           AND (?3 IS NULL OR s.user_id IN (SELECT value FROM json_each(?3)))`,
      );
      const only = userIds === null ? null : JSON.stringify(userIds);
      for (const { start, period, first_counter, counters: count } of objects) {
        const first = Number(first_counter);
        const rows = counters.all(first, first + Number(count), only);
        if (rows.length === 0) continue;
        for (const row of rows) addTo(overlap, row as unknown as UsageCounters);
        overlap.objects += 1;
        overlap.seconds = Math.max(overlap.seconds, Number(start) + Number(period) - moment);
      }
      return overlap;
    },
  };
}
