import UFuzzy from '@leeoniya/ufuzzy';

/** What an entry is found by: its label, and further words. */
export interface Findable {
  label: string;
  keywords?: string | undefined;
}

// one letter wrong, missing, doubled or swapped in each longer word
const fuzzy = new UFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraMode: 1,
});

/** The letters of each word in their order, whatever is between them: `jrnl` for Journal. */
const inOrder = new UFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraChars: "[\\p{L}\\d']",
  interLft: 1,
  intraIns: Number.POSITIVE_INFINITY,
});

const anyOrder = 1;

/**
 * The entries that words mean, in any order and with small slips: those that begin so first, then the
 * nearest.
 */
export function ranked<Entry extends Findable>(entries: readonly Entry[], words: string): Entry[] {
  if (words.trim() === '') return [...entries];
  const texts = entries.map(({ label, keywords = '' }) => `${label} ${keywords}`);
  const near = foundBy(fuzzy, entries, texts, words);
  const begun = words.trim().toLowerCase();
  const begins = ({ label }: Entry): boolean => label.toLowerCase().startsWith(begun);
  return [...near.filter(begins), ...near.filter((entry) => !begins(entry))];
}

/** The entries whose labels have words with these letters in this order, the nearest first. */
export function abbreviated<Entry extends Findable>(
  entries: readonly Entry[],
  words: string,
): Entry[] {
  const labels = entries.map(({ label }) => label);
  return foundBy(inOrder, entries, labels, words);
}

/** @param texts of the entries, in their order */
function foundBy<Entry>(
  by: UFuzzy,
  entries: readonly Entry[],
  texts: string[],
  words: string,
): Entry[] {
  const [found, info, order] = by.search(texts, words, anyOrder);
  const places = order && info ? order.map((place) => info.idx[place]) : (found ?? []);
  return places.flatMap((place) => (place === undefined ? [] : (entries[place] ?? [])));
}

/** Words between a verb and what it is done to. */
const fillers = new Set(['a', 'an', 'the', 'of', 'for', 'to', 'on', 'in', 'user', 'bucket', 'key']);

/** The fewest letters of a word of a verb that mean it. */
const leastLetters = 3;

/** Typed words taken apart: the verbs they begin with, and the rest, which names the object. */
export interface Aimed<Verb> {
  verbs: Verb[];
  target: string;
}

/** Splits `set quota of acme` into the verbs that set a quota, and `acme`. */
export function aimed<Verb extends Findable>(verbs: readonly Verb[], text: string): Aimed<Verb> {
  const words = text.trim().split(/\s+/);
  const readings = verbs.map((verb) => ({ verb, ...reading(verb, words) }));
  const most = Math.max(0, ...readings.map(({ hits }) => hits));
  const best = most === 0 ? [] : readings.filter(({ hits }) => hits === most);
  const consumed = Math.max(0, ...best.map((one) => one.consumed));
  return {
    verbs: best.filter((one) => one.consumed === consumed).map(({ verb }) => verb),
    target: words.slice(consumed).join(' '),
  };
}

function reading({ label, keywords = '' }: Findable, words: readonly string[]) {
  const vocabulary = `${label} ${keywords}`.toLowerCase().split(/\s+/);
  let hits = 0;
  for (const [consumed, typed] of words.entries()) {
    const word = typed.toLowerCase();
    if (fillers.has(word)) continue;
    const known = word.length >= leastLetters && vocabulary.some((one) => means(one, word));
    if (!known) return { hits, consumed: hits === 0 ? 0 : consumed };
    hits += 1;
  }
  return { hits, consumed: words.length };
}

/** Whether a typed word begins a word of the verb, or is that word with one slip. */
function means(known: string, typed: string): boolean {
  if (known.startsWith(typed)) return true;
  if (Math.abs(known.length - typed.length) > 1) return false;
  return (fuzzy.filter([known], typed)?.length ?? 0) > 0;
}
