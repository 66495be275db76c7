import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { isNear, isNearSearch, NearWords } from '../../../platform/near-words.ts';
import { comparableSql } from '../../sqlite/database.ts';
import type { BucketLists } from './bucket-lists.ts';
import { keyFinder } from './key-lists.ts';
import { wordsOfAtOnce } from './name-search.ts';
import { PackedTexts } from './packed-texts.ts';
import type { UserLists } from './user-lists.ts';

export type TargetQuery = Omit<ParsedInput<'sync.find'>, 'connectionId'>;
type Targets = CallOutput<'sync.find'>;
type AccountRow = Targets['accounts'][number];
type KeyRow = Targets['keys'][number];

/** Between two texts; nobody types it. */
const separator = '\u0001';

const idLike = /^[a-z\d]{8,}$/;

/** Texts of a table that are searched: each is a name and an id, with a line feed in between. */
class TargetTexts {
  readonly #texts: PackedTexts;
  readonly #rows: PackedTexts;

  /** @param rows yields `text` and `row` of each: what is searched, and what it is found by */
  constructor(database: DatabaseSync, rows: string) {
    const packed = database
      .prepare(`SELECT group_concat(text || char(1), '') AS texts,
        group_concat(row || char(1), '') AS rows FROM (${rows})`)
      .get();
    this.#texts = PackedTexts.separated(String(packed?.texts ?? ''), separator);
    this.#rows = PackedTexts.separated(String(packed?.rows ?? ''), separator);
  }

  /** The rows of the first that hold a text, up to a limit. */
  first(needle: string, limit: number): string[] {
    const found: string[] = [];
    this.#texts.search(needle, (at) => found.push(this.#rowAt(at)) < limit);
    return found;
  }

  isSame(other: TargetTexts | undefined): boolean {
    return other !== undefined && this.#texts.isSame(other.#texts);
  }

  /** Reads the words of the next texts, as many as take some milliseconds. @returns whether there are more */
  readWords(words: NearWords): boolean {
    const first = words.size;
    const last = Math.min(first + wordsOfAtOnce, this.#texts.size);
    for (let at = first; at < last; at += 1) words.add(this.#nameAt(at));
    return last > first;
  }

  /** The rows of those whose words are near, the nearest first, then of those whose id is. */
  near(words: NearWords, search: string, limit: number): string[] {
    const holding = (part: string) => {
      const may = this.#texts.mayHold(part);
      return (at: number): boolean => may(at) && this.#nameAt(at).includes(part);
    };
    const places = words.find(search, limit, holding);
    return [...places, ...this.#nearIds(search, limit)].map((at) => this.#rowAt(at));
  }

  /** Those with an id that begins as the search does but for a slip: half of it is in the id as it is. */
  #nearIds(search: string, limit: number): number[] {
    const half = search.length >> 1;
    const parts = [search.slice(0, half), search.slice(half)];
    // words have no digits in both halves
    if (!idLike.test(search) || !parts.every((part) => /\d/.test(part))) return [];
    const found = new Set<number>();
    for (const part of parts) {
      if (found.size === limit) break;
      this.#texts.search(part, (at) => {
        if (isNear(search, this.#idAt(at))) found.add(at);
        return found.size < limit;
      });
    }
    return [...found];
  }

  #nameAt(at: number): string {
    return this.#texts.within(at, (text, start) => text.slice(start, text.indexOf('\n', start)));
  }

  #idAt(at: number): string {
    return this.#texts.textAt(at).replace(/^.*\n/, '').slice(0, -1);
  }

  #rowAt(at: number): string {
    return this.#rows.textAt(at).slice(0, -1);
  }
}

interface Texts {
  users: TargetTexts;
  accounts: TargetTexts;
  keys: TargetTexts;
}

const userTexts = 'SELECT search AS text, id AS row FROM user ORDER BY id';
const accountTexts = `
  SELECT user_id || ' ' || name AS row, ${comparableSql('name')} || char(10) AS text
  FROM account ORDER BY user_id, name`;
// most keys are the user's own: nothing is to be worked out for those
const keyTexts = `
  SELECT user_id || ' ' || access_key_id AS row,
    CASE account_name WHEN '' THEN '' ELSE ${comparableSql('account_name')} END
      || char(10) || lower(access_key_id) AS text
  FROM access_key ORDER BY user_id, account_name, access_key_id`;

/** The words of each kind, which are read a part at a time once a search needs them. */
const unreadWords = () => ({
  users: new NearWords(),
  accounts: new NearWords(),
  keys: new NearWords(),
  buckets: new NearWords(),
});

/** Finds the first few users, buckets, accounts and keys that words mean, without counting all. */
export class TargetSearch {
  readonly #database: DatabaseSync;
  readonly #users: UserLists;
  readonly #buckets: BucketLists;
  readonly #beginning: Record<'users' | 'buckets', StatementSync>;
  readonly #accountOf: StatementSync;
  readonly #keysOf: ReturnType<typeof keyFinder>;
  #texts: Texts | null = null;
  /** The texts whose words were read, so that they are not read again where none of them changed. */
  #read: Texts | null = null;
  #words = unreadWords();

  constructor(database: DatabaseSync, users: UserLists, buckets: BucketLists) {
    this.#database = database;
    this.#users = users;
    this.#buckets = buckets;
    this.#beginning = {
      users: beginning(database, 'user', 'search'),
      buckets: beginning(database, 'bucket', 'name'),
    };
    this.#keysOf = keyFinder(database);
    this.#accountOf = database.prepare(
      `SELECT owner.email, (SELECT count(*) FROM access_key AS held
         WHERE held.user_id = account.user_id AND held.account_name = account.name) AS keys
       FROM account JOIN user AS owner USING (user_id) WHERE user_id = ? AND name = ?`,
    );
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
    if (words === '' || words.includes(separator))
      return { users: [], buckets: [], accounts: [], keys: [] };
    this.#texts ??= {
      users: new TargetTexts(this.#database, userTexts),
      accounts: new TargetTexts(this.#database, accountTexts),
      keys: new TargetTexts(this.#database, keyTexts),
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
    const keys = this.#keys(texts, words, owners, limit);
    return { users, buckets, accounts: this.#accounts(texts, words, limit), keys };
  }

  /** Reads a part of the words that are not read yet. @returns whether there was any */
  #readWords(texts: Texts): boolean {
    const kinds = ['users', 'accounts', 'keys'] as const;
    for (const kind of kinds) {
      if (!texts[kind].isSame(this.#read?.[kind])) this.#words[kind] = new NearWords();
    }
    this.#read = texts;
    return (
      kinds.some((kind) => texts[kind].readWords(this.#words[kind])) ||
      this.#buckets.readWords(this.#words.buckets)
    );
  }

  #userIds(texts: Texts, words: string, limit: number): number[] {
    const beginning = idsOf(this.#beginning.users, words, limit);
    const holding = texts.users.first(words, 2 * limit).map(Number);
    return [...new Set([...beginning, ...holding])].slice(0, limit);
  }

  #bucketIds(words: string, limit: number): number[] {
    const beginning = idsOf(this.#beginning.buckets, words, limit);
    if (beginning.length >= limit) return beginning;
    return [...new Set([...beginning, ...this.#buckets.firstHolding(words, 2 * limit)])].slice(
      0,
      limit,
    );
  }

  /** Accounts whose name holds the words or is near, of users that are still there. */
  #accounts(texts: Texts, words: string, limit: number): AccountRow[] {
    const near = () => texts.accounts.near(this.#words.accounts, words, limit);
    return filled(texts.accounts.first(words, limit), limit, near).flatMap((found) => {
      const [ownerId = ''] = found.split(' ', 1);
      const name = found.slice(ownerId.length + 1);
      const row = this.#accountOf.get(ownerId, name);
      if (!row) return [];
      const ownerEmail = row.email === null ? null : String(row.email);
      return [{ name, ownerId, ownerEmail, keys: Number(row.keys) }];
    });
  }

  /** Keys whose id or account holds the words or is near, then those of the users that were found. */
  #keys(texts: Texts, words: string, owners: readonly string[], limit: number): KeyRow[] {
    const keys = new Map<string, KeyRow>();
    const add = (ownerId: string, only?: string): void => {
      for (const row of this.#keysOf(ownerId, limit, only)) keys.set(row.accessKeyId, row);
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

/** Yields ids of the first whose text begins with words: a step along its index each. */
function beginning(database: DatabaseSync, table: 'user' | 'bucket', column: string) {
  return database.prepare(
    `SELECT id FROM ${table} WHERE ${column} >= ?1 AND ${column} < ?1 || char(1114111)
     ORDER BY ${column} LIMIT ?2`,
  );
}

function idsOf(statement: StatementSync, words: string, limit: number): number[] {
  return statement.all(words, limit).map(({ id }) => Number(id));
}

/** What was found, and where that is too few, what is near. */
function filled<Found>(found: readonly Found[], limit: number, near: () => Found[]): Found[] {
  const all = found.length < limit ? [...found, ...near()] : found;
  return [...new Set(all)].slice(0, limit);
}
