import type { DatabaseSync, StatementSync } from 'node:sqlite';
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
import type { Matches } from './match-maps.ts';
import { type Condition, PageFinder } from './page-finder.ts';

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

function sortedBy(by: SortKey): string | { figure: string } {
  return by in sortColumns
    ? sortColumns[by as keyof typeof sortColumns]
    : { figure: figureRows('user', userFigures[by as keyof typeof userFigures]) };
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
  readonly #finder: PageFinder;
  readonly #byIds: StatementSync;
  readonly #database: DatabaseSync;
  /** By the number of their owner; null before they were counted. */
  #unknown: ReadonlyMap<number, number> | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#finder = new PageFinder(database, 'user');
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
    const beside = questions.map(({ sql, values }) => this.#finder.beside(sql, ...values));
    return this.#finder.matches([...this.#searched(query), ...beside]);
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
    const beside = figureConditions('user', filter);
    return [...conditions, ...beside.map(({ sql, values }) => finder.beside(sql, ...values))];
  }
}

/** Rows whose column `current_bytes` is at least so much, which may be more than SQLite can hold. */
function atLeast(finder: PageFinder, bytes: number | string): Condition {
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
