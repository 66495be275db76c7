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
      for (const row of database.prepare('SELECT user_id, first_seen FROM user').iterate()) {
        carried.users.set(String(row.user_id), Number(row.first_seen));
      }
    } finally {
      database.close();
    }
  } catch {
    // A damaged snapshot is about to be replaced: what it still yielded is taken, the rest is new.
  }
  return carried;
}
