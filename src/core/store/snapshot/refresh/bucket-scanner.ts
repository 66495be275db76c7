import { scanInstant } from './scan-instant.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
/** The largest integer of 64 bits. */
const largest = '9223372036854775807';

/** What a value of a bucket is; below {@link epochField} are those written as text. */
const nameField = 0;
const ownerField = 1;
const createdField = 2;
const epochField = 3;
const currentField = 4;
const peakField = 5;
const integralField = 6;
const lastHourField = 7;

const keys: readonly (readonly [Uint8Array, number])[] = [
  [bytesOf('name'), nameField],
  [bytesOf('epoch'), epochField],
  [bytesOf('creation_date'), createdField],
  [bytesOf('owner_id'), ownerField],
];
const sizeKey = bytesOf('size');
const sizeKeys: readonly (readonly [Uint8Array, number])[] = [
  [bytesOf('current'), currentField],
  [bytesOf('hmax'), peakField],
  [bytesOf('h_integral'), integralField],
  [bytesOf('last_ts'), lastHourField],
];

/** Bytes that are in a text as they are: printable ASCII but for the quote and the backslash. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte <= 0x7e && byte !== quote && byte !== backslash ? 1 : 0,
);

/** A value of a bucket, and the bytes between it and the value before. */
interface LaidOutValue {
  before: Uint8Array;
  field: number;
}

/** Hours beyond this can't be true. */
const mostHours = 2 ** 31;

/** This many buckets in a row that are written in another way are taken for the usual way from now on. */
const missesAtMost = 8;

/** An integer: a number while that is exact. */
export type ExactInteger = number | bigint;

/** The same, or its digits, which SQLite reads exactly and far faster than a bigint is made. */
type StoredInteger = ExactInteger | string;

/**
 * Reads buckets of the usual shape straight from the list's bytes, several times faster than
 * `JSON.parse` and without rounding. Gives up at anything it does not expect (an unknown key, an
 * escape, a number as text, below zero or past 63 bits, a fraction): such a bucket is parsed and read in the tolerant way.
 * What is between the values of one bucket is expected to be there in the next one too.
 */
export class BucketScanner {
  /** Where the name is in the bytes. */
  nameStart = 0;
  nameEnd = 0;
  /** Where the owner's id is in the bytes; empty where there is none. */
  ownerStart = 0;
  ownerEnd = 0;
  epoch: ExactInteger = 0;
  /** Milliseconds since the Unix epoch; NaN where there is none. */
  createdAt = Number.NaN;
  currentBytes: ExactInteger = 0;
  peakBytes: ExactInteger = 0;
  byteIntegral: StoredInteger = 0;
  lastHour: ExactInteger = 0;

  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  #textStart = 0;
  #textEnd = 0;
  #number = 0;
  #text = '';
  #digits: string | null = null;
  /** How the last buckets were written, and what ends them; nothing before the first. */
  #layout: readonly LaidOutValue[] = [];
  #ending: Uint8Array = new Uint8Array(0);
  #misses = missesAtMost;
  /** The layout of the bucket that is being read. */
  #values: LaidOutValue[] = [];
  #valuesEnd = 0;

  /** Names the bytes that are read next, and the same as text of one character a byte. */
  setBytes(bytes: Uint8Array, text: string): void {
    this.#bytes = bytes;
    this.#text = text;
  }

  /** @returns where the bucket ends, or -1 where it has to be parsed, or is not all there */
  scan(start: number): number {
    this.#reset();
    if (this.#layout.length > 0 && this.#scanAsBefore(start)) {
      this.#misses = 0;
      return this.#position;
    }
    this.#reset();
    this.#misses += 1;
    this.#values = [];
    this.#valuesEnd = this.#position = start;
    if (!this.#scanBucket() || this.nameEnd === this.nameStart) return -1;
    if (this.#misses > missesAtMost) {
      this.#layout = this.#values;
      this.#ending = this.#bytes.slice(this.#valuesEnd, this.#position);
    }
    return this.#position;
  }

  #reset(): void {
    this.nameStart = this.nameEnd = this.ownerStart = this.ownerEnd = 0;
    this.epoch = this.currentBytes = this.peakBytes = this.byteIntegral = this.lastHour = 0;
    this.createdAt = Number.NaN;
  }

  /** Reads a bucket that is written as the last ones were. */
  #scanAsBefore(start: number): boolean {
    this.#position = start;
    for (const { before, field } of this.#layout) {
      if (!this.#skip(before) || !this.#value(field)) return false;
    }
    return this.#skip(this.#ending) && this.nameEnd > this.nameStart;
  }

  /** Reads a bucket written in any way. */
  #scanBucket(): boolean {
    if (!this.#take(openBrace)) return false;
    do {
      if (!this.#key()) return false;
      if (this.#isKey(sizeKey) ? !this.#scanSize() : !this.#valueOf(keys)) return false;
    } while (this.#take(comma));
    return this.#take(closeBrace);
  }

  #scanSize(): boolean {
    if (!this.#take(openBrace)) return false;
    do {
      if (!this.#key() || !this.#valueOf(sizeKeys)) return false;
    } while (this.#take(comma));
    return this.#take(closeBrace);
  }

  /** Reads the value of the key just read, if it is one of the known ones, and notes where it stood. */
  #valueOf(known: readonly (readonly [Uint8Array, number])[]): boolean {
    const field = known.find(([key]) => this.#isKey(key))?.[1];
    if (field === undefined) return false;
    if (field < epochField) {
      if (!this.#take(quote)) return false;
    } else {
      while (isSpace(this.#bytes[this.#position] as number)) this.#position += 1;
    }
    this.#values.push({ before: this.#bytes.slice(this.#valuesEnd, this.#position), field });
    if (!this.#value(field)) return false;
    this.#valuesEnd = this.#position;
    return field >= epochField || this.#take(quote);
  }

  /** Reads a value: an integer, or a text up to its closing quote. */
  #value(field: number): boolean {
    if (field < epochField) return this.#readText() && this.#keepText(field);
    if (!this.#readInteger()) return false;
    if (field === currentField) this.currentBytes = this.#exact();
    else if (field === peakField) this.peakBytes = this.#exact();
    else if (field === integralField) this.byteIntegral = this.#digits ?? this.#number;
    else if (field === lastHourField) {
      if (this.#number > mostHours) return false;
      this.lastHour = this.#number;
    } else this.epoch = this.#exact();
    return true;
  }

  #keepText(field: number): boolean {
    if (field === createdField) {
      this.createdAt = scanInstant(this.#bytes, this.#textStart, this.#textEnd);
      return !Number.isNaN(this.createdAt);
    }
    if (field === nameField) {
      this.nameStart = this.#textStart;
      this.nameEnd = this.#textEnd;
    } else {
      this.ownerStart = this.#textStart;
      this.ownerEnd = this.#textEnd;
    }
    return true;
  }

  /** Reads a key and its colon. */
  #key(): boolean {
    return this.#take(quote) && this.#readText() && this.#take(quote) && this.#take(colon);
  }

  #isKey(key: Uint8Array): boolean {
    const start = this.#textStart;
    if (this.#textEnd - start !== key.length) return false;
    const bytes = this.#bytes;
    for (let index = 0; index < key.length; index += 1) {
      if (bytes[start + index] !== key[index]) return false;
    }
    return true;
  }

  /** Skips white space and takes the given byte, if it is next. */
  #take(wanted: number): boolean {
    const bytes = this.#bytes;
    let position = this.#position;
    while (position < bytes.length && isSpace(bytes[position] as number)) position += 1;
    if (bytes[position] !== wanted) {
      this.#position = position;
      return false;
    }
    this.#position = position + 1;
    return true;
  }

  /** Goes past bytes that are expected. */
  #skip(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    const start = this.#position;
    const { length } = expected;
    if (start + length > bytes.length) return false;
    for (let index = 0; index < length; index += 1) {
      if (bytes[start + index] !== expected[index]) return false;
    }
    this.#position = start + length;
    return true;
  }

  /** Reads a text without escapes, of printable ASCII, up to its closing quote. */
  #readText(): boolean {
    const bytes = this.#bytes;
    const { length } = bytes;
    const start = this.#position;
    let position = start;
    while (position < length && plain[bytes[position] as number] === 1) position += 1;
    if (position === length || bytes[position] !== quote) return false;
    this.#textStart = start;
    this.#textEnd = this.#position = position;
    return true;
  }

  /** The integer just read. */
  #exact(): ExactInteger {
    return this.#digits === null ? this.#number : BigInt(this.#digits);
  }

  /** Reads an integer of up to 63 bits, none below zero: into a number where that is exact, else as its digits. */
  #readInteger(): boolean {
    const bytes = this.#bytes;
    let position = this.#position;
    while (isSpace(bytes[position] as number)) position += 1;
    const start = position;
    let value = 0;
    for (;;) {
      const digit = (bytes[position] as number) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      position += 1;
    }
    const digits = position - start;
    const next = bytes[position];
    const ends = next === comma || next === closeBrace || (next !== undefined && isSpace(next));
    if (digits === 0 || digits > largest.length || !ends) return false;
    if (digits > 1 && bytes[start] === 0x30) return false;
    // What is rounded is never rounded to below the largest exact integer.
    this.#digits = value > Number.MAX_SAFE_INTEGER ? this.#text.slice(start, position) : null;
    if (digits === largest.length && this.#text.slice(start, position) > largest) return false;
    this.#number = value;
    this.#position = position;
    return true;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
