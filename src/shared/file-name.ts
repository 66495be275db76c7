/**
 * Returns the name of an exported file from what it is about: what, cluster, whose, period, state. Parts
 * that are empty are omitted; what file systems refuse becomes a hyphen.
 */
export function exportName(parts: readonly (string | null | undefined)[], ending: string): string {
  const named = parts.map((part) => fileNamePart(part ?? '')).filter((part) => part !== '');
  return `${named.join('-')}.${ending}`;
}

/** Returns a text as a part of a file name, 60 characters at most. */
export function fileNamePart(text: string): string {
  return [...text.normalize('NFC').replace(/[^\p{L}\p{N}._@-]+/gu, '-')]
    .slice(0, 60)
    .join('')
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** Returns whose a file is: the one user's name, or how many there are; nothing for everybody. */
export function whose(names: readonly string[] | undefined): string | null {
  if (names === undefined) return null;
  return names.length === 1 ? (names[0] ?? null) : `${names.length}-users`;
}
