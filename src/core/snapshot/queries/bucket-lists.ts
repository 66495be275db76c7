import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { BucketQuery } from '../snapshot.ts';
import { NameSearch } from './name-search.ts';
import { type Condition, PageFinder } from './page-finder.ts';

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

const columns = `bucket.*, user.user_id AS known_owner_id, user.email AS owner_email`;

/** The buckets of an open snapshot, by page and by name. */
export class BucketLists {
  readonly #finder: PageFinder;
  readonly #names: NameSearch;
  readonly #byIds: StatementSync;
  readonly #byName: StatementSync;
  readonly #ownerOf: StatementSync;

  constructor(database: DatabaseSync) {
    this.#finder = new PageFinder(database, 'bucket');
    this.#names = new NameSearch(database, this.#finder.lastId);
    this.#byIds = database.prepare(`
      SELECT ${columns} FROM json_each(?) AS page
        JOIN bucket ON bucket.id = page.value LEFT JOIN user ON user.id = bucket.owner
      ORDER BY page.key`);
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

  /** One page of the buckets, and how many match. */
  list(query: BucketQuery): BucketPage {
    const { total, ids } = this.#finder.find({
      conditions: this.#conditions(query),
      column: sortColumns[query.sort?.by ?? 'name'],
      descending: query.sort?.descending ?? false,
      offset: query.offset,
      limit: query.limit,
    });
    return { total, rows: this.#byIds.all(JSON.stringify(ids)).map(toBucketRow) };
  }

  /** The bucket of exactly that name. */
  get(name: string): BucketRow | null {
    const row = this.#byName.get(name);
    return row ? toBucketRow(row) : null;
  }

  #conditions({ search, ownerId, filter = {} }: BucketQuery): Condition[] {
    const finder = this.#finder;
    const conditions: Condition[] = [];
    const text = search?.trim();
    if (text) {
      conditions.push({
        key: `name ${text}`,
        matches: () => finder.present(this.#names.matches(text)),
      });
    }
    if (ownerId !== undefined) conditions.push(this.#ownedBy(ownerId));
    if (filter.size) {
      const [empty, filled] = ['current_bytes = 0', 'current_bytes <> 0'];
      conditions.push(
        filter.size === 'empty' ? finder.condition(empty, filled) : finder.condition(filled, empty),
      );
    }
    if (filter.minBytes !== undefined) conditions.push(atLeast(finder, filter.minBytes));
    if (filter.ownerKnown !== undefined) {
      const [known, unknown] = ['owner IS NOT NULL', 'owner IS NULL'];
      conditions.push(
        filter.ownerKnown ? finder.condition(known, unknown) : finder.condition(unknown, known),
      );
    }
    if (filter.createdAfter) {
      const otherwise = 'created_at < ? OR created_at IS NULL';
      const after = Date.parse(filter.createdAfter);
      conditions.push(finder.condition('created_at >= ?', otherwise, after));
    }
    if (filter.createdBefore) {
      const otherwise = 'created_at >= ? OR created_at IS NULL';
      const before = Date.parse(filter.createdBefore);
      conditions.push(finder.condition('created_at < ?', otherwise, before));
    }
    return conditions;
  }

  #ownedBy(ownerId: string): Condition {
    const owner = this.#ownerOf.get(ownerId)?.id;
    if (owner === undefined) {
      const otherwise = 'owner IS NOT NULL OR owner_id <> ?';
      return this.#finder.condition('owner IS NULL AND owner_id = ?', otherwise, ownerId);
    }
    return this.#finder.condition('owner = ?', 'owner <> ? OR owner IS NULL', owner);
  }
}

/** Rows whose column `current_bytes` is at least so much, which may be more than SQLite can hold. */
export function atLeast(finder: PageFinder, bytes: number | string): Condition {
  const least = BigInt(bytes);
  const bounded = BigInt.asIntN(64, least) === least ? least : null;
  if (bounded !== null) {
    return finder.condition('current_bytes >= ?', 'current_bytes < ?', bounded);
  }
  return least > 0n ? finder.condition('FALSE', 'TRUE') : finder.condition('TRUE', 'FALSE');
}

function toBucketRow(row: Record<string, unknown>): BucketRow {
  return {
    name: String(row.name),
    ownerId: String(row.known_owner_id ?? row.owner_id ?? ''),
    ownerEmail: row.owner_email === null ? null : String(row.owner_email),
    currentBytes: toWireInteger(row.current_bytes as bigint),
    peakBytes: toWireInteger(row.peak_bytes as bigint),
    byteIntegral: toWireInteger(row.byte_integral as bigint),
    lastHour: Number(row.last_hour),
    createdAt: row.created_at === null ? null : new Date(Number(row.created_at)).toISOString(),
    epoch: toWireInteger(row.epoch as bigint),
    firstSeen: new Date(Number(row.first_seen)).toISOString(),
  };
}
