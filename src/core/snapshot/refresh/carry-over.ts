import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { NameTable } from './name-table.ts';
import { readPackedNames } from './packed-names.ts';

/** What a refresh takes over from the snapshot it replaces. */
export interface CarryOver {
  /** When buckets were first seen, by name, in milliseconds since the Unix epoch. */
  buckets: NameTable;
  /** When users were first seen, by user id. */
  users: Map<string, number>;
}

/** Reads what is to be taken over; nothing where there is no snapshot yet or it can't be read. */
export function readCarryOver(path: string): CarryOver {
  const carried: CarryOver = { buckets: new NameTable(), users: new Map() };
  if (!existsSync(path)) return carried;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      read(database, carried);
    } finally {
      database.close();
    }
  } catch {
    // A damaged snapshot is about to be replaced: what it still yielded is taken, the rest is new.
  }
  return carried;
}

function read(database: DatabaseSync, carried: CarryOver): void {
  for (const { text, ends, firstSeen } of readPackedNames(database)) {
    for (let name = 0, start = 0; name < ends.length; name += 1) {
      const end = ends[name] as number;
      carried.buckets.set(text, start, end, firstSeen[name] as number);
      start = end;
    }
  }
  const users = database.prepare('SELECT user_id, first_seen FROM user');
  users.setReturnArrays(true);
  for (const [userId, firstSeen] of users.iterate() as unknown as Iterable<[string, number]>) {
    carried.users.set(userId, firstSeen);
  }
}
