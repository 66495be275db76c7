import type { DatabaseSync } from 'node:sqlite';

type Row = Record<string, unknown>;

/** Where changes of sizes are: whose they are, and what else a row says. */
const tables = [
  { table: 'user_size', key: 'user_id', extra: 'buckets', nothing: 0 },
  { table: 'bucket_size', key: 'bucket', extra: 'owner_id', nothing: '' },
] as const;

export interface SizeChange {
  /** Unix milliseconds. */
  at: number;
  bytes: bigint;
  /** Buckets of a user, owner of a bucket. */
  extra: bigint | string;
  gone: boolean;
}

/** One archive's record of one user or bucket: when it looked, and what had changed by then. */
interface SizeRecord {
  looks: readonly number[];
  changes: readonly SizeChange[];
}

/**
 * Unites two records of one size. A record writes only what differs from its own look before, so that
 * the rows of both side by side would say too little: where one saw a change and the other, looking
 * later, did not, the size had changed back. At each look the one that looked is right.
 */
export function uniteSizes(own: SizeRecord, other: SizeRecord): SizeChange[] {
  const [here, there] = [new Course(own), new Course(other)];
  const united: SizeChange[] = [];
  let before: SizeChange | undefined;
  for (;;) {
    const at = Math.min(here.next, there.next);
    if (at === Number.POSITIVE_INFINITY) return united;
    const now = here.valueAt(at);
    const also = there.valueAt(at);
    const [looked, notLooked] = here.lookedAt(at) ? [now, there] : [also, here];
    if (isSame(before, looked)) continue;
    before = looked ? { ...looked, at } : { at, bytes: 0n, extra: before?.extra ?? '', gone: true };
    united.push(before);
    notLooked.lookAfter(at);
  }
}

/** One record, gone through in the order of time. */
class Course {
  readonly #record: SizeRecord;
  readonly #looks: ReadonlySet<number>;
  #change = 0;
  /** A look at which the other record's change has to show, or not. */
  #look = Number.POSITIVE_INFINITY;

  constructor(record: SizeRecord) {
    this.#record = record;
    this.#looks = new Set(record.looks);
  }

  /** The next moment at which this record says something. */
  get next(): number {
    const change = this.#record.changes[this.#change]?.at ?? Number.POSITIVE_INFINITY;
    return Math.min(change, this.#look);
  }

  lookedAt(at: number): boolean {
    return this.#looks.has(at);
  }

  /** Continues to a moment; yields the last change up to it. */
  valueAt(at: number): SizeChange | undefined {
    const { changes } = this.#record;
    while ((changes[this.#change]?.at ?? Number.POSITIVE_INFINITY) <= at) this.#change += 1;
    if (this.#look <= at) this.#look = Number.POSITIVE_INFINITY;
    return changes[this.#change - 1];
  }

  /** The other record has a change: what this one saw at its next look counts from there on. */
  lookAfter(at: number): void {
    const next = firstAfter(this.#record.looks, at);
    this.#look = Math.min(this.#look, next ?? Number.POSITIVE_INFINITY);
  }
}

function isSame(before: SizeChange | undefined, now: SizeChange | undefined): boolean {
  const wasGone = before === undefined || before.gone;
  const isGone = now === undefined || now.gone;
  if (wasGone || isGone) return wasGone === isGone;
  return before.bytes === now.bytes && before.extra === now.extra;
}

/** The first of sorted moments that is after another. */
function firstAfter(moments: readonly number[], at: number): number | undefined {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return moments[low];
}

export function countNewLooks(own: DatabaseSync, other: DatabaseSync): number {
  const known = new Set(looksOf(own));
  return looksOf(other).filter((at) => !known.has(at)).length;
}

/**
 * Unites the sizes of another archive with this one's; call it in a transaction.
 * @returns how many refreshes came with it
 */
export function mergeSizes(own: DatabaseSync, other: DatabaseSync): number {
  const looks = { own: looksOf(own), other: looksOf(other) };
  const added = countNewLooks(own, other);
  if (added === 0) return 0;
  for (const table of tables) mergeTable(own, other, table, looks);
  const add = own.prepare('INSERT INTO size_refresh VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (const row of other.prepare('SELECT * FROM size_refresh').iterate()) {
    const { at, users, buckets, bytes } = row as Record<string, bigint>;
    add.run(at as bigint, users as bigint, buckets as bigint, bytes as bigint);
  }
  return added;
}

function mergeTable(
  own: DatabaseSync,
  other: DatabaseSync,
  { table, key, extra, nothing }: (typeof tables)[number],
  looks: { own: number[]; other: number[] },
): void {
  const select = `SELECT at, bytes, ${extra} AS extra, gone FROM ${table} WHERE ${key} = ? ORDER BY at`;
  const [ofOwn, ofOther] = [own.prepare(select), other.prepare(select)];
  const drop = own.prepare(`DELETE FROM ${table} WHERE ${key} = ?`);
  const add = own.prepare(
    `INSERT INTO ${table} (${key}, at, bytes, ${extra}, gone) VALUES (?, ?, ?, ?, ?)`,
  );
  for (const name of new Set([...namesIn(own, table, key), ...namesIn(other, table, key)])) {
    const changes = ofOwn.all(name).map(toChange);
    const united = uniteSizes(
      { looks: looks.own, changes },
      { looks: looks.other, changes: ofOther.all(name).map(toChange) },
    );
    drop.run(name);
    for (const { at, bytes, extra: more, gone } of united) {
      add.run(name, at, bytes, gone ? nothing : more, gone ? 1 : 0);
    }
  }
}

function toChange({ at, bytes, extra, gone }: Row): SizeChange {
  return {
    at: Number(at),
    bytes: bytes as bigint,
    extra: extra as bigint | string,
    gone: Number(gone) === 1,
  };
}

function namesIn(database: DatabaseSync, table: string, key: string): string[] {
  return database
    .prepare(`SELECT DISTINCT ${key} AS name FROM ${table}`)
    .all()
    .map((row) => String(row.name));
}

function looksOf(database: DatabaseSync): number[] {
  return database
    .prepare('SELECT at FROM size_refresh ORDER BY at')
    .all()
    .map((row) => Number(row.at));
}
