import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { isNear, isNearSearch, NearWords } from '../../../platform/near-words.ts';
import type { BucketLists } from './bucket-lists.ts';
import { listKeys } from './key-lists.ts';
import { wordsOfAtOnce } from './name-search.ts';
import type { UserLists } from './user-lists.ts';

export type TargetQuery = Omit<ParsedInput<'sync.find'>, 'connectionId'>;
type Targets = CallOutput<'sync.find'>;
type KeyRow = Targets['keys'][number];

/** Between two texts; nobody types it. */
const separator = '\u0001';

const idLike = /^[a-z\d]{8,}$/;

/**
 * Texts of a table in one string, which the engine searches natively: 100,000 in a millisecond or two. Each
 * is a name and an id, with a line feed in between.
 */
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

  /** Whether the texts are the same. */
  isSame(other: PackedTexts | undefined): boolean {
    return other !== undefined && this.#text === other.#text;
  }

  /** Reads the words of the next texts, as many as take some milliseconds. @returns whether there are more */
  readWords(words: NearWords): boolean {
    const first = words.size;
    const last = Math.min(first + wordsOfAtOnce, this.#ends.length);
    for (let at = first; at < last; at += 1) words.add(this.#nameOf(at));
    return last > first;
  }

  /** Names of those whose words are near, the nearest first, then of those whose id is. */
  near(words: NearWords, search: string, limit: number): string[] {
    const places = words.find(search, limit, (at) => this.#nameOf(at));
    return [...places, ...this.#nearIds(search, limit)].map((at) => this.#names[at] ?? '');
  }

  /** Those with an id that begins as the search does but for a slip: half of it is in the id as it is. */
  #nearIds(search: string, limit: number): number[] {
    const half = search.length >> 1;
    const parts = [search.slice(0, half), search.slice(half)];
    // words have no digits in both halves
    if (!idLike.test(search) || !parts.every((part) => /\d/.test(part))) return [];
    const found = new Set<number>();
    for (const part of parts) {
      let position = this.#text.indexOf(part);
      while (position >= 0 && found.size < limit) {
        const at = this.#rowAt(position);
        if (at >= this.#ends.length) break;
        if (isNear(search, this.#idOf(at))) found.add(at);
        position = this.#text.indexOf(part, this.#ends[at]);
      }
    }
    return [...found];
  }

  #nameOf(at: number): string {
    const start = at === 0 ? 0 : (this.#ends[at - 1] as number) + 1;
    return this.#text.slice(start, this.#text.indexOf('\n', start));
  }

  #idOf(at: number): string {
    const end = this.#ends[at] as number;
    return this.#text.slice(this.#text.lastIndexOf('\n', end) + 1, end);
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

interface Texts {
  users: PackedTexts;
  keys: PackedTexts;
}

const userTexts = 'SELECT id AS place, search AS text, id AS name FROM user';
const keyTexts = `
  SELECT user_id || ' ' || access_key_id AS place, user_id || ' ' || access_key_id AS name,
    lower(account_name) || char(10) || lower(access_key_id) AS text FROM access_key`;

/** The words of each kind, which are read a part at a time once a search needs them. */
const unreadWords = () => ({
  users: new NearWords(),
  keys: new NearWords(),
  buckets: new NearWords(),
});

/** Finds the first few users, buckets and keys that words mean, without counting how many there are. */
export class TargetSearch {
  readonly #database: DatabaseSync;
  readonly #users: UserLists;
  readonly #buckets: BucketLists;
  #texts: Texts | null = null;
  /** The texts whose words were read, so that they are not read again where none of them changed. */
  #read: Texts | null = null;
  #words = unreadWords();

  constructor(database: DatabaseSync, users: UserLists, buckets: BucketLists) {
    this.#database = database;
    this.#users = users;
    this.#buckets = buckets;
  }

  /** Rows were changed: texts are read again when they are next searched. */
  forgetFound(): void {
    this.#texts = null;
  }

  /**
   * First what begins with the words, then what holds them, then what is near to them.
   * @returns null where a part of the names was read that this takes: it is to be asked again
   */
  find({ search, limit }: TargetQuery): Targets | null {
    const words = searchedText(search);
    if (words === '' || words.includes(separator)) return { users: [], buckets: [], keys: [] };
    this.#texts ??= {
      users: new PackedTexts(this.#database, userTexts),
      keys: new PackedTexts(this.#database, keyTexts),
    };
    const texts = this.#texts;
    const userIds = this.#userIds(texts, words, limit);
    const bucketIds = this.#bucketIds(words, limit);
    const isFull = userIds.length >= limit && bucketIds.length >= limit;
    if (!isFull && isNearSearch(words) && this.#readWords(texts)) return null;
    const read = this.#words;
    const users = this.#users.ofIds(
      filled(userIds, limit, () => texts.users.near(read.users, words, limit).map(Number)),
    );
    const buckets = this.#buckets.ofIds(
      filled(bucketIds, limit, () => this.#buckets.near(read.buckets, words, limit)),
    );
    const owners = users.map(({ userId }) => userId);
    return { users, buckets, keys: this.#keys(texts, words, owners, limit) };
  }

  /** Reads a part of the words that are not read yet. @returns whether there was any */
  #readWords({ users, keys }: Texts): boolean {
    if (!users.isSame(this.#read?.users)) this.#words.users = new NearWords();
    if (!keys.isSame(this.#read?.keys)) this.#words.keys = new NearWords();
    this.#read = { users, keys };
    return (
      users.readWords(this.#words.users) ||
      keys.readWords(this.#words.keys) ||
      this.#buckets.readWords(this.#words.buckets)
    );
  }

  #userIds(texts: Texts, words: string, limit: number): number[] {
    const beginning = this.#beginning('user', 'search', words, limit);
    const holding = texts.users.first(words, 2 * limit).map(Number);
    return [...new Set([...beginning, ...holding])].slice(0, limit);
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

  /** Keys whose id or account holds the words or is near, then those of the users that were found. */
  #keys(texts: Texts, words: string, owners: readonly string[], limit: number): KeyRow[] {
    const keys = new Map<string, KeyRow>();
    const add = (ownerId: string, only?: string): void => {
      const query = { ownerId, offset: 0, limit, ...(only === undefined ? {} : { only }) };
      for (const row of listKeys(this.#database, query).rows) keys.set(row.accessKeyId, row);
    };
    const near = () => texts.keys.near(this.#words.keys, words, limit);
    for (const name of filled(texts.keys.first(words, limit), limit, near)) {
      const [ownerId = '', only] = name.split(' ');
      add(ownerId, only);
    }
    for (const ownerId of owners) if (keys.size < limit) add(ownerId);
    return [...keys.values()].slice(0, limit);
  }
}

/** What was found, and where that is too few, what is near. */
function filled<Found>(found: readonly Found[], limit: number, near: () => Found[]): Found[] {
  const all = found.length < limit ? [...found, ...near()] : found;
  return [...new Set(all)].slice(0, limit);
}
