import type { DatabaseSync } from 'node:sqlite';
import type { GatewayUserDetail } from '../../gateway/gateway.ts';

/**
 * Replaces what is known of a user's keys and accounts. Those seen before keep when they were first
 * seen; those that are gone are forgotten.
 * @param readAt when the gateway was asked, in milliseconds since the Unix epoch
 */
export function writeUserDetail(
  database: DatabaseSync,
  user: GatewayUserDetail,
  readAt: number,
): void {
  const keys = [
    ...user.accessKeyIds.map((id) => ({ account: '', id })),
    ...user.accounts.flatMap(({ name, accessKeyIds }) =>
      accessKeyIds.map((id) => ({ account: name, id })),
    ),
  ];
  const seen = firstSeenKeys(database, user.userId);
  const seenAccounts = firstSeenAccounts(database, user.userId);
  database.exec('BEGIN IMMEDIATE');
  try {
    database.prepare('INSERT OR REPLACE INTO user_detail VALUES (?, ?)').run(user.userId, readAt);
    database.prepare('DELETE FROM account WHERE user_id = ?').run(user.userId);
    database.prepare('DELETE FROM access_key WHERE user_id = ?').run(user.userId);
    const account = database.prepare('INSERT OR IGNORE INTO account VALUES (?, ?, ?)');
    for (const { name } of user.accounts) {
      account.run(user.userId, name, seenAccounts.get(name) ?? readAt);
    }
    const key = database.prepare('INSERT OR IGNORE INTO access_key VALUES (?, ?, ?, ?)');
    for (const { account: name, id } of keys) {
      key.run(user.userId, name, id, seen.get(id) ?? readAt);
    }
    database.exec('COMMIT');
  } catch (thrown) {
    database.exec('ROLLBACK');
    throw thrown;
  }
}

function firstSeenKeys(database: DatabaseSync, userId: string): Map<string, number> {
  const rows = database
    .prepare('SELECT access_key_id, first_seen FROM access_key WHERE user_id = ?')
    .all(userId);
  return new Map(rows.map((row) => [String(row.access_key_id), Number(row.first_seen)]));
}

function firstSeenAccounts(database: DatabaseSync, userId: string): Map<string, number> {
  const rows = database
    .prepare('SELECT name, first_seen FROM account WHERE user_id = ?')
    .all(userId);
  return new Map(rows.map((row) => [String(row.name), Number(row.first_seen)]));
}
