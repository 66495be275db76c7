import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { comparable } from '#shared/plain-text.ts';
import type { GatewayUserDetail } from '../../../gateway/model/gateway.ts';

/** Returns what a list can be searched by, in one text: e-mail and user id. */
export function searchTextOf(user: { email: string; userId: string }): string {
  return comparable(`${user.email}\n${user.userId}`);
}

/**
 * Keeps a user as read: the row of the list, keys and accounts. Those seen before keep when they were
 * first seen; keys and accounts that are gone are forgotten. What is known of a later time stays.
 * @param readAt when the gateway was asked, in milliseconds since the Unix epoch
 */
export function saveUser(database: DatabaseSync, user: GatewayUserDetail, readAt: number): void {
  const known = database.prepare('SELECT keys_as_of AS at FROM user_detail WHERE user_id = ?');
  if (isLater(known.get(user.userId)?.at, readAt)) return;
  const listed = database.prepare("SELECT value AS at FROM meta WHERE key = 'asOf'").get();
  if (!isLater(listed?.at, readAt)) saveRow(database, user, readAt);
  saveKeys(database, user, readAt);
}

/** Whether a kept time is later than another. One that is still to come was written by a wrong clock. */
function isLater(kept: unknown, than: number): boolean {
  return kept !== undefined && Number(kept) > than && Number(kept) <= Date.now();
}

/** Brings the figures of the whole cluster in line with its users; before the first refresh there are none. */
export function recount(database: DatabaseSync): void {
  const figure = database.prepare('UPDATE meta SET value = ? WHERE key = ?');
  const count = (where: string): string =>
    String(database.prepare(`SELECT count(*) AS n FROM user WHERE ${where}`).get()?.n);
  figure.run(count('true'), 'users');
  figure.run(count("state = 'disabled'"), 'disabledUsers');
}

/** A user that no list has yet gets sums below zero: its buckets were never counted. */
function saveRow(database: DatabaseSync, user: GatewayUserDetail, readAt: number): void {
  const values: SQLInputValue[] = [
    user.email,
    searchTextOf(user),
    user.state,
    user.flags.includes('system') ? 1 : 0,
    user.flagsUnknown ? null : JSON.stringify(user.flags),
    user.ownerId,
    collationKey(user.email),
  ];
  const { changes } = database
    .prepare(`UPDATE user SET email = ?1, search = ?2, state = ?3, system = iif(?5 IS NULL, system, ?4),
      flags = coalesce(?5, flags), owner_id = ?6, sort_key = ?7 WHERE user_id = ?8`)
    .run(...values, user.userId);
  if (Number(changes) > 0) return;
  database
    .prepare(`INSERT INTO user (id, email, search, state, system, flags, owner_id, sort_key, user_id,
        bucket_count, current_bytes, peak_bytes, first_seen)
      VALUES ((SELECT ifnull(max(id), 0) + 1 FROM user), ?, ?, ?, ?, coalesce(?, 'null'), ?, ?, ?, -1, -1, -1, ?)`)
    .run(...values, user.userId, readAt);
}

function saveKeys(database: DatabaseSync, user: GatewayUserDetail, readAt: number): void {
  const { userId } = user;
  const seenKeys = firstSeen(database, 'access_key', 'access_key_id', userId);
  const seenAccounts = firstSeen(database, 'account', 'name', userId);
  database.prepare('INSERT OR REPLACE INTO user_detail VALUES (?, ?)').run(userId, readAt);
  database.prepare('DELETE FROM account WHERE user_id = ?').run(userId);
  database.prepare('DELETE FROM access_key WHERE user_id = ?').run(userId);
  const account = database.prepare('INSERT OR IGNORE INTO account VALUES (?, ?, ?)');
  const key = database.prepare('INSERT OR IGNORE INTO access_key VALUES (?, ?, ?, ?)');
  for (const id of user.accessKeyIds) key.run(userId, '', id, seenKeys.get(id) ?? readAt);
  for (const { name, accessKeyIds } of user.accounts) {
    account.run(userId, name, seenAccounts.get(name) ?? readAt);
    for (const id of accessKeyIds) key.run(userId, name, id, seenKeys.get(id) ?? readAt);
  }
}

function firstSeen(
  database: DatabaseSync,
  table: string,
  column: string,
  userId: string,
): Map<string, number> {
  const rows = database
    .prepare(`SELECT ${column} AS name, first_seen FROM ${table} WHERE user_id = ?`)
    .all(userId);
  return new Map(rows.map((row) => [String(row.name), Number(row.first_seen)]));
}
