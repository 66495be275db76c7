/** Letters without a Unicode decomposition, and how people type them. */
const alike: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

function folded(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return plain.replace(/[ßæœøđðłþı]/g, (letter) => alike[letter] ?? letter);
}

/** A number preceded by its length, since the longer of two is larger; then its leading zeros. */
function withLength(run: string): string {
  const digits = run.replace(/^0+(?=\d)/, '');
  const { length } = digits;
  const zeros = String.fromCharCode(0x30 + run.length - length);
  // a colon is what follows the 9, and comes before every letter
  const size = length < 10 ? String(length) : `:${String(length).padStart(3, '0')}`;
  return `${size}${digits}${zeros}`;
}

/**
 * Returns the text by which names are sorted, character by character, as people expect them: `bucket-2`
 * before `bucket-10` and `bucket-010`, `Ä` by `A`, capitals by their small letters.
 */
export function collationKey(text: string): string {
  const plain = /^[ -@[-~]*$/.test(text) ? text : folded(text);
  return plain.replace(/\d+/g, withLength);
}

/** Compares two names by {@link collationKey}; equal ones by their characters. */
export function compareNames(one: string, other: string): number {
  const [a, b] = [collationKey(one), collationKey(other)];
  if (a !== b) return a < b ? -1 : 1;
  return one === other ? 0 : one < other ? -1 : 1;
}
