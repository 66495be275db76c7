import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type PackedNames, readPackedNames } from '../orders/packed-names.ts';
import { StoredOrders } from '../orders/stored-orders.ts';
import { NameTable } from './name-table.ts';

/**
 * When names were first seen. A gateway lists its buckets in much the same order every time, so the
 * name after the one found last is tried first; only a list in another order needs the table.
 */
export class FirstSeenNames {
  readonly #pieces: readonly PackedNames[];
  #table: NameTable | null = null;
  #piece = 0;
  #name = 0;
  #foundId = 0;

  constructor(pieces: readonly PackedNames[]) {
    this.#pieces = pieces;
  }

  /** The id of the name that was looked for last, 0 where it was not there. */
  get foundId(): number {
    return this.#foundId;
  }

  /**
   * When the name that is in `bytes` from `start` to `end` was first seen.
   * @returns milliseconds since the Unix epoch, or -1 where it never was
   */
  find(bytes: Uint8Array, start: number, end: number): number {
    const piece = this.#pieces[this.#piece];
    if (piece && isNameAt(piece, this.#name, bytes, start, end)) {
      const seen = piece.firstSeen[this.#name] as number;
      this.#foundId = piece.firstId + this.#name;
      this.#moveTo(this.#piece, this.#name + 1);
      return seen;
    }
    this.#foundId = 0;
    if (this.#pieces.length === 0) return -1;
    this.#table ??= placesOf(this.#pieces);
    const place = this.#table.get(bytes, start, end);
    if (place < 0) return -1;
    const found = this.#pieces.findLastIndex(({ firstId }) => firstId <= place);
    const { firstId, firstSeen } = this.#pieces[found] as PackedNames;
    this.#foundId = place;
    this.#moveTo(found, place - firstId + 1);
    return firstSeen[place - firstId] as number;
  }

  #moveTo(piece: number, name: number): void {
    const ends = this.#pieces[piece]?.ends.length ?? 0;
    this.#piece = name < ends ? piece : piece + 1;
    this.#name = name < ends ? name : 0;
  }
}

function isNameAt(
  { text, ends }: PackedNames,
  name: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  const from = name === 0 ? 0 : (ends[name - 1] as number);
  const length = (ends[name] as number) - from;
  if (length !== end - start) return false;
  for (let index = 0; index < length; index += 1) {
    if (text[from + index] !== bytes[start + index]) return false;
  }
  return true;
}

function placesOf(pieces: readonly PackedNames[]): NameTable {
  const table = new NameTable();
  for (const { text, ends, firstId } of pieces) {
    for (let name = 0, start = 0; name < ends.length; name += 1) {
      const end = ends[name] as number;
      table.set(text, start, end, firstId + name);
      start = end;
    }
  }
  return table;
}

export interface CarriedUser {
  /** Milliseconds since the Unix epoch. */
  firstSeen: number;
  /** Flags as last read, JSON; null while they never were. */
  flags: string | null;
}

export interface CarryOver {
  /** When buckets were first seen, by name. */
  buckets: FirstSeenNames;
  /** Ids of buckets by name. */
  nameOrder: Uint32Array;
  /** By user id. */
  users: Map<string, CarriedUser>;
}

/** Reads what is to be taken over; nothing where there is no snapshot yet or it can't be read. */
export function readCarryOver(path: string): CarryOver {
  const carried: CarryOver = {
    ...{ buckets: new FirstSeenNames([]), nameOrder: new Uint32Array(0), users: new Map() },
  };
  if (!existsSync(path)) return carried;
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      carried.buckets = new FirstSeenNames([...readPackedNames(database)]);
      carried.users = readUsers(database);
      carried.nameOrder = new StoredOrders(database).ids('name');
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
