import type { DatabaseSync } from 'node:sqlite';
import type { SnapshotUser } from '../rows.ts';
import { toUserRow, unknownSizes } from './user-lists.ts';

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
  const accounts = all('SELECT name FROM account WHERE user_id = ? ORDER BY first_seen, name');
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
