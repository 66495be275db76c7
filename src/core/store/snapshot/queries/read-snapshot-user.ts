import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { comparable } from '#shared/plain-text.ts';
import { toUserRow, unknownSizes } from './user-lists.ts';

interface OldKey {
  userId: string;
  accountName: string | null;
  accessKeyId: string;
}

interface FoundUser {
  userId: string;
  email: string;
}

/**
 * Returns the users with one of these ids or e-mails. An e-mail that nobody has exactly as written is
 * also found in another case or composition of its letters.
 */
export function findUsers(
  database: DatabaseSync,
  { emails, ids }: { emails: string[]; ids: string[] },
): FoundUser[] {
  const exact = database
    .prepare(
      `SELECT user_id, email FROM user
       WHERE email IN (SELECT value FROM json_each(?)) OR user_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(emails), JSON.stringify(ids))
    .map((row) => ({ userId: String(row.user_id), email: String(row.email) }));
  const known = new Set(exact.map(({ email }) => email));
  const others = emails.filter((email) => email !== '' && !known.has(email)).map(comparable);
  const ofIds = new Set(exact.map(({ userId }) => userId));
  const alike = usersAlike(database, new Set(others));
  return [...exact, ...alike.filter(({ userId }) => !ofIds.has(userId))];
}

function usersAlike(database: DatabaseSync, wanted: ReadonlySet<string>): FoundUser[] {
  if (wanted.size === 0) return [];
  const found: FoundUser[] = [];
  for (const row of database.prepare('SELECT user_id, email FROM user').iterate()) {
    const email = String(row.email);
    if (wanted.has(comparable(email))) found.push({ userId: String(row.user_id), email });
  }
  return found;
}

export function findBuckets(database: DatabaseSync, names: string[]): string[] {
  return database
    .prepare('SELECT name FROM bucket WHERE name IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(names))
    .map((row) => String(row.name));
}

/**
 * Keys first seen before a moment, of these users, and of how many of the users no keys were ever read.
 * @param before milliseconds since the Unix epoch
 */
export function oldKeys(
  database: DatabaseSync,
  { userIds, before }: { userIds: string[]; before: number },
): { keys: OldKey[]; unknown: number } {
  const selected = JSON.stringify(userIds);
  const keys = database
    .prepare(
      `SELECT held.user_id, held.account_name, held.access_key_id
       FROM json_each(?) AS selected JOIN access_key AS held ON held.user_id = selected.value
       WHERE held.first_seen < ?
       ORDER BY selected.key, held.account_name, held.first_seen, held.access_key_id`,
    )
    .all(selected, before)
    .map((row) => ({
      userId: String(row.user_id),
      accountName: row.account_name === '' ? null : String(row.account_name),
      accessKeyId: String(row.access_key_id),
    }));
  const unknown = database
    .prepare(
      `SELECT count(*) AS n FROM json_each(?) AS selected
       WHERE selected.value NOT IN (SELECT user_id FROM user_detail)`,
    )
    .get(selected);
  return { keys, unknown: Number(unknown?.n) };
}

/** A user as last seen; keys and accounts where they were ever read. */
export type SnapshotUser = Omit<CallOutput<'users.get'>, 'source'>;

/** A user with keys and accounts, where those were ever read; null where no such user was listed. */
export function readSnapshotUser(
  database: DatabaseSync,
  userId: string,
): Omit<SnapshotUser, 'asOf'> | null {
  const statement = database.prepare(`SELECT *, ${unknownSizes} FROM user WHERE user_id = ?`);
  statement.setReadBigInts(true);
  const row = statement.get(userId);
  if (!row) return null;
  const all = (sql: string) => database.prepare(sql).all(userId);
  const detail = all('SELECT keys_as_of FROM user_detail WHERE user_id = ?')[0];
  const accounts = all(
    'SELECT name FROM account WHERE user_id = ? ORDER BY collation_key(name), name',
  );
  const keys = all('SELECT * FROM access_key WHERE user_id = ? ORDER BY first_seen, access_key_id');
  const keysOf = (account: string) =>
    keys
      .filter((key) => key.account_name === account)
      .map((key) => ({
        accessKeyId: String(key.access_key_id),
        firstSeen: new Date(Number(key.first_seen)).toISOString(),
      }));
  return {
    ...toUserRow(row),
    keys: keysOf(''),
    accounts: accounts.map(({ name }) => ({ name: String(name), keys: keysOf(String(name)) })),
    keysAsOf: detail ? new Date(Number(detail.keys_as_of)).toISOString() : null,
  };
}

/** E-mails that more than one user was listed with. */
export function readSharedEmails(database: DatabaseSync): ReadonlySet<string> {
  const rows = database.prepare('SELECT email FROM user GROUP BY email HAVING count(*) > 1').all();
  return new Set(rows.map(({ email }) => String(email)));
}

/** Of some users: the system users, those of whom nothing said whether they are, and those never listed. */
export interface UserKinds {
  system: string[];
  unknown: string[];
  unlisted: string[];
}

/** Returns the kinds of these users, as far as they were ever read. */
export function readKinds(database: DatabaseSync, userIds: readonly string[]): UserKinds {
  const statement = database.prepare('SELECT flags FROM user WHERE user_id = ?');
  const kinds: UserKinds = { system: [], unknown: [], unlisted: [] };
  for (const userId of userIds) {
    const row = statement.get(userId);
    const flags = row && (JSON.parse(String(row.flags)) as string[] | null);
    if (flags === undefined) kinds.unlisted.push(userId);
    else if (flags === null) kinds.unknown.push(userId);
    else if (flags.includes('system')) kinds.system.push(userId);
  }
  return kinds;
}
