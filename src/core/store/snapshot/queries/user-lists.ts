import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { toWireInteger } from '#shared/units.ts';
import { readIds } from '../orders/stored-orders.ts';
import { figureConditions, type ListQuestion } from './figure-conditions.ts';
import {
  besideRows,
  figureRows,
  userFigureColumns,
  userFigures,
  userFiguresOf,
} from './list-figures.ts';
import {
  type FoundPage,
  LeastRecentlyUsed,
  type MapCondition,
  type Matches,
  type MatchMap,
  RowFinder,
} from './row-finder.ts';

export type UserQuery = Omit<ParsedInput<'users.list'>, 'connectionId'>;
type UserPage = Pick<CallOutput<'users.list'>, 'total' | 'rows'>;
type UserRow = UserPage['rows'][number];

const sortColumns = {
  email: 'sort_key',
  userId: 'user_id',
  state: 'state',
  bucketCount: 'bucket_count',
  currentBytes: 'current_bytes',
} as const;

type Searched = Pick<UserQuery, 'search' | 'only'>;
type SortKey = NonNullable<UserQuery['sort']>['by'];

const sortFigures = { ...userFigures, plan: `collation_key(${userFigures.plan})` };

function sortedBy(by: SortKey): string | { figure: string } {
  return by in sortColumns
    ? sortColumns[by as keyof typeof sortColumns]
    : { figure: figureRows('user', sortFigures[by as keyof typeof sortFigures]) };
}

/** How many buckets of a user have a size that can't be true: stored below zero. */
export const unknownSizes = `(SELECT count(*) FROM bucket
  WHERE bucket.current_bytes < 0 AND bucket.owner = user.id) AS unknown_sizes`;

/** The same of all users that have any: buckets have no index by owner, so that all are read once. */
function readUnknownSizes(database: DatabaseSync): ReadonlyMap<number, number> {
  // most refreshes met no such figure
  if (!database.prepare("SELECT 1 FROM meta WHERE key = 'troubles'").get()) return new Map();
  const rows = database
    .prepare(`SELECT owner, count(*) AS sizes FROM bucket
      WHERE current_bytes < 0 AND owner IS NOT NULL GROUP BY owner`)
    .all();
  return new Map(rows.map(({ owner, sizes }) => [Number(owner), Number(sizes)]));
}

export class UserLists {
  readonly #finder: UserFinder;
  readonly #byIds: StatementSync;
  readonly #database: DatabaseSync;
  /** By the number of their owner; null before they were counted. */
  #unknown: ReadonlyMap<number, number> | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#finder = new UserFinder(database);
    this.#byIds = database.prepare(`
      SELECT user.*, ${userFigureColumns}
      FROM json_each(?) AS page CROSS JOIN user ON user.id = page.value ${besideRows.user}
      ORDER BY page.key`);
    this.#byIds.setReadBigInts(true);
  }

  /** Single rows were changed: what was found before may no longer be so. */
  forgetFound(): void {
    this.#finder.forgetFound();
    this.#unknown = null;
  }

  get size(): number {
    return this.#finder.size;
  }

  /** The ids of all users in the order of their e-mails. */
  byName(): Uint32Array {
    const ids: number[] = [];
    readIds(this.#database, 'SELECT id FROM user ORDER BY sort_key, id', [], (id) => ids.push(id));
    return Uint32Array.from(ids);
  }

  /** What is found by a search, and by questions for ids; null where there is none. */
  matching(query: Searched, questions: readonly ListQuestion[]): Matches | null {
    const figures = questions.map(({ sql, values }) => this.#finder.yielding(sql, ...values));
    return this.#finder.matches([...this.#searched(query), ...figures]);
  }

  list(query: UserQuery): UserPage {
    const { total, ids } = this.#finder.find({
      conditions: this.#conditions(query),
      column: sortedBy(query.sort?.by ?? 'email'),
      descending: query.sort?.descending ?? false,
      offset: query.offset,
      limit: query.limit,
    });
    return { total, rows: this.ofIds(ids) };
  }

  /** The rows of these ids, in their order, without those that are gone. */
  ofIds(ids: readonly number[]): UserRow[] {
    const rows = this.#byIds.all(JSON.stringify(ids));
    this.#unknown ??= readUnknownSizes(this.#database);
    return rows.map((row) => ({
      ...toUserRow({ ...row, unknown_sizes: this.#unknown?.get(Number(row.id)) ?? 0 }),
      ...userFiguresOf(row),
    }));
  }

  #searched({ search, only }: Searched): Condition[] {
    const finder = this.#finder;
    const conditions: Condition[] = [];
    if (only !== undefined) {
      conditions.push(finder.condition('user_id = ?', 'user_id <> ?', only));
    }
    const text = searchedText(search);
    if (text) {
      conditions.push(finder.condition('instr(search, ?) > 0', 'instr(search, ?) = 0', text));
    }
    return conditions;
  }

  #conditions({ filter = {}, ...query }: UserQuery): Condition[] {
    const finder = this.#finder;
    const conditions = this.#searched(query);
    if (filter.state) conditions.push(finder.condition('state = ?', 'state <> ?', filter.state));
    if (filter.buckets) {
      const [none, some] = ['bucket_count = 0', 'bucket_count > 0'];
      conditions.push(
        filter.buckets === 'none' ? finder.condition(none, some) : finder.condition(some, none),
      );
    }
    if (filter.system !== undefined) {
      conditions.push(finder.condition('system = ?', 'system <> ?', filter.system ? 1 : 0));
    }
    if (filter.minBytes !== undefined) conditions.push(atLeast(finder, filter.minBytes));
    const figures = figureConditions('user', filter);
    return [...conditions, ...figures.map(({ sql, values }) => finder.yielding(sql, ...values))];
  }
}

/** Rows whose column `current_bytes` is at least so much, which may be more than SQLite can hold. */
function atLeast(finder: UserFinder, bytes: number | string): Condition {
  const least = BigInt(bytes);
  const bounded = BigInt.asIntN(64, least) === least ? least : null;
  if (bounded !== null) {
    return finder.condition('current_bytes >= ?', 'current_bytes < ?', bounded);
  }
  return least > 0n ? finder.condition('FALSE', 'TRUE') : finder.condition('TRUE', 'FALSE');
}

/** Flags that were never read are stored as null. */
function flagsOf(flags: string[] | null): Pick<UserRow, 'flags' | 'flagsUnknown'> {
  return flags ? { flags } : { flags: [], flagsUnknown: true };
}

/** Sums that were never counted are stored below zero. */
function sumsOf(row: Record<string, unknown>) {
  if (Number(row.bucket_count) < 0)
    return { bucketCount: null, currentBytes: null, peakBytes: null };
  return {
    bucketCount: Number(row.bucket_count),
    currentBytes: toWireInteger(row.current_bytes as bigint),
    peakBytes: toWireInteger(row.peak_bytes as bigint),
  };
}

/** A row of the table `user`, read with big integers, as it travels. */
export function toUserRow(row: Record<string, unknown>): UserRow {
  return {
    userId: String(row.user_id),
    email: String(row.email),
    state: row.state as UserRow['state'],
    ...flagsOf(JSON.parse(String(row.flags)) as string[] | null),
    ownerId: String(row.owner_id),
    ...sumsOf(row),
    ...(Number(row.unknown_sizes) > 0 ? { unknownSizes: Number(row.unknown_sizes) } : {}),
    firstSeen: new Date(Number(row.first_seen)).toISOString(),
  };
}

interface Condition extends MapCondition {
  /** The same as a condition of SQL, where it is one. */
  sql?: SqlCondition;
}

interface SqlCondition {
  /** Begins with the column's name. */
  where: string;
  values: SQLInputValue[];
}

interface UserPageRequest {
  conditions: readonly Condition[];
  /**
   * The column to sort by, rows of equal value in the order of their ids; or a question for a figure that
   * is not in the table, which yields `id` and `value`: rows without it come last.
   */
  column: string | { figure: string };
  descending: boolean;
  offset: number;
  limit: number;
}

type ByColumn = UserPageRequest & { column: string };

const rememberedCounts = 64;
/** Looking a row up by its id and sorting it costs about as much as this many steps along an index. */
const stepsPerLookup = 12;
/** This many rows are looked at one by one before a match map is made instead. */
const mostLookups = 20_000;

/**
 * Finds pages of a table. The order comes from the index of the sorted column; what does not match is
 * passed over while walking along it, by the match map that is bound to the statement. Few matches are
 * looked up and sorted instead.
 */
export class UserFinder extends RowFinder {
  #counts = new LeastRecentlyUsed<string, number>(rememberedCounts);

  find({ column, ...request }: UserPageRequest): FoundPage {
    return typeof column === 'string'
      ? this.#findByColumn({ ...request, column })
      : this.byFigure(column.figure, this.matches(request.conditions), request);
  }

  #findByColumn(request: ByColumn): FoundPage {
    const { conditions, column } = request;
    const [first, ...others] = conditions;
    const plain = first?.sql && others.length === 0 ? this.#findPlainly(first, request) : null;
    if (plain) return plain;
    const matches = this.matches(conditions);
    return this.fromNearerEnd(
      matches?.total ?? this.size,
      request,
      (descending, skipped, wanted) => {
        const direction = descending ? 'DESC' : 'ASC';
        return matches
          ? this.#matchingIds(matches, column, direction, wanted, skipped)
          : this.#ids('', [], column, direction, wanted, skipped);
      },
    );
  }

  /**
   * A condition in SQL.
   * @param where what matches
   * @param otherwise what does not; of the two, the one with fewer rows is read
   */
  condition(where: string, otherwise: string, ...values: SQLInputValue[]): Condition {
    return {
      key: conditionKey({ where, values }),
      sql: { where, values },
      matches: () => {
        const matching = this.#count({ where, values });
        const inverted = matching * 2 > this.size;
        const map = new Uint8Array(this.lastId).fill(inverted ? 1 : 0);
        this.#mark(map, inverted ? 0 : 1, inverted ? otherwise : where, values);
        return this.present(map);
      },
    };
  }

  protected measure() {
    const figures = `SELECT ifnull(max(id), 0) AS last, count(*) AS size FROM user`;
    const row = this.database.prepare(figures).get();
    const [lastId, size] = [Number(row?.last), Number(row?.size)];
    this.#counts = new LeastRecentlyUsed(rememberedCounts);
    if (size === lastId) return { lastId, size, present: null };
    const present = new Uint8Array(lastId);
    this.#mark(present, 1, 'TRUE', []);
    return { lastId, size, present };
  }

  /** A page near the beginning, by one condition that many rows fulfil: no match map is needed. */
  #findPlainly(
    { sql }: Condition,
    { column, descending, offset, limit }: ByColumn,
  ): FoundPage | null {
    if (!sql) return null;
    const total = this.#count(sql);
    if (offset >= total) return { total, ids: [] };
    const sorted = sql.where.startsWith(`${column} `);
    if (!sorted && ((offset + limit) * this.size) / total > mostLookups) return null;
    // The sign keeps SQLite from reading by this condition's index, and sorting all that match.
    const where = `WHERE ${sorted ? '' : '+'}${sql.where}`;
    const direction = descending ? 'DESC' : 'ASC';
    return { total, ids: this.#ids(where, sql.values, column, direction, limit, offset) };
  }

  /** Puts a value into a match map wherever a condition is fulfilled. */
  #mark(map: MatchMap, value: 0 | 1, where: string, values: readonly SQLInputValue[]): void {
    readIds(this.database, `SELECT id FROM user WHERE ${where}`, values, (id) => {
      map[id - 1] = value;
    });
  }

  #count(sql: SqlCondition): number {
    return this.#counts.get(conditionKey(sql), () => {
      const count = `SELECT count(*) AS matching FROM user WHERE ${sql.where}`;
      return Number(this.database.prepare(count).get(...sql.values)?.matching);
    });
  }

  #matchingIds(
    { map, total }: Matches,
    column: string,
    direction: string,
    limit: number,
    offset: number,
  ): number[] {
    const steps = ((offset + limit) * this.size) / total;
    if (total * stepsPerLookup > steps) {
      return this.#ids("WHERE substr(?, id, 1) = x'01'", [map], column, direction, limit, offset);
    }
    const ids: number[] = [];
    for (let at = map.indexOf(1); at >= 0; at = map.indexOf(1, at + 1)) ids.push(at + 1);
    const among = 'WHERE id IN (SELECT value FROM json_each(?))';
    return this.#ids(among, [JSON.stringify(ids)], column, direction, limit, offset);
  }

  #ids(
    where: string,
    values: SQLInputValue[],
    column: string,
    direction: string,
    limit: number,
    offset: number,
  ): number[] {
    const order = column === 'id' ? `id ${direction}` : `${column} ${direction}, id ${direction}`;
    const sql = `SELECT id FROM user ${where} ORDER BY ${order} LIMIT ? OFFSET ?`;
    const rows = this.database.prepare(sql).all(...values, limit, offset);
    return rows.map((row) => Number(row.id));
  }
}

function conditionKey({ where, values }: SqlCondition): string {
  return JSON.stringify([where, ...values.map(String)]);
}
