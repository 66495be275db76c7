import { NameTable } from './name-table.ts';

const idLength = 16;
/** Of an entry: the first half of the id, the second half, and its number plus 1, 0 where none is. */
const width = 3;

/**
 * Numbers of users by user id. Ids are 16 hexadecimal digits, which make two integers: an entry then
 * lies in one place of memory and is compared in two steps. Ids of any other form are kept by name.
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

  /** Keeps a number under the id that stands in `bytes` from `start` to `end`. */
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
