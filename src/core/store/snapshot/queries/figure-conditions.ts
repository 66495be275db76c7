import type { SQLInputValue } from 'node:sqlite';
import type { z } from 'zod';
import type { bucketFilter } from '#shared/contract/buckets.ts';
import type { userFilter } from '#shared/contract/users.ts';
import { day } from '#shared/durations.ts';
import { searchedText } from '#shared/plain-text.ts';
import { besideRows, bucketFigures, figureRows, userFigures } from './list-figures.ts';

type Filter = z.output<typeof userFilter> & z.output<typeof bucketFilter>;
type Kind = 'user' | 'bucket';

/** A question that yields the `id` of what matches. */
export interface ListQuestion {
  sql: string;
  values: SQLInputValue[];
}

const figures: Record<Kind, Record<string, string>> = { user: userFigures, bucket: bucketFigures };

const time = (value: string): number => Date.parse(value);

/** Filters by a bound of a figure: the figure, how it is compared, and with what. */
const bounds: {
  [Name in keyof Filter]?: [
    figure: string,
    compared: string,
    asked?: (value: NonNullable<Filter[Name]>) => SQLInputValue,
  ];
} = {
  minUsed: ['used', '>='],
  maxUsed: ['used', '<='],
  minTraffic: ['traffic', '>=', BigInt],
  maxTraffic: ['traffic', '<=', BigInt],
  // a day of the statistics (UTC) that reaches into the period counts
  activeAfter: ['lastActive', '>', (value) => time(value) - day],
  activeBefore: ['lastActive', '<', time],
  keys: ['keys', '='],
  plan: ['plan', '='],
  firstSeenAfter: ['firstSeen', '>=', time],
  firstSeenBefore: ['firstSeen', '<', time],
  minGrowth: ['growth', '>=', BigInt],
  maxGrowth: ['growth', '<=', BigInt],
};

const quotas: Record<NonNullable<Filter['quota']>, string> = {
  over: 'used >= 1',
  near: 'used >= 0.8 AND used < 1',
  set: 'quota IS NOT NULL',
  none: 'quota_set = 0 AND quota IS NULL',
  unknown: 'quota_set IS NULL',
};

/** Whether a text has that part. No text matches nothing: it must not widen what a change is made on. */
const partOf = (column: string): string => `instr(${column}, nullif(?, '')) > 0`;

/** Filters by what is next to users or buckets, as questions; null in a figure matches nothing. */
export function figureConditions(kind: Kind, filter: Partial<Filter>): ListQuestion[] {
  const questions: ListQuestion[] = [];
  const ask = (sql: string, ...values: SQLInputValue[]) => questions.push({ sql, values });
  for (const [name, value] of Object.entries(filter)) {
    const [figure, compared, asked] = bounds[name as keyof Filter] ?? [];
    const sql = figure === undefined ? undefined : figures[kind][figure];
    if (sql === undefined || value === undefined) continue;
    const bound = asked ? (asked as (value: unknown) => SQLInputValue)(value) : value;
    ask(
      `SELECT id FROM (${figureRows(kind, sql)}) WHERE value ${compared} ?`,
      bound as SQLInputValue,
    );
  }
  if (filter.maxBytes !== undefined) {
    ask(`SELECT id FROM ${kind} WHERE current_bytes BETWEEN 0 AND ?`, BigInt(filter.maxBytes));
  }
  if (filter.quota) {
    const { quota, used } = figures[kind];
    ask(`SELECT id FROM (SELECT ${kind}.id AS id, target.quota_set, ${quota} AS quota, ${used} AS used
      FROM ${kind} ${besideRows[kind]}) WHERE ${quotas[filter.quota]}`);
  }
  if (filter.owner !== undefined) {
    ask(
      `SELECT id FROM bucket WHERE owner IN (SELECT id FROM user WHERE ${partOf('search')})`,
      searchedText(filter.owner),
    );
  }
  return [...questions, ...customerConditions(filter)];
}

function customerConditions({ customer, customers, plans }: Partial<Filter>): ListQuestion[] {
  const where: [condition: string, ...values: SQLInputValue[]][] = [];
  if (customer !== undefined) {
    where.push([partOf('customer.words'), searchedText(customer)]);
  }
  const has = { some: 'IS TRUE', none: 'IS NOT TRUE' };
  if (customers) where.push([`(customer.sort_key IS NOT NULL) ${has[customers]}`]);
  if (plans) where.push([`(customer.plan IS NOT NULL) ${has[plans]}`]);
  return where.map(([condition, ...values]) => ({
    sql: `SELECT user.id AS id FROM user ${besideRows.user} WHERE ${condition}`,
    values,
  }));
}
