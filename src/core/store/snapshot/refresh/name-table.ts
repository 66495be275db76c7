const smallest = 1 << 10;

/**
 * Numbers by name, where names are bytes of a larger text: half a million are added and looked up
 * without making half a million strings. An open-addressing hash table; the last value of a name stays.
 */
export class NameTable {
  #text = new Uint8Array(smallest * 16);
  #textLength = 0;
  /** Where each name ends in the text; name n begins where name n - 1 ends. */
  #ends = new Uint32Array(smallest);
  #values = new Float64Array(smallest);
  #count = 0;
  /** Number of a name plus 1 at the place its hash leads to, 0 where none is. */
  #slots = new Int32Array(smallest * 2);

  get size(): number {
    return this.#count;
  }

  /** Keeps a value under the name that is in `bytes` from `start` to `end`. */
  set(bytes: Uint8Array, start: number, end: number, value: number): void {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const slot = this.#find(bytes, start, end);
    const known = (this.#slots[slot] as number) - 1;
    if (known >= 0) {
      this.#values[known] = value;
      return;
    }
    this.#reserveText(end - start);
    for (let index = start; index < end; index += 1) {
      this.#text[this.#textLength++] = bytes[index] as number;
    }
    this.#ends[this.#count] = this.#textLength;
    this.#values[this.#count] = value;
    this.#count += 1;
    this.#slots[slot] = this.#count;
  }

  /** The value kept under that name, or -1. */
  get(bytes: Uint8Array, start: number, end: number): number {
    const known = (this.#slots[this.#find(bytes, start, end)] as number) - 1;
    return known < 0 ? -1 : (this.#values[known] as number);
  }

  /** The slot that holds the name, or the free one where it belongs. */
  #find(bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(bytes, start, end) & mask;
    for (;;) {
      const known = (slots[slot] as number) - 1;
      if (known < 0 || this.#isName(known, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isName(known: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = known === 0 ? 0 : (this.#ends[known - 1] as number);
    if ((this.#ends[known] as number) - from !== end - start) return false;
    const text = this.#text;
    for (let index = 0; index < end - start; index += 1) {
      if (text[from + index] !== bytes[start + index]) return false;
    }
    return true;
  }

  #reserveText(more: number): void {
    if (this.#textLength + more <= this.#text.length) return;
    const text = new Uint8Array((this.#text.length + more) * 2);
    text.set(this.#text);
    this.#text = text;
  }

  #grow(): void {
    const ends = new Uint32Array(this.#ends.length * 2);
    ends.set(this.#ends);
    this.#ends = ends;
    const values = new Float64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let name = 0, from = 0; name < this.#count; name += 1) {
      const end = this.#ends[name] as number;
      let slot = hash(this.#text, from, end) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = name + 1;
      from = end;
    }
  }
}

/** FNV-1a with a final mix, so that the low bits depend on all of the name. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    value = Math.imul(value ^ (bytes[index] as number), 0x01000193);
  }
  return value ^ (value >>> 15);
}
