/** Three consecutive letters are hashed to this many bits. */
const hashBits = 12;
/** Texts are indexed in blocks of this size. */
const blockSize = 64;

/**
 * Texts in one string, which the engine searches natively. An index of three-letter sequences by block (8
 * bytes a text) rules out the blocks that can't hold what is searched, so that half a million texts take a
 * millisecond or two, also where none of them holds it.
 */
export class PackedTexts {
  readonly #text: string;
  readonly #ends: Uint32Array;
  #grams: Uint32Array | null = null;

  /** @param ends where each text ends: that is where the next one begins */
  constructor(text: string, ends: Uint32Array) {
    this.#text = text;
    this.#ends = ends;
  }

  /** @param text the texts, each followed by the separator, which is taken as its last letter */
  static separated(text: string, separator: string): PackedTexts {
    const ends: number[] = [];
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
      ends.push(at + 1);
    }
    return new PackedTexts(text, Uint32Array.from(ends));
  }

  get size(): number {
    return this.#ends.length;
  }

  isSame(other: PackedTexts | undefined): boolean {
    return other !== undefined && this.#text === other.#text;
  }

  textAt(at: number): string {
    return this.#text.slice(this.#startOf(at), this.#ends[at]);
  }

  /** Calls back with the text they all are in, and where the one at a place begins and ends. */
  within<Value>(at: number, read: (text: string, start: number, end: number) => Value): Value {
    return read(this.#text, this.#startOf(at), this.#ends[at] as number);
  }

  /** Calls back with the place of each text that holds another, in their order, until it says to stop. */
  search(needle: string, found: (at: number) => boolean): void {
    const blocks = this.#blocksOf(needle);
    if (!blocks) {
      this.#searchSpan(needle, 0, this.size, found);
      return;
    }
    const count = Math.ceil(this.size / blockSize);
    for (let block = 0; block < count; block += 1) {
      if (!isMarked(blocks, block)) continue;
      const first = block;
      while (block + 1 < count && isMarked(blocks, block + 1)) block += 1;
      const end = Math.min((block + 1) * blockSize, this.size);
      if (!this.#searchSpan(needle, first * blockSize, end, found)) return;
    }
  }

  /** Returns a quick test of whether the text at a place can hold another: false is certain, true is not. */
  mayHold(needle: string): (at: number) => boolean {
    const blocks = this.#blocksOf(needle);
    return blocks ? (at) => isMarked(blocks, Math.floor(at / blockSize)) : () => true;
  }

  #startOf(at: number): number {
    return at === 0 ? 0 : (this.#ends[at - 1] as number);
  }

  /** Searches the texts from one place to another. @returns whether to search on */
  #searchSpan(needle: string, from: number, to: number, found: (at: number) => boolean): boolean {
    const start = this.#startOf(from);
    const isAll = to === this.size && from === 0;
    const text = isAll ? this.#text : this.#text.slice(start, this.#startOf(to));
    let at = from;
    let position = text.indexOf(needle);
    while (position >= 0) {
      while ((this.#ends[at] as number) <= start + position) at += 1;
      const end = (this.#ends[at] as number) - start;
      // A match may reach into the next text; then it is none.
      const inside = position + needle.length <= end;
      if (inside && !found(at)) return false;
      position = text.indexOf(needle, inside ? end : position + 1);
    }
    return true;
  }

  /** Which blocks may hold a text; null where that is unknown. */
  #blocksOf(needle: string): Uint32Array | null {
    if (needle.length < 3) return null;
    this.#grams ??= gramsOf(this.#text, this.#ends);
    const words = this.#grams.length >>> hashBits;
    const blocks = new Uint32Array(words).fill(0xffffffff);
    let gram = 0;
    for (let at = 0; at < needle.length; at += 1) {
      gram = withLetter(gram, needle.charCodeAt(at));
      if (at < 2) continue;
      const start = hashOf(gram) * words;
      for (let word = 0; word < words; word += 1) {
        blocks[word] = (blocks[word] as number) & (this.#grams[start + word] as number);
      }
    }
    return blocks;
  }
}

/** Three letters as a number: what comes before them is pushed out. */
function withLetter(gram: number, code: number): number {
  return ((gram << 8) ^ code) & 0xffffff;
}

function hashOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - hashBits);
}

function isMarked(blocks: Uint32Array, block: number): boolean {
  return ((blocks[block >>> 5] as number) & (1 << (block & 31))) !== 0;
}

/** One bit for each block and hash: whether the block holds three letters with that hash. */
function gramsOf(text: string, ends: Uint32Array): Uint32Array {
  const count = Math.ceil(ends.length / blockSize);
  const words = Math.ceil(count / 32);
  const grams = new Uint32Array(words << hashBits);
  let [at, gram] = [0, 0];
  for (let block = 0; block < count; block += 1) {
    const end = ends[Math.min((block + 1) * blockSize, ends.length) - 1] as number;
    const bit = 1 << (block & 31);
    for (; at < end; at += 1) {
      gram = withLetter(gram, text.charCodeAt(at));
      const place = hashOf(gram) * words + (block >>> 5);
      grams[place] = (grams[place] as number) | bit;
    }
  }
  return grams;
}
