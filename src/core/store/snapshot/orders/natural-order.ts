import type { DatabaseSync } from 'node:sqlite';
import { collationKey } from '#shared/collation-key.ts';
import { readPackedNames } from './packed-names.ts';

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
/** Bytes of a bucket’s name at most. */
const longestName = 255;

/** Bytes that sort as they are: printable ASCII without capitals. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7e && !(byte >= 0x41 && byte <= 0x5a) ? 1 : 0,
);

/**
 * Puts the ids of names into the order people expect ({@link collationKey}), half a million within a tenth
 * of a second or two: names that are in the order of their bytes are in that order but for the numbers in
 * them, so that only neighbours which differ in the length of a number change places.
 * @param byBytes ids in the order of their names' bytes
 */
export function naturalOrder(byBytes: Uint32Array, names: AllNames): Uint32Array {
  const { rows, others } = gather(byBytes, names);
  new NumberSorter(rows).sort(0, rows.ids.length, 0);
  return insertNames(rows.ids, others, names);
}

/** Names one after another in their order, each with a zero behind it: read along, not here and there. */
interface Rows {
  ids: Uint32Array;
  /** Where the name of each begins in the text. */
  starts: Uint32Array;
  text: Uint8Array;
}

/** Lays out the names whose bytes sort as they are; the others are few. */
function gather(byBytes: Uint32Array, names: AllNames): { rows: Rows; others: number[] } {
  const [ids, starts] = [new Uint32Array(byBytes.length), new Uint32Array(byBytes.length)];
  const text = new Uint8Array(names.text.length + byBytes.length);
  const others: number[] = [];
  let [count, length] = [0, 0];
  for (const id of byBytes) {
    const end = names.ends[id - 1] as number;
    const start = length;
    let at = startOf(names, id);
    for (; at < end && plain[names.text[at] as number] === 1; at += 1) {
      text[length++] = names.text[at] as number;
    }
    if (at < end) {
      others.push(id);
      length = start;
      continue;
    }
    text[length++] = 0;
    ids[count] = id;
    starts[count++] = start;
  }
  return { rows: { ids: ids.subarray(0, count), starts: starts.subarray(0, count), text }, others };
}

function startOf({ ends }: AllNames, id: number): number {
  return id === 1 ? 0 : (ends[id - 2] as number);
}

function keyOf(names: AllNames, id: number): string {
  const bytes = names.text.subarray(startOf(names, id), names.ends[id - 1]);
  return collationKey(new TextDecoder().decode(bytes));
}

/** Sorts names by the numbers in them, where they begin with the same text. */
class NumberSorter {
  readonly #rows: Rows;
  /** Of each row how many digits the number has that is looked at, and how many zeros before them. */
  readonly #lengths: Uint8Array;
  readonly #zeros: Uint8Array;
  readonly #places = new Uint32Array(longestName + 2);
  readonly #order: Uint32Array;
  readonly #moved: Uint32Array;

  constructor(rows: Rows) {
    const { length } = rows.ids;
    this.#rows = rows;
    this.#lengths = new Uint8Array(length);
    this.#zeros = new Uint8Array(length);
    this.#order = new Uint32Array(length);
    this.#moved = new Uint32Array(length);
  }

  /** Sorts the rows from `from` to `to`, whose names are the same for the first `depth` bytes. */
  sort(from: number, to: number, depth: number): void {
    const { starts, text } = this.#rows;
    for (let at = from; at < to; ) {
      const first = starts[at] as number;
      let position = first + depth;
      let byte = text[position] as number;
      while (byte !== 0 && (byte < zero || byte > nine)) byte = text[++position] as number;
      let end = at + 1;
      if (byte !== 0) {
        const digits = position - first;
        for (; end < to; end += 1) {
          const next = text[(starts[end] as number) + digits] as number;
          if (next < zero || next > nine || !this.#isSame(at, end, depth, digits)) break;
        }
        if (end - at > 1) this.#sortNumbers(at, end, digits);
      }
      at = end;
    }
  }

  /** Sorts by the number that begins at the byte `start` of each name. */
  #sortNumbers(from: number, to: number, start: number): void {
    const [lengths, zeros] = [this.#lengths, this.#zeros];
    const { shortest, longest, hasZeros } = this.#measure(from, to, start);
    if (shortest !== longest) this.#sortByLength(from, to, longest);
    if (hasZeros) this.#sortByZeros(from, to, start);
    for (let at = from; at < to; ) {
      let end = at + 1;
      while (end < to && this.#compareNumbers(at, end, start) === 0) end += 1;
      const numberEnd = start + (lengths[at] as number) + (zeros[at] as number);
      if (end - at > 1) this.sort(at, end, numberEnd);
      at = end;
    }
  }

  #measure(from: number, to: number, start: number) {
    const { starts, text } = this.#rows;
    let [shortest, longest, hasZeros] = [longestName, 0, false];
    for (let at = from; at < to; at += 1) {
      let first = (starts[at] as number) + start;
      const begin = first;
      let byte = text[first + 1] as number;
      while (text[first] === zero && byte >= zero && byte <= nine)
        byte = text[++first + 1] as number;
      let position = first + 1;
      while (byte >= zero && byte <= nine) byte = text[++position] as number;
      const length = position - first;
      this.#lengths[at] = length;
      this.#zeros[at] = first - begin;
      if (length < shortest) shortest = length;
      if (length > longest) longest = length;
      if (first > begin) hasZeros = true;
    }
    return { shortest, longest, hasZeros };
  }

  /** Of two numbers the longer one is larger. Numbers of one length stay in their order. */
  #sortByLength(from: number, to: number, longest: number): void {
    const [lengths, places, order] = [this.#lengths, this.#places, this.#order];
    places.fill(0, 0, longest + 2);
    for (let at = from; at < to; at += 1) {
      const next = (lengths[at] as number) + 1;
      places[next] = (places[next] as number) + 1;
    }
    for (let length = 1; length <= longest; length += 1) {
      places[length] = (places[length] as number) + (places[length - 1] as number);
    }
    for (let at = from; at < to; at += 1) {
      const length = lengths[at] as number;
      const place = places[length] as number;
      order[place] = at;
      places[length] = place + 1;
    }
    this.#arrange(from, order.subarray(0, to - from));
  }

  /** Those with zeros before them are not in the order of their digits. */
  #sortByZeros(from: number, to: number, start: number): void {
    const order = Array.from({ length: to - from }, (_, index) => from + index);
    order.sort((left, right) => this.#compareNumbers(left, right, start));
    this.#arrange(from, order);
  }

  /** Puts rows into another order: the numbers of those that come first, second … */
  #arrange(from: number, order: ArrayLike<number>): void {
    const moved = this.#moved;
    for (const values of [this.#rows.ids, this.#rows.starts, this.#lengths, this.#zeros]) {
      for (let index = 0; index < order.length; index += 1) {
        moved[index] = values[order[index] as number] as number;
      }
      for (let index = 0; index < order.length; index += 1) {
        values[from + index] = moved[index] as number;
      }
    }
  }

  /** Compares the numbers of two rows, which begin at the byte `start` of each name; then their zeros. */
  #compareNumbers(left: number, right: number, start: number): number {
    const { starts, text } = this.#rows;
    const length = this.#lengths[left] as number;
    const longer = length - (this.#lengths[right] as number);
    if (longer !== 0) return longer;
    const one = (starts[left] as number) + start + (this.#zeros[left] as number);
    const other = (starts[right] as number) + start + (this.#zeros[right] as number);
    for (let digit = 0; digit < length; digit += 1) {
      const difference = (text[one + digit] as number) - (text[other + digit] as number);
      if (difference !== 0) return difference;
    }
    return (this.#zeros[left] as number) - (this.#zeros[right] as number);
  }

  #isSame(left: number, right: number, from: number, to: number): boolean {
    const { starts, text } = this.#rows;
    const [one, other] = [starts[left] as number, starts[right] as number];
    // names that are next to each other differ at their ends
    for (let offset = to - 1; offset >= from; offset -= 1) {
      if (text[one + offset] !== text[other + offset]) return false;
    }
    return true;
  }
}

function byKey(left: { key: string }, right: { key: string }): number {
  return left.key < right.key ? -1 : left.key > right.key ? 1 : 0;
}

/**
 * Puts some ids into an order at the places of their names, each looked for from the last on.
 * @param sorted ids in the order that people expect of their names
 * @param others some further ids
 */
export function insertNames(
  sorted: Uint32Array,
  others: readonly number[],
  names: AllNames,
): Uint32Array {
  if (others.length === 0) return sorted;
  const keyed = others.map((id) => ({ id, key: keyOf(names, id) }));
  keyed.sort(byKey);
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
