/** Letters that no decomposition takes apart, as people look for them. */
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

/** A number behind its length: of two numbers the longer one is larger. */
function withLength(run: string): string {
  const digits = run.replace(/^0+(?=\d)/, '');
  const { length } = digits;
  // a colon is what follows the 9, and comes before every letter
  return length < 10 ? `${length}${digits}` : `:${String(length).padStart(3, '0')}${digits}`;
}

/**
 * Returns the text by which names are sorted, character by character, as people expect them: `bucket-2`
 * before `bucket-10`, `Ä` by `A`, capitals by their small letters. Names that differ in nothing else have
 * the same key.
 */
export function collationKey(text: string): string {
  const plain = /^[ -@[-~]*$/.test(text) ? text : folded(text);
  return plain.replace(/\d+/g, withLength);
}
