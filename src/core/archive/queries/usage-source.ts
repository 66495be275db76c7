import type { SQLInputValue } from 'node:sqlite';
import { counterNames } from './roll-ups.ts';

/** What figures are narrowed to. */
export interface UsageFilter {
  userId?: string | undefined;
  bucket?: string | undefined;
  epoch?: bigint | undefined;
  serviceId?: string | undefined;
}

/** A part of a statement with the values it binds, in order. */
export interface SqlPart {
  sql: string;
  values: SQLInputValue[];
}

/** The condition on `subject_id` that a filter makes; null where it makes none. */
export function onlySubjects(filter: UsageFilter): SqlPart | null {
  const conditions: [string, SQLInputValue][] = [];
  if (filter.userId !== undefined) conditions.push(['user_id = ?', filter.userId]);
  if (filter.bucket !== undefined) conditions.push(['bucket = ?', filter.bucket]);
  if (filter.epoch !== undefined) conditions.push(['epoch = ?', filter.epoch]);
  if (conditions.length === 0) return null;
  const where = conditions.map(([sql]) => sql).join(' AND ');
  return {
    sql: `subject_id IN (SELECT id FROM subject WHERE ${where})`,
    values: conditions.map(([, value]) => value),
  };
}

const columns = counterNames.join(', ');

/**
 * Where a period's figures are read from, as rows of `slot, subject_id` and the six figures: whole
 * days from the roll-up by day, the hours at either end from that by hour; for one service, which the
 * roll-ups don't tell apart, the counters themselves.
 */
export function sourceOfPeriod({
  fromHour,
  toHour,
  groupBy,
  filter,
}: {
  fromHour: number;
  toHour: number;
  groupBy: string;
  filter: UsageFilter;
}): SqlPart {
  if (filter.serviceId !== undefined) {
    return countersOfService(filter.serviceId, fromHour, toHour, groupBy);
  }
  if (groupBy === 'hour') return hours('hour', fromHour, toHour);
  const firstDay = Math.ceil(fromHour / 24);
  const endDay = Math.floor(toHour / 24);
  if (firstDay >= endDay) return hours('hour / 24', fromHour, toHour);
  const parts: SqlPart[] = [
    {
      sql: `SELECT day AS slot, subject_id, ${columns} FROM usage_day WHERE day >= ? AND day < ?`,
      values: [firstDay, endDay],
    },
  ];
  if (fromHour < firstDay * 24) parts.push(hours('hour / 24', fromHour, firstDay * 24));
  if (endDay * 24 < toHour) parts.push(hours('hour / 24', endDay * 24, toHour));
  return {
    sql: parts.map(({ sql }) => sql).join(' UNION ALL '),
    values: parts.flatMap(({ values }) => values),
  };
}

function hours(slot: string, from: number, to: number): SqlPart {
  return {
    sql: `SELECT ${slot} AS slot, subject_id, ${columns} FROM usage_hour WHERE hour >= ? AND hour < ?`,
    values: [from, to],
  };
}

function countersOfService(
  serviceId: string,
  fromHour: number,
  toHour: number,
  groupBy: string,
): SqlPart {
  return {
    sql: `SELECT o.start / ${groupBy === 'hour' ? 3600 : 86_400} AS slot, c.subject_id, ${counterNames
      .map((name) => `c.${name} AS ${name}`)
      .join(', ')}
      FROM usage_object o
      CROSS JOIN counter c ON c.id >= o.first_counter AND c.id < o.first_counter + o.counters
      WHERE o.service = ? AND o.start >= ? AND o.start < ?`,
    values: [serviceId, fromHour * 3600, toHour * 3600],
  };
}
