/** What the text is not as expected at: the tolerant reader takes over. */
export class NotPlain extends Error {}

const space = 0x20;
const quote = 0x22;
const zero = 0x30;
/** A number of this many digits is exact as a double. */
const mostDigits = 15;

/** Steps through JSON text as bytes without making strings or objects of it. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The next byte that is no white space; it is not passed. */
  peek(): number {
    const { bytes } = this;
    while ((bytes[this.at] ?? quote) <= space) this.at += 1;
    return bytes[this.at] ?? -1;
  }

  /** Passes one byte, white space before it too. */
  expect(byte: number): void {
    if (this.peek() !== byte) throw new NotPlain();
    this.at += 1;
  }

  /**
   * Passes `"name" :` and yields where among `names` it is.
   * @param names as bytes, with both quotes
   * @param likely where to look first
   */
  expectName(names: readonly Uint8Array[], likely: number): number {
    this.peek();
    for (let tried = 0; tried < names.length; tried += 1) {
      const index = (likely + tried) % names.length;
      const name = names[index];
      if (name && this.startsWith(name)) {
        this.at += name.length;
        this.expect(0x3a);
        return index;
      }
    }
    throw new NotPlain();
  }

  /** Passes an integer that is not negative and that a double holds exactly. */
  expectCount(): number {
    this.peek();
    const { bytes } = this;
    const begin = this.at;
    let value = 0;
    for (;;) {
      const digit = (bytes[this.at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      this.at += 1;
    }
    const digits = this.at - begin;
    const next = bytes[this.at];
    // A fraction or an exponent is for the tolerant reader.
    if (digits === 0 || digits > mostDigits || next === 0x2e || next === 0x65 || next === 0x45) {
      throw new NotPlain();
    }
    return value;
  }

  /**
   * Passes an object that holds no other and yields a hash of its bytes. Strings may hold anything.
   * @returns an integer of 32 bits
   */
  expectFlatObject(): number {
    this.expect(0x7b);
    const { bytes } = this;
    let hash = 0x811c9dc5;
    let inString = false;
    for (; this.at < bytes.length; this.at += 1) {
      const byte = bytes[this.at] ?? 0;
      hash = Math.imul(hash ^ byte, 0x01000193);
      if (byte === quote) inString = !inString;
      else if (byte === 0x5c) throw new NotPlain();
      else if (!inString && byte === 0x7b) throw new NotPlain();
      else if (!inString && byte === 0x7d) {
        this.at += 1;
        return hash;
      }
    }
    throw new NotPlain();
  }

  startsWith(name: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < name.length; index += 1) {
      if (bytes[at + index] !== name[index]) return false;
    }
    return true;
  }
}
