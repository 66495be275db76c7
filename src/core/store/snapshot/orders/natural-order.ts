import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { readPackedNames } from '../refresh/packed-names.ts';

/** All bucket names in one piece, UTF-8; the name of an id ends at `ends[id - 1]`. */
export interface AllNames {
  text: Uint8Array;
  ends: Uint32Array;
}

/** Reads the bucket names of a snapshot. */
export function readAllNames(database: DatabaseSync): AllNames {
  const pieces = [...readPackedNames(database)];
  const sum = (size: (piece: (typeof pieces)[number]) => number): number =>
    pieces.reduce((total, piece) => total + size(piece), 0);
  const text = new Uint8Array(sum((piece) => piece.text.length));
  const ends = new Uint32Array(sum((piece) => piece.ends.length));
  let [length, count] = [0, 0];
  for (const piece of pieces) {
    text.set(piece.text, length);
    for (const end of piece.ends) ends[count++] = length + end;
    length += piece.text.length;
  }
  return { text, ends };
}

const [zero, nine] = [0x30, 0x39];

/** Bytes that sort as they are: printable ASCII without capitals. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7e && !(byte >= 0x41 && byte <= 0x5a) ? 1 : 0,
);

/**
 * Puts the ids of names into the order people expect ({@link collationKey}), in a few hundredths of a
 * second for half a million: names that are in the order of their bytes are in that order but for the
 * numbers in them, so that only neighbours which differ in the length of a number change places.
 * @param byBytes ids in the order of their names' bytes
 */
export function naturalOrder(byBytes: Uint32Array, names: AllNames): Uint32Array {
  const ids = new Uint32Array(byBytes.length);
  const others: number[] = [];
  let count = 0;
  for (const id of byBytes) {
    if (isPlain(names, id)) ids[count++] = id;
    else others.push(id);
  }
  const sorted = ids.subarray(0, count);
  new NumberSorter(sorted, names).sort(0, count, 0);
  return others.length === 0 ? sorted : merged(sorted, others, names);
}

function startOf({ ends }: AllNames, id: number): number {
  return id === 1 ? 0 : (ends[id - 2] as number);
}

function isPlain(names: AllNames, id: number): boolean {
  const end = names.ends[id - 1] as number;
  for (let at = startOf(names, id); at < end; at += 1) {
    if (plain[names.text[at] as number] === 0) return false;
  }
  return true;
}

function keyOf(names: AllNames, id: number): string {
  const bytes = names.text.subarray(startOf(names, id), names.ends[id - 1]);
  return collationKey(new TextDecoder().decode(bytes));
}

/** Sorts names by the numbers in them, where they begin with the same text. */
class NumberSorter {
  readonly #ids: Uint32Array;
  readonly #names: AllNames;
  readonly #moved: Uint32Array;

  constructor(ids: Uint32Array, names: AllNames) {
    this.#ids = ids;
    this.#names = names;
    this.#moved = new Uint32Array(ids.length);
  }

  /** Sorts the ids from `from` to `to`, whose names are the same for the first `depth` bytes. */
  sort(from: number, to: number, depth: number): void {
    for (let at = from; at < to; ) {
      const digits = this.#firstDigit(at, depth);
      let end = at + 1;
      if (digits >= 0) {
        while (end < to && this.#isSame(at, end, depth, digits) && this.#isDigit(end, digits)) {
          end += 1;
        }
        if (end - at > 1) this.#sortNumbers(at, end, digits);
      }
      at = end;
    }
  }

  /** Sorts by the number that begins at the byte `start` of each name. */
  #sortNumbers(from: number, to: number, start: number): void {
    let [shortest, longest, hasZeros] = [Number.MAX_SAFE_INTEGER, 0, false];
    for (let at = from; at < to; at += 1) {
      const length = this.#numberEnd(at, start) - start;
      shortest = Math.min(shortest, length);
      longest = Math.max(longest, length);
      if (length > 1 && this.#byte(at, start) === zero) hasZeros = true;
    }
    if (shortest !== longest && hasZeros) {
      this.#sortByKeys(from, to);
      return;
    }
    if (shortest !== longest) this.#sortByLength(from, to, start, longest);
    for (let at = from; at < to; ) {
      const numberEnd = this.#numberEnd(at, start);
      let end = at + 1;
      while (
        end < to &&
        this.#numberEnd(end, start) === numberEnd &&
        this.#isSame(at, end, start, numberEnd)
      ) {
        end += 1;
      }
      if (end - at > 1) this.sort(at, end, numberEnd);
      at = end;
    }
  }

  /** Numbers of one length stay in their order, which is that of their digits. */
  #sortByLength(from: number, to: number, start: number, longest: number): void {
    const places = new Uint32Array(longest + 2);
    for (let at = from; at < to; at += 1) {
      const next = this.#numberEnd(at, start) - start + 1;
      places[next] = (places[next] as number) + 1;
    }
    for (let length = 1; length < places.length; length += 1) {
      places[length] = (places[length] as number) + (places[length - 1] as number);
    }
    for (let at = from; at < to; at += 1) {
      const length = this.#numberEnd(at, start) - start;
      const place = places[length] as number;
      this.#moved[place] = this.#ids[at] as number;
      places[length] = place + 1;
    }
    this.#ids.set(this.#moved.subarray(0, to - from), from);
  }

  /** Numbers with and without zeros before them: few have those. */
  #sortByKeys(from: number, to: number): void {
    const keyed = Array.from(this.#ids.subarray(from, to), (id) => ({
      id,
      key: keyOf(this.#names, id),
    }));
    keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
    for (const [index, { id }] of keyed.entries()) this.#ids[from + index] = id;
  }

  #byte(at: number, offset: number): number {
    const id = this.#ids[at] as number;
    const position = startOf(this.#names, id) + offset;
    return position < (this.#names.ends[id - 1] as number)
      ? (this.#names.text[position] as number)
      : -1;
  }

  #isDigit(at: number, offset: number): boolean {
    const byte = this.#byte(at, offset);
    return byte >= zero && byte <= nine;
  }

  /** Where the first number from a byte on begins; -1 where there is none. */
  #firstDigit(at: number, from: number): number {
    for (let offset = from; ; offset += 1) {
      const byte = this.#byte(at, offset);
      if (byte < 0) return -1;
      if (byte >= zero && byte <= nine) return offset;
    }
  }

  #numberEnd(at: number, start: number): number {
    let end = start;
    while (this.#isDigit(at, end)) end += 1;
    return end;
  }

  #isSame(left: number, right: number, from: number, to: number): boolean {
    for (let offset = from; offset < to; offset += 1) {
      if (this.#byte(left, offset) !== this.#byte(right, offset)) return false;
    }
    return true;
  }
}

/** Names with capitals and other letters among the plain ones, each looked for from the last on. */
function merged(sorted: Uint32Array, others: readonly number[], names: AllNames): Uint32Array {
  const keyed = others.map((id) => ({ id, key: keyOf(names, id) }));
  keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  const all = new Uint32Array(sorted.length + others.length);
  let [from, length] = [0, 0];
  for (const { id, key } of keyed) {
    const place = placeOf(key, sorted, from, names);
    all.set(sorted.subarray(from, place), length);
    length += place - from;
    all[length++] = id;
    from = place;
  }
  all.set(sorted.subarray(from), length);
  return all;
}

/** The first place from `from` on whose name does not come before a key: in steps that double. */
function placeOf(key: string, sorted: Uint32Array, from: number, names: AllNames): number {
  const isBefore = (at: number): boolean => keyOf(names, sorted[at] as number) < key;
  let [low, step] = [from, 1];
  while (low + step <= sorted.length && isBefore(low + step - 1)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(sorted.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
