/** Letters of a typed word that may be left out or swapped, at one each; a wrong one counts as two. */
function mostSlips(letters: number): number {
  if (letters < 3) return 0;
  if (letters === 3) return 1;
  return letters < 8 ? 2 : 4;
}

const wrong = 2;

/** A text is looked for by this many words at most. */
const mostWords = 8;

/** Most known words, since names of random letters have no words worth learning. */
const mostKnown = 1 << 18;

const none = 255;

/** Longer words are searched exactly. */
const mostLetters = 40;
/** What the letters read so far cost, by how many of the typed ones are met: three rows that take turns. */
const rows = [0, 1, 2].map(() => new Uint8Array(mostLetters + 1));

/**
 * Returns the cost of a typed word as the beginning of a word: twice its slips, plus one where the word is
 * longer; `none` where there are too many slips.
 */
function costOf(typed: string, word: string): number {
  const { length } = typed;
  if (length > mostLetters) return none;
  const most = mostSlips(length);
  let [before, row, next] = rows as [Uint8Array, Uint8Array, Uint8Array];
  for (let index = 0; index <= length; index += 1) row[index] = index * wrong;
  let [cost, at] = [length * wrong, 0];
  for (let letter = 1; letter <= word.length; letter += 1) {
    const least = readLetter(typed, word, letter, { before, row, next });
    [before, row, next] = [row, next, before];
    const whole = row[length] as number;
    if (whole <= cost) [cost, at] = [whole, letter];
    if (least > most) break;
  }
  return cost > most ? none : 2 * cost + (at === word.length ? 0 : 1);
}

/** Fills the next row with what one more letter of the word makes of it. @returns the least of it */
function readLetter(
  typed: string,
  word: string,
  letter: number,
  { before, row, next }: Record<'before' | 'row' | 'next', Uint8Array>,
): number {
  const [own, last] = [word.charCodeAt(letter - 1), word.charCodeAt(letter - 2)];
  let least = letter;
  next[0] = letter;
  for (let index = 1; index <= typed.length; index += 1) {
    const code = typed.charCodeAt(index - 1);
    let value = (row[index - 1] as number) + (code === own ? 0 : wrong);
    const left = (row[index] as number) + 1;
    if (left < value) value = left;
    const extra = (next[index - 1] as number) + wrong;
    if (extra < value) value = extra;
    if (index > 1 && code === last && typed.charCodeAt(index - 2) === own) {
      value = Math.min(value, (before[index - 2] as number) + 1);
    }
    next[index] = value;
    if (value < least) least = value;
  }
  return least;
}

/** Returns whether what was typed is the beginning of a word, but for as many slips as its length allows. */
export function isNear(typed: string, word: string): boolean {
  return costOf(typed, word) < none;
}

/** Which letters a word has, as bits. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1) {
    const code = word.charCodeAt(index);
    letters |= 1 << (code < 0x80 ? code - 0x61 : 26 + (code % 6));
  }
  return letters;
}

function bitsIn(value: number): number {
  let bits = 0;
  for (let left = value; left !== 0; left &= left - 1) bits += 1;
  return bits;
}

const isLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || code >= 0x80;

type Test = (place: number) => boolean;

/** What a typed word costs as each of the known ones, by their numbers. */
interface Costs {
  of: Uint8Array;
  /** Those that it may mean, what they cost at least, and how many texts have one of them at most. */
  numbers: number[];
  least: number;
  texts: number;
}

/**
 * Finds texts by their words: in any order, begun, with a letter wrong, swapped or left out. Half a million
 * texts have a few thousand words, which are compared with what was typed; then only the texts with the
 * rarest match are looked at. (FTS5 with trigrams took as long to build as a refresh and finds no slip in a
 * short word; uFuzzy looks at every text at each letter.) Texts are in lower case.
 */
export class NearWords {
  readonly #numbers = new Map<string, number>();
  readonly #known: string[] = [];
  readonly #letters: number[] = [];
  /** The numbers of the words of each text, one text after another, and where those of each text end. */
  #words = new Uint32Array(1 << 10);
  #ends = new Uint32Array(1 << 8);
  #length = 0;
  #size = 0;
  /** The places of the texts that have each word, one word after another; null until they are needed. */
  #places: { of: Uint32Array; from: Uint32Array } | null = null;

  /** How many texts were added. */
  get size(): number {
    return this.#size;
  }

  /** Adds the next text, which is in another from `start` to `end`. */
  add(text: string, start = 0, end = text.length): void {
    let from = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && isLetter(text.charCodeAt(at))) continue;
      if (at - from > 1) this.#addWord(text.slice(from, at));
      from = at + 1;
    }
    if (this.#size === this.#ends.length) this.#ends = doubled(this.#ends);
    this.#ends[this.#size++] = this.#length;
    this.#places = null;
  }

  /**
   * The places of the texts that words mean, the nearest first. Numbers and single letters are looked for
   * as they are.
   * @param holding yields whether the text at a place holds a part as it is
   */
  find(search: string, limit: number, holding: (part: string) => Test): number[] {
    const parts = search.match(/[a-z\u0080-\uffff]+|\d+/g) ?? [];
    const words = parts.filter((part) => part.length > 1 && isLetter(part.charCodeAt(0)));
    if (!isNearSearch(search) || words.length > mostWords) return [];
    const costs = words.map((word) => this.#costs(word));
    if (!costs.every((each) => each !== null)) return [];
    const exact = parts.filter((part) => !words.includes(part)).map(holding);
    const least = costs.reduce((sum, each) => sum + each.least, 0);
    const found: number[][] = [];
    for (const place of this.#placesOfRarest(costs)) {
      const sum = this.#sumAt(place, costs);
      if (sum >= none) continue;
      found[sum] ??= [];
      const equal = found[sum];
      if (equal.length === limit || !exact.every((holds) => holds(place))) continue;
      // none is nearer than these
      if (equal.push(place) === limit && sum === least) break;
    }
    return found.flat().slice(0, limit);
  }

  #addWord(word: string): void {
    let number = this.#numbers.get(word);
    if (number === undefined) {
      number = this.#known.length;
      if (number === mostKnown) return;
      this.#numbers.set(word, number);
      this.#known.push(word);
      this.#letters.push(lettersOf(word));
    }
    if (this.#length === this.#words.length) this.#words = doubled(this.#words);
    this.#words[this.#length++] = number;
  }

  /** Null where a typed word is none of the known ones. */
  #costs(typed: string): Costs | null {
    const slips = mostSlips(typed.length) / wrong;
    const letters = lettersOf(typed);
    const { from } = this.#byWord();
    const costs: Costs = {
      ...{ of: new Uint8Array(this.#known.length).fill(none), numbers: [], least: none, texts: 0 },
    };
    for (let number = 0; number < this.#known.length; number += 1) {
      if (bitsIn(letters & ~(this.#letters[number] as number)) > slips) continue;
      const word = this.#known[number] as string;
      if (typed.length - word.length > slips) continue;
      const within = word.includes(typed);
      const cost = within ? Number(word !== typed) : slips === 0 ? none : costOf(typed, word);
      if (cost === none) continue;
      costs.of[number] = cost;
      costs.numbers.push(number);
      costs.least = Math.min(costs.least, cost);
      costs.texts += (from[number + 1] as number) - (from[number] as number);
    }
    return costs.numbers.length === 0 ? null : costs;
  }

  /** What all typed words cost together in a text, each by the nearest of the text's words. */
  #sumAt(place: number, costs: readonly Costs[]): number {
    const start = place === 0 ? 0 : (this.#ends[place - 1] as number);
    const end = this.#ends[place] as number;
    let sum = 0;
    for (const { of } of costs) {
      let least = none;
      for (let at = start; at < end; at += 1) {
        const cost = of[this.#words[at] as number] as number;
        if (cost < least) least = cost;
      }
      if (least === none) return none;
      sum += least;
    }
    return sum;
  }

  /** The places, in their order, of the texts that may have the typed word that the fewest have. */
  #placesOfRarest(costs: readonly Costs[]): Uint32Array {
    const { of, from } = this.#byWord();
    const [rarest] = costs.toSorted((left, right) => left.texts - right.texts);
    if (!rarest) return new Uint32Array();
    const marked = new Uint32Array((this.#size >>> 5) + 1);
    for (const number of rarest.numbers) {
      const end = from[number + 1] as number;
      for (let at = from[number] as number; at < end; at += 1) {
        const place = of[at] as number;
        marked[place >>> 5] = (marked[place >>> 5] as number) | (1 << (place & 31));
      }
    }
    const places = new Uint32Array(rarest.texts);
    let length = 0;
    for (let word = 0; word < marked.length; word += 1) {
      for (let left = marked[word] as number; left !== 0; left &= left - 1) {
        places[length++] = (word << 5) + (31 - Math.clz32(left & -left));
      }
    }
    return places.subarray(0, length);
  }

  /** Arranges the texts by their words: two millions within some hundredths of a second, once. */
  #byWord() {
    if (this.#places) return this.#places;
    const from = new Uint32Array(this.#known.length + 1);
    for (let at = 0; at < this.#length; at += 1) {
      const after = (this.#words[at] as number) + 1;
      from[after] = (from[after] as number) + 1;
    }
    for (let number = 1; number < from.length; number += 1) {
      from[number] = (from[number] as number) + (from[number - 1] as number);
    }
    const of = new Uint32Array(this.#length);
    const next = from.slice();
    for (let place = 0, at = 0; place < this.#size; place += 1) {
      for (; at < (this.#ends[place] as number); at += 1) {
        const number = this.#words[at] as number;
        const free = next[number] as number;
        of[free] = place;
        next[number] = free + 1;
      }
    }
    this.#places = { of, from };
    return this.#places;
  }
}

/** Returns whether a search has a word that can be meant with a slip: three letters at least. */
export function isNearSearch(search: string): boolean {
  return /[a-z\u0080-\uffff]{3}/.test(search);
}

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
