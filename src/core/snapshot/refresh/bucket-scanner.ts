import { scanInstant } from './scan-instant.ts';

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const minus = 0x2d;
const exactDigits = 15;
/** As many digits as the largest integer of 64 bits has. */
const mostDigits = 19;
const lowDigits = 9;
const lowPart = 1_000_000_000n;

const keys = {
  name: bytesOf('name'),
  ownerId: bytesOf('owner_id'),
  epoch: bytesOf('epoch'),
  createdAt: bytesOf('creation_date'),
  size: bytesOf('size'),
  current: bytesOf('current'),
  peak: bytesOf('hmax'),
  integral: bytesOf('h_integral'),
  lastHour: bytesOf('last_ts'),
};

/** An integer: a number while that is exact. */
export type ExactInteger = number | bigint;

/**
 * Reads buckets of the usual shape straight from the list's bytes, several times faster than
 * `JSON.parse` and without rounding. Gives up at anything it does not expect (an unknown key, an
 * escape, a number as text, a fraction): such a bucket is parsed and read in the tolerant way.
 */
export class BucketScanner {
  /** Where the name stands in the bytes. */
  nameStart = 0;
  nameEnd = 0;
  /** Where the owner's id stands in the bytes; empty where there is none. */
  ownerStart = 0;
  ownerEnd = 0;
  epoch: ExactInteger = 0;
  /** Milliseconds since the Unix epoch; NaN where there is none. */
  createdAt = Number.NaN;
  currentBytes: ExactInteger = 0;
  peakBytes: ExactInteger = 0;
  byteIntegral: ExactInteger = 0;
  lastHour: ExactInteger = 0;

  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  #textStart = 0;
  #textEnd = 0;
  #integer: ExactInteger = 0;

  /** @returns where the bucket ends, or -1 where it has to be parsed, or is not all there */
  scan(bytes: Uint8Array, start: number): number {
    this.#bytes = bytes;
    this.#position = start;
    this.nameStart = this.nameEnd = this.ownerStart = this.ownerEnd = 0;
    this.epoch = this.currentBytes = this.peakBytes = this.byteIntegral = this.lastHour = 0;
    this.createdAt = Number.NaN;
    if (!this.#take(openBrace)) return -1;
    do {
      if (!this.#key() || !this.#bucketValue()) return -1;
    } while (this.#take(comma));
    return this.#take(closeBrace) && this.nameEnd > this.nameStart ? this.#position : -1;
  }

  #bucketValue(): boolean {
    if (this.#isKey(keys.name)) {
      if (!this.#text()) return false;
      this.nameStart = this.#textStart;
      this.nameEnd = this.#textEnd;
      return true;
    }
    if (this.#isKey(keys.ownerId)) {
      if (!this.#text()) return false;
      this.ownerStart = this.#textStart;
      this.ownerEnd = this.#textEnd;
      return true;
    }
    if (this.#isKey(keys.size)) return this.#size();
    if (this.#isKey(keys.createdAt)) {
      if (!this.#text()) return false;
      this.createdAt = scanInstant(this.#bytes, this.#textStart, this.#textEnd);
      return !Number.isNaN(this.createdAt);
    }
    if (!this.#isKey(keys.epoch) || !this.#readInteger()) return false;
    this.epoch = this.#integer;
    return true;
  }

  #size(): boolean {
    if (!this.#take(openBrace)) return false;
    do {
      if (!this.#key() || !this.#sizeValue()) return false;
    } while (this.#take(comma));
    return this.#take(closeBrace);
  }

  #sizeValue(): boolean {
    const { current, peak, integral, lastHour } = keys;
    if (this.#isKey(current)) {
      if (!this.#readInteger()) return false;
      this.currentBytes = this.#integer;
    } else if (this.#isKey(peak)) {
      if (!this.#readInteger()) return false;
      this.peakBytes = this.#integer;
    } else if (this.#isKey(integral)) {
      if (!this.#readInteger()) return false;
      this.byteIntegral = this.#integer;
    } else {
      if (!this.#isKey(lastHour) || !this.#readInteger()) return false;
      this.lastHour = this.#integer;
    }
    return true;
  }

  /** Reads a key and its colon. */
  #key(): boolean {
    return this.#text() && this.#take(colon);
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

  /** Reads a string without escapes, of printable ASCII. */
  #text(): boolean {
    if (!this.#take(quote)) return false;
    const bytes = this.#bytes;
    const { length } = bytes;
    let position = this.#position;
    this.#textStart = position;
    while (position < length) {
      const byte = bytes[position] as number;
      if (byte === quote) {
        this.#textEnd = position;
        this.#position = position + 1;
        return true;
      }
      if (byte === backslash || byte < 0x20 || byte > 0x7e) return false;
      position += 1;
    }
    return false;
  }

  /** Reads an integer of up to 19 digits, exactly. */
  #readInteger(): boolean {
    const bytes = this.#bytes;
    let position = this.#position;
    while (isSpace(bytes[position] as number)) position += 1;
    const negative = bytes[position] === minus;
    if (negative) position += 1;
    const start = position;
    let end = start;
    while (isDigit(bytes[end] as number)) end += 1;
    const digits = end - start;
    const next = bytes[end];
    const ends = next === comma || next === closeBrace || (next !== undefined && isSpace(next));
    if (digits === 0 || digits > mostDigits || !ends) return false;
    if (digits > 1 && bytes[start] === 0x30) return false;
    if (digits <= exactDigits) {
      const value = digitsOf(bytes, start, end);
      this.#integer = negative ? -value || 0 : value;
    } else {
      const high = BigInt(digitsOf(bytes, start, end - lowDigits));
      const value = high * lowPart + BigInt(digitsOf(bytes, end - lowDigits, end));
      this.#integer = negative ? -value : value;
    }
    this.#position = end;
    return true;
  }
}

function digitsOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let position = start; position < end; position += 1) {
    value = value * 10 + ((bytes[position] as number) - 0x30);
  }
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
