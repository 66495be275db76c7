import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import type { BucketLists } from './bucket-lists.ts';
import { listKeys } from './key-lists.ts';
import type { UserLists } from './user-lists.ts';

export type TargetQuery = Omit<ParsedInput<'sync.find'>, 'connectionId'>;
type Targets = CallOutput<'sync.find'>;
type KeyRow = Targets['keys'][number];

/** Between two texts; nobody types it. */
const separator = '\u0001';

/** Texts of a table in one string, which the engine searches natively: 100,000 in a millisecond or two. */
class PackedTexts {
  readonly #text: string;
  readonly #ends: Uint32Array;
  readonly #names: string[];

  /** @param rows yields `text` and `name` of each, joined by the separator */
  constructor(database: DatabaseSync, rows: string) {
    const packed = database
      .prepare(
        `SELECT group_concat(text, char(1) ORDER BY place) AS texts,
           group_concat(name, char(1) ORDER BY place) AS names, count(*) AS size FROM (${rows})`,
      )
      .get();
    this.#text = `${packed?.texts ?? ''}${separator}`;
    this.#names = String(packed?.names ?? '').split(separator);
    this.#ends = new Uint32Array(Number(packed?.size ?? 0));
    let end = -1;
    for (let at = 0; at < this.#ends.length; at += 1) {
      end = this.#text.indexOf(separator, end + 1);
      this.#ends[at] = end;
    }
  }

  /** Names of the first that hold a text, up to a limit. */
  first(needle: string, limit: number): string[] {
    const found: string[] = [];
    let position = this.#text.indexOf(needle);
    while (position >= 0 && found.length < limit) {
      const at = this.#rowAt(position);
      if (at >= this.#ends.length) break;
      found.push(this.#names[at] ?? '');
      position = this.#text.indexOf(needle, this.#ends[at]);
    }
    return found;
  }

  #rowAt(position: number): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const userTexts = 'SELECT id AS place, search AS text, id AS name FROM user';
const keyTexts = `
  SELECT user_id || ' ' || access_key_id AS place, user_id || ' ' || access_key_id AS name,
    lower(access_key_id) || ' ' || lower(account_name) AS text FROM access_key`;

/** Finds the first few users, buckets and keys that words mean, without counting how many there are. */
export class TargetSearch {
  readonly #database: DatabaseSync;
  readonly #users: UserLists;
  readonly #buckets: BucketLists;
  #texts: { users: PackedTexts; keys: PackedTexts } | null = null;

  constructor(database: DatabaseSync, users: UserLists, buckets: BucketLists) {
    this.#database = database;
    this.#users = users;
    this.#buckets = buckets;
  }

  /** Rows were changed: texts are read again when they are next searched. */
  forgetFound(): void {
    this.#texts = null;
  }

  find({ search, limit }: TargetQuery): Targets {
    const words = searchedText(search);
    if (words === '' || words.includes(separator)) return { users: [], buckets: [], keys: [] };
    this.#texts ??= {
      users: new PackedTexts(this.#database, userTexts),
      keys: new PackedTexts(this.#database, keyTexts),
    };
    const beginning = this.#beginning('user', 'search', words, limit);
    const holding = this.#texts.users.first(words, 2 * limit).map(Number);
    const users = this.#users.ofIds([...new Set([...beginning, ...holding])].slice(0, limit));
    const buckets = this.#buckets.ofIds(this.#bucketIds(words, limit));
    const owners = users.map(({ userId }) => userId);
    return { users, buckets, keys: this.#keys(words, owners, limit) };
  }

  #bucketIds(words: string, limit: number): number[] {
    const beginning = this.#beginning('bucket', 'name', words, limit);
    if (beginning.length >= limit) return beginning;
    return [...new Set([...beginning, ...this.#buckets.firstHolding(words, 2 * limit)])].slice(
      0,
      limit,
    );
  }

  /** Ids of the first whose text begins with the words: a step along its index each. */
  #beginning(table: 'user' | 'bucket', column: string, words: string, limit: number): number[] {
    return this.#database
      .prepare(
        `SELECT id FROM ${table} WHERE ${column} >= ?1 AND ${column} < ?1 || char(1114111)
         ORDER BY ${column} LIMIT ?2`,
      )
      .all(words, limit)
      .map(({ id }) => Number(id));
  }

  /** Keys whose id or account holds the words, then those of the users that were found. */
  #keys(words: string, owners: readonly string[], limit: number): KeyRow[] {
    const keys = new Map<string, KeyRow>();
    const add = (ownerId: string, only?: string): void => {
      const query = { ownerId, offset: 0, limit, ...(only === undefined ? {} : { only }) };
      for (const row of listKeys(this.#database, query).rows) keys.set(row.accessKeyId, row);
    };
    for (const name of this.#texts?.keys.first(words, limit) ?? []) {
      const [ownerId = '', only] = name.split(' ');
      add(ownerId, only);
    }
    for (const ownerId of owners) if (keys.size < limit) add(ownerId);
    return [...keys.values()].slice(0, limit);
  }
}
