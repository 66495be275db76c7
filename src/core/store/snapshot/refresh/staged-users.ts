import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import type { GatewayUser } from '../../../gateway/model/gateway.ts';
import { isJsonObject } from '../../../gateway/model/read-fields.ts';
import { readUser } from '../../../gateway/model/read-user.ts';
import { searchTextOf } from '../writes/save-user.ts';
import type { ExactInteger } from './bucket-scanner.ts';
import type { CarriedUser } from './carry-over.ts';
import type { ElementSink } from './list-reader.ts';
import { NameTable } from './name-table.ts';
import { ExactSums, RowInserter } from './row-inserter.ts';
import { nameOfRow, type RowTroubles } from './row-troubles.ts';

const idLength = 16;
/** Of an entry: the first half of the id, the second half, and its number plus 1, 0 where none is. */
const width = 3;

/**
 * Numbers of users by user id. Ids are 16 hexadecimal digits, which make two integers: an entry then
 * is in one place of memory and is compared in two steps. Ids of any other form are kept by name.
 */
export class UserIdTable {
  readonly #entries: Uint32Array;
  readonly #mask: number;
  readonly #others = new NameTable();
  #high = 0;
  #low = 0;

  /** @param most how many users there can be */
  constructor(most: number) {
    const slots = 1 << Math.ceil(Math.log2(Math.max(2, most) * 2));
    this.#entries = new Uint32Array(slots * width);
    this.#mask = slots - 1;
  }

  /** Keeps a number under the id that is in `bytes` from `start` to `end`. */
  set(bytes: Uint8Array, start: number, end: number, value: number): void {
    if (!this.#readId(bytes, start, end)) {
      this.#others.set(bytes, start, end, value);
      return;
    }
    const at = this.#find();
    this.#entries[at] = this.#high;
    this.#entries[at + 1] = this.#low;
    this.#entries[at + 2] = value + 1;
  }

  /** The number kept under that id, or -1. */
  get(bytes: Uint8Array, start: number, end: number): number {
    if (!this.#readId(bytes, start, end)) return this.#others.get(bytes, start, end);
    return (this.#entries[this.#find() + 2] as number) - 1;
  }

  #find(): number {
    const entries = this.#entries;
    const high = this.#high;
    const low = this.#low;
    const mixed = Math.imul(high ^ (low >>> 15) ^ (low << 7), 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & this.#mask;
    for (;;) {
      const at = slot * width;
      if (entries[at + 2] === 0) return at;
      if (entries[at] === high && entries[at + 1] === low) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Reads an id of the usual form; capitals are another form. */
  #readId(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== idLength) return false;
    let high = 0;
    let low = 0;
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index] as number;
      const digit = byte <= 0x39 ? byte - 0x30 : byte - 0x57;
      if (!(digit >= 0 && digit <= 15) || (byte > 0x39 && digit < 10)) return false;
      if (index - start < idLength / 2) high = (high << 4) | digit;
      else low = (low << 4) | digit;
    }
    this.#high = high >>> 0;
    this.#low = low >>> 0;
    return true;
  }
}

const columns = [
  'user_id',
  'email',
  'search',
  'state',
  'system',
  'flags',
  'owner_id',
  'bucket_count',
  'current_bytes',
  'peak_bytes',
  'first_seen',
  'sort_key',
];
const figures = 3;
const mostStored = 2n ** 63n - 1n;

/** A user as it is kept, as small as possible: there are many, and all of them stay. */
interface StagedUser extends GatewayUser {
  search: string;
  sortKey: string;
}

const noFlags: GatewayUser['flags'] = [];

/** The users of a refresh, kept until their buckets are counted. */
export class StagedUsers implements ElementSink {
  readonly #troubles: RowTroubles;
  #users: StagedUser[] = [];
  /** Why the first row that can't be read could not. */
  #failure: unknown;
  /** The owner's id read last, which mostly is that of the next user too. */
  #ownerId = '';
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(1 << 10);
  #byUserId = new UserIdTable(0);
  /** For every user: buckets, current bytes, peak bytes. */
  #sums = new ExactSums(0);

  /** @param troubles called with rows that can't be read */
  constructor(troubles: RowTroubles) {
    this.#troubles = troubles;
  }

  get disabled(): number {
    return this.#users.reduce((sum, user) => sum + (user.state === 'disabled' ? 1 : 0), 0);
  }

  get size(): number {
    return this.#users.length;
  }

  take(elements: readonly unknown[]): void {
    for (const element of elements) {
      const user = this.#read(element);
      if (!user) continue;
      const { userId, email, state, ownerId, flags, flagsUnknown } = user;
      if (ownerId !== this.#ownerId) this.#ownerId = ownerId;
      this.#users.push({
        userId,
        email,
        state,
        ownerId: this.#ownerId,
        flags: flags.length === 0 ? noFlags : flags,
        ...(flagsUnknown ? { flagsUnknown } : {}),
        search: searchTextOf({ email, userId }),
        sortKey: collationKey(email),
      });
    }
  }

  setAside(thrown: unknown, element?: unknown): void {
    const position = this.#users.length + this.#troubles.all.setAside.total + 1;
    const row = isJsonObject(element) ? element : null;
    this.#troubles.setAside('users', nameOfRow(row, ['UserEmail', 'UserId'], position), thrown);
    this.#failure ??= thrown;
  }

  #read(element: unknown): GatewayUser | null {
    try {
      return readUser(element);
    } catch (thrown) {
      this.setAside(thrown, element);
      return null;
    }
  }

  /**
   * Says that all have been read: puts them into the order of their e-mails, which makes their ids.
   * @throws what the first row threw, where none of the list can be read
   */
  arrange(): void {
    const listed = this.#users;
    if (listed.length === 0 && this.#failure !== undefined) throw this.#failure;
    this.#users = [];
    listed.sort(bySortKey);
    this.#byUserId = new UserIdTable(listed.length);
    for (const user of listed) {
      const end = this.#encode(user.userId);
      if (this.#byUserId.get(this.#bytes, 0, end) >= 0) continue; // listed twice
      this.#users.push(user);
      this.#byUserId.set(this.#bytes, 0, end, this.#users.length);
    }
    this.#sums = new ExactSums(this.#users.length * figures);
  }

  /** Writes a text to the buffer kept for it, as UTF-8. @returns where it ends */
  #encode(text: string): number {
    if (text.length * 3 > this.#bytes.length) this.#bytes = new Uint8Array(text.length * 3);
    return this.#encoder.encodeInto(text, this.#bytes).written;
  }

  /** Id of the user whose user id is in those bytes, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return end > start ? this.#byUserId.get(bytes, start, end) : -1;
  }

  /** Counts a bucket for the user of that id. */
  addBucket(id: number, currentBytes: ExactInteger, peakBytes: ExactInteger): void {
    const first = (id - 1) * figures;
    this.#sums.add(first, 1);
    this.#sums.add(first + 1, currentBytes);
    this.#sums.add(first + 2, peakBytes);
  }

  /**
   * Writes them to the table `user`.
   * @param carried what is taken over of the user of that id, or undefined where it was never seen
   * @param asOf taken for when it was first seen, where it never was before
   */
  write(
    database: DatabaseSync,
    carried: (userId: string) => CarriedUser | undefined,
    asOf: number,
  ): void {
    const rows = new RowInserter(database, 'user', columns);
    this.#users.forEach((user, index) => {
      rows.value(user.userId);
      rows.value(user.email);
      rows.value(user.search);
      rows.value(user.state);
      const before = carried(user.userId);
      const flags = flagsText(user, before);
      rows.value(flags.includes('"system"') ? 1 : 0);
      rows.value(flags);
      rows.value(user.ownerId);
      rows.value(this.#sums.get(index * figures));
      rows.value(this.#sum(user, 'size.current', index * figures + 1));
      rows.value(this.#sum(user, 'size.hmax', index * figures + 2));
      rows.value(before?.firstSeen ?? asOf);
      rows.value(user.sortKey);
    });
    rows.flush();
  }

  /** A sum as SQLite can hold it: past 63 bits it can't be true. */
  #sum(user: StagedUser, field: string, index: number): ExactInteger {
    const sum = this.#sums.get(index);
    if (typeof sum === 'number' || sum <= mostStored) return sum;
    this.#troubles.implausible('users', user.email || user.userId, field, String(sum));
    return mostStored;
  }
}

/** Flags as they are stored: those last read where the list says nothing of them. */
function flagsText({ flags, flagsUnknown }: StagedUser, before: CarriedUser | undefined): string {
  if (flagsUnknown) return before?.flags ?? 'null';
  return flags.length === 0 ? '[]' : JSON.stringify(flags);
}

function bySortKey(left: StagedUser, right: StagedUser): number {
  if (left.sortKey !== right.sortKey) return left.sortKey < right.sortKey ? -1 : 1;
  return left.search < right.search ? -1 : left.search > right.search ? 1 : 0;
}
