import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FirstSeenNames } from './first-seen-names.ts';
import { readPackedNames } from './packed-names.ts';

/** What a refresh takes over from the snapshot it replaces. */
export interface CarryOver {
  /** When buckets were first seen, by name. */
  buckets: FirstSeenNames;
  /** When users were first seen, by user id, in milliseconds since the Unix epoch. */
  users: Map<string, number>;
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
    .prepare(`SELECT json_group_array(user_id) AS ids, json_group_array(first_seen) AS seen
      FROM user`)
    .get();
  const ids = JSON.parse(String(row?.ids)) as string[];
  const seen = JSON.parse(String(row?.seen)) as number[];
  return new Map(ids.map((id, index) => [id, seen[index] as number]));
}
