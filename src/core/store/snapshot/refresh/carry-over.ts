import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FirstSeenNames } from './first-seen-names.ts';
import { readPackedNames } from './packed-names.ts';

export interface CarriedUser {
  /** Milliseconds since the Unix epoch. */
  firstSeen: number;
  /** Flags as last read, JSON; null while they never were. */
  flags: string | null;
}

/** What a refresh takes over from the snapshot it replaces. */
export interface CarryOver {
  /** When buckets were first seen, by name. */
  buckets: FirstSeenNames;
  /** By user id. */
  users: Map<string, CarriedUser>;
}

/** Reads what is to be taken over; nothing where there is no snapshot yet or it can't be read. */
export function readCarryOver(path: string): CarryOver {
  const carried: CarryOver = { buckets: new FirstSeenNames([]), users: new Map() };
  if (!existsSync(path)) return carried;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      carried.buckets = new FirstSeenNames([...readPackedNames(database)]);
      carried.users = readUsers(database);
    } finally {
      database.close();
    }
  } catch {
    // A damaged snapshot is about to be replaced: what it still yielded is taken, the rest is new.
  }
  return carried;
}

/** All in one row: a row for each takes ten times as long. */
function readUsers(database: DatabaseSync): CarryOver['users'] {
  const row = database
    .prepare(`SELECT json_group_array(user_id) AS ids, json_group_array(first_seen) AS seen,
        json_group_array(CASE
          WHEN flags = 'null' THEN NULL
          -- An empty list may come from a console that took what was not sent for empty.
          WHEN flags = '[]' AND user_id NOT IN (SELECT user_id FROM user_detail) THEN NULL
          ELSE flags END) AS flags
      FROM user`)
    .get();
  const ids = JSON.parse(String(row?.ids)) as string[];
  const seen = JSON.parse(String(row?.seen)) as number[];
  const flags = JSON.parse(String(row?.flags)) as (string | null)[];
  return new Map(
    ids.map((id, index) => [id, { firstSeen: seen[index] as number, flags: flags[index] ?? null }]),
  );
}
