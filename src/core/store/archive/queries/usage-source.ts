import type { SQLInputValue } from 'node:sqlite';
import { counterNames } from './roll-ups.ts';

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

interface PeriodQuery {
  fromHour: number;
  toHour: number;
  /** Whether they are to be added up by time or by subject. */
  key: 'hour' | 'day' | 'subject_id';
  filter: UsageFilter;
}

/**
 * Returns where a period's figures are read from, each part as rows of `slot, subject_id` and the six
 * figures: the totals by hour where subjects don't matter; else whole days from the roll-up by day and the
 * hours at either end from that by hour; for one service, which the roll-ups don't tell apart, the
 * counters.
 */
export function sourcesOfPeriod({ fromHour, toHour, key, filter }: PeriodQuery): SqlPart[] {
  const slot = key === 'hour' ? 'hour' : 'hour / 24';
  if (filter.serviceId !== undefined) {
    return [countersOfService(filter.serviceId, fromHour, toHour, key)];
  }
  if (key !== 'subject_id' && !onlySubjects(filter)) return [totals(slot, fromHour, toHour)];
  const firstDay = Math.ceil(fromHour / 24);
  const endDay = Math.floor(toHour / 24);
  if (key === 'hour' || firstDay >= endDay) return [hours(slot, fromHour, toHour)];
  const parts = [days(firstDay, endDay)];
  if (fromHour < firstDay * 24) parts.push(hours(slot, fromHour, firstDay * 24));
  if (endDay * 24 < toHour) parts.push(hours(slot, endDay * 24, toHour));
  return parts;
}

function totals(slot: string, from: number, to: number): SqlPart {
  return {
    sql: `SELECT ${slot} AS slot, ${columns} FROM usage_total WHERE hour >= ? AND hour < ?`,
    values: [from, to],
  };
}

/** Subject by subject, so that adding up by subject needs no sorting. */
function days(from: number, to: number): SqlPart {
  return {
    sql: `SELECT d.day AS slot, s.id AS subject_id, ${columns} FROM subject s
      CROSS JOIN usage_subject_day d ON d.subject_id = s.id AND d.day >= ? AND d.day < ?`,
    values: [from, to],
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
  key: PeriodQuery['key'],
): SqlPart {
  return {
    sql: `SELECT o.start / ${key === 'hour' ? 3600 : 86_400} AS slot, c.subject_id, ${counterNames
      .map((name) => `c.${name} AS ${name}`)
      .join(', ')}
      FROM usage_object o
      CROSS JOIN counter c ON c.id >= o.first_counter AND c.id < o.first_counter + o.counters
      WHERE o.service = ? AND o.start >= ? AND o.start < ?`,
    values: [serviceId, fromHour * 3600, toHour * 3600],
  };
}
