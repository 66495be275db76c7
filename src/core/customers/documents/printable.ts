/** Plain ASCII, which every font has. Most texts need no further check. */
const plain = /^[\n\r\t\x20-\x7e]*$/;

/** A value whose texts a font can print, and whether letters were lost for it. */
export interface Printable<Value> {
  value: Value;
  lost: boolean;
}

/**
 * Replaces every letter that a font lacks by a question mark, in all texts of a value: it would print
 * an empty box, which looks like a fault and says nothing. Images (`data:`) are left alone.
 */
export function toPrintable<Value>(
  value: Value,
  hasGlyph: (codePoint: number) => boolean,
): Printable<Value> {
  let lost = false;
  const printed = (text: string): string => {
    if (text.startsWith('data:') || plain.test(text)) return text;
    return [...text.normalize('NFC')]
      .map((letter) => {
        if (plain.test(letter) || hasGlyph(letter.codePointAt(0) ?? 0)) return letter;
        lost = true;
        return '?';
      })
      .join('');
  };
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return printed(part);
    if (Array.isArray(part)) return part.map(walk);
    if (part === null || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([name, held]) => [name, walk(held)]));
  };
  return { value: walk(value) as Value, lost };
}
