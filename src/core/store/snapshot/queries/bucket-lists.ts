import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { toWireInteger, type WireInteger } from '#shared/units.ts';
import type { NearWords } from '../../../platform/near-words.ts';
import { type OrderedColumn, readIds, StoredOrders } from '../orders/stored-orders.ts';
import { figureConditions, type ListQuestion } from './figure-conditions.ts';
import {
  besideRows,
  bucketFigureColumns,
  bucketFigures,
  bucketFiguresOf,
  figureRows,
} from './list-figures.ts';
import { NameSearch, type SearchedNames } from './name-search.ts';
import {
  type FoundPage,
  type MapCondition,
  type Matches,
  type MatchMap,
  RowFinder,
  walk,
} from './row-finder.ts';

export type BucketQuery = Omit<ParsedInput<'buckets.list'>, 'connectionId'>;
/** A bucket as last seen. */
export type SnapshotBucket = Omit<CallOutput<'buckets.get'>, 'source'>;
type BucketPage = Pick<CallOutput<'buckets.list'>, 'total' | 'rows'>;
type BucketRow = BucketPage['rows'][number];

const sortColumns = {
  name: 'name',
  ownerEmail: 'owner',
  currentBytes: 'current_bytes',
  peakBytes: 'peak_bytes',
  createdAt: 'created_at',
  lastHour: 'last_hour',
} as const;

/** This many rows are looked up one by one before all are read instead. */
const mostLookups = 20_000;

const columns = `bucket.*, user.user_id AS known_owner_id, user.email AS owner_email`;

type Searched = Pick<BucketQuery, 'search' | 'only'>;
type SortKey = NonNullable<BucketQuery['sort']>['by'];

function sortedBy(by: SortKey): OrderedColumn | { figure: string } {
  return by in sortColumns
    ? sortColumns[by as keyof typeof sortColumns]
    : { figure: figureRows('bucket', bucketFigures[by as keyof typeof bucketFigures]) };
}

/** The buckets of an open snapshot, by page and by name. */
export class BucketLists {
  readonly #finder: BucketFinder;
  readonly #names: NameSearch;
  readonly #byIds: StatementSync;
  readonly #byName: StatementSync;
  readonly #ownerOf: StatementSync;

  /** @param names all names of that snapshot */
  constructor(database: DatabaseSync, names: readonly SearchedNames[]) {
    this.#finder = new BucketFinder(database);
    this.#names = new NameSearch(names, this.#finder.lastId);
    this.#byIds = database.prepare(`
      SELECT ${columns}, ${bucketFigureColumns} FROM json_each(?) AS page
        CROSS JOIN bucket ON bucket.id = page.value LEFT JOIN user ON user.id = bucket.owner
        ${besideRows.bucket} ORDER BY page.key`);
    this.#byName = database.prepare(`
      SELECT ${columns} FROM bucket LEFT JOIN user ON user.id = bucket.owner WHERE name = ?`);
    this.#ownerOf = database.prepare('SELECT id FROM user WHERE user_id = ?');
    this.#byIds.setReadBigInts(true);
    this.#byName.setReadBigInts(true);
  }

  /** Single rows were changed: what was found before may no longer be so. */
  forgetFound(): void {
    this.#finder.forgetFound();
  }

  get size(): number {
    return this.#finder.size;
  }

  /** The ids of all buckets in the order of their names; also of some that are gone. */
  byName(): Uint32Array {
    return this.#finder.orders.ids('name');
  }

  /** What is found by a search, and by questions for ids; null where there is none. */
  matching(query: Searched, questions: readonly ListQuestion[]): Matches | null {
    return this.#finder.matches([...this.#searched(query), ...questions.map(this.#asked)]);
  }

  /** One page of the buckets, and how many match. */
  list(query: BucketQuery): BucketPage {
    const { total, ids } = this.#finder.find({
      conditions: this.#conditions(query),
      column: sortedBy(query.sort?.by ?? 'name'),
      descending: query.sort?.descending ?? false,
      offset: query.offset,
      limit: query.limit,
    });
    return { total, rows: this.ofIds(ids) };
  }

  /** Ids of the first buckets whose name holds a text. */
  firstHolding(text: string, limit: number): number[] {
    return this.#names.first(text, limit);
  }

  /** {@link NameSearch.readWords} of all buckets, also of some that are gone. */
  readWords(words: NearWords): boolean {
    return this.#names.readWords(words);
  }

  /** {@link NameSearch.near} of all buckets. */
  near(words: NearWords, search: string, limit: number): number[] {
    return this.#names.near(words, search, limit);
  }

  get(name: string): BucketRow | null {
    const row = this.#byName.get(name);
    return row ? toBucketRow(row) : null;
  }

  /** The first of all buckets in a descending order; those without a value last. */
  greatest(column: OrderedColumn, limit: number): BucketRow[] {
    const request = { conditions: [], column, descending: true, offset: 0, limit };
    return this.ofIds(this.#finder.find(request).ids);
  }

  /** The rows of these ids, in their order, without those that are gone. */
  ofIds(ids: readonly number[]): BucketRow[] {
    const rows = this.#byIds.all(JSON.stringify(ids));
    return rows.map((row) => ({ ...toBucketRow(row), ...bucketFiguresOf(row) }));
  }

  #searched({ search, only }: Searched): MapCondition[] {
    const conditions: MapCondition[] = [];
    if (only !== undefined) {
      conditions.push({ key: `only ${only}`, matches: () => this.#named(only) });
    }
    const text = searchedText(search);
    if (text) {
      const matches = () => this.#finder.present(this.#names.matches(text));
      conditions.push({ key: `name ${text}`, matches });
    }
    return conditions;
  }

  readonly #asked = ({ sql, values }: ListQuestion): MapCondition =>
    this.#finder.yielding(sql, ...values);

  #conditions({ ownerId, filter = {}, ...query }: BucketQuery): MapCondition[] {
    const conditions = this.#searched(query);
    const { orders } = this.#finder;
    if (ownerId !== undefined) conditions.push(this.#ownedBy(ownerId));
    if (filter.size) {
      conditions.push(
        this.#spans(`size ${filter.size}`, 'current_bytes', (end) => {
          const [start, filled] = [
            orders.before('current_bytes', 0),
            orders.upTo('current_bytes', 0),
          ];
          return filter.size === 'empty'
            ? [[start, filled]]
            : [
                [0, start],
                [filled, end],
              ];
        }),
      );
    }
    const { minBytes, ownerKnown, createdAfter, createdBefore } = filter;
    if (minBytes !== undefined) {
      const key = `from ${minBytes}`;
      const least = BigInt(minBytes);
      conditions.push(this.#spans(key, 'current_bytes', (end) => [[this.#below(least), end]]));
    }
    if (ownerKnown !== undefined) {
      conditions.push(
        this.#spans(`owner known ${ownerKnown}`, 'owner', (end) =>
          ownerKnown ? [[orders.without('owner'), end]] : [[0, orders.without('owner')]],
        ),
      );
    }
    if (createdAfter) {
      conditions.push(
        this.#spans(`after ${createdAfter}`, 'created_at', (end) => [
          [orders.before('created_at', Date.parse(createdAfter)), end],
        ]),
      );
    }
    if (createdBefore) {
      conditions.push(
        this.#spans(`before ${createdBefore}`, 'created_at', () => [
          [orders.without('created_at'), orders.before('created_at', Date.parse(createdBefore))],
        ]),
      );
    }
    return [...conditions, ...figureConditions('bucket', filter).map(this.#asked)];
  }

  /** What is in spans of a column's order, which ends at the given place. */
  #spans(key: string, column: OrderedColumn, spans: (end: number) => Span[]): MapCondition {
    const { orders } = this.#finder;
    return {
      key,
      matches: () => this.#finder.inSpans(column, spans(orders.ids(column).length)),
    };
  }

  /** How many hold less than this many bytes, which may be more than SQLite can hold. */
  #below(bytes: bigint): number {
    const { orders } = this.#finder;
    if (BigInt.asIntN(64, bytes) === bytes) return orders.before('current_bytes', bytes);
    return bytes > 0n ? orders.ids('current_bytes').length : 0;
  }

  #ownedBy(ownerId: string): MapCondition {
    const { orders } = this.#finder;
    const owner = this.#ownerOf.get(ownerId)?.id;
    const key = `owner ${ownerId}`;
    if (owner === undefined) return { key, matches: () => this.#ofUnknownOwner(ownerId) };
    const ends = (): Span[] => [[orders.before('owner', owner), orders.upTo('owner', owner)]];
    return this.#spans(key, 'owner', ends);
  }

  #named(name: string): MatchMap {
    const map = new Uint8Array(this.#finder.lastId);
    const id = this.#byName.get(name)?.id;
    if (id !== undefined) map[Number(id) - 1] = 1;
    return this.#finder.present(map);
  }

  /** Buckets of a user that is not listed, looked for among those whose owner is unknown. */
  #ofUnknownOwner(ownerId: string): MatchMap {
    const { orders } = this.#finder;
    const unknown = orders.ids('owner').subarray(0, orders.without('owner'));
    const [among, values] =
      unknown.length > mostLookups
        ? ['owner IS NULL', []]
        : ['id IN (SELECT value FROM json_each(?))', [JSON.stringify(Array.from(unknown))]];
    const sql = `SELECT id FROM bucket WHERE ${among} AND owner_id = ?`;
    return this.#finder.yielded(sql, [...values, ownerId]);
  }
}

/** A figure that can't be true is stored below zero. */
function figure(value: unknown): WireInteger | null {
  return (value as bigint) < 0n ? null : toWireInteger(value as bigint);
}

function toBucketRow(row: Record<string, unknown>): BucketRow {
  return {
    name: String(row.name),
    ownerId: String(row.known_owner_id ?? row.owner_id ?? ''),
    ownerEmail: row.owner_email === null ? null : String(row.owner_email),
    currentBytes: figure(row.current_bytes),
    peakBytes: figure(row.peak_bytes),
    byteIntegral: figure(row.byte_integral),
    lastHour: Number(row.last_hour),
    createdAt: row.created_at === null ? null : new Date(Number(row.created_at)).toISOString(),
    epoch: figure(row.epoch),
    firstSeen: new Date(Number(row.first_seen)).toISOString(),
  };
}

interface BucketPageRequest {
  conditions: readonly MapCondition[];
  /**
   * Buckets of equal value are in the order of their ids. Or a question for a figure that is not in the
   * table, which yields `id` and `value`: buckets without it come last.
   */
  column: OrderedColumn | { figure: string };
  descending: boolean;
  offset: number;
  limit: number;
}

/** From where to where in a column's order, the end not included. */
type Span = readonly [start: number, end: number];

/**
 * Finds pages of the buckets. A page is a piece of the order of the sorted column; what does not match
 * is passed over while walking along it. A condition on a column matches a span of that column's order.
 */
export class BucketFinder extends RowFinder {
  readonly orders: StoredOrders;

  constructor(database: DatabaseSync) {
    super(database);
    this.orders = new StoredOrders(database);
  }

  /** What is in the given spans of a column's order. */
  inSpans(column: OrderedColumn, spans: readonly Span[]): MatchMap {
    const map = new Uint8Array(this.lastId);
    const ids = this.orders.ids(column);
    for (const [start, end] of spans) {
      for (let at = start; at < end; at += 1) map[(ids[at] as number) - 1] = 1;
    }
    return this.present(map);
  }

  find({ conditions, column, ...part }: BucketPageRequest): FoundPage {
    const matches = this.matches(conditions);
    if (typeof column !== 'string') return this.byFigure(column.figure, matches, part);
    const { size, present } = this.extent;
    const map = matches?.map ?? present;
    return this.fromNearerEnd(matches?.total ?? size, part, (descending, skipped, wanted) =>
      walk(this.orders.ids(column), map, descending, skipped, wanted),
    );
  }

  protected measure() {
    this.orders.forget();
    const last = this.database.prepare('SELECT ifnull(max(id), 0) AS last FROM bucket').get();
    const lastId = Number(last?.last);
    let size = lastId;
    let present: MatchMap | null = null;
    readIds(this.database, 'SELECT id FROM removed_bucket', [], (id) => {
      if (id > lastId) return;
      present ??= new Uint8Array(lastId).fill(1);
      present[id - 1] = 0;
      size -= 1;
    });
    return { lastId, size, present };
  }
}
