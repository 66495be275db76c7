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

/** Returns whose data a file holds: one user's name, or how many users; null for all. */
export function whose(names: readonly string[] | undefined): string | null {
  if (names === undefined) return null;
  return names.length === 1 ? (names[0] ?? null) : `${names.length}-users`;
}

/**
 * Reads a SHA-256 fingerprint as systems print it: openssl's whole line, pairs with colons, spaces or
 * nothing between, with what can't be seen around it.
 * @returns `AA:BB:…` of 32 pairs, or null where the text is none
 */
export function readFingerprint(text: string): string | null {
  const printed = withoutInvisible(text).replace(/^(sha-?256\s*)?(fingerprint\s*)?[=:]?\s*/i, '');
  const digits = printed.replace(/[:\s-]/g, '');
  if (!/^[0-9a-f]{64}$/i.test(digits)) return null;
  return digits.toUpperCase().replace(/(..)(?!$)/g, '$1:');
}

/** Characters that can't be seen and come along with copied text: joiners, marks of direction, soft hyphens. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** Returns copied text as its reader sees it: without invisible characters, and without space around it. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '').trim();
}

/**
 * Returns the form in which texts are compared and searched: composed and in lower case. Composing comes
 * last too, since lower case may decompose.
 */
export function comparable(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

/** Returns what a search looks for, in the form of {@link comparable}; empty where nothing was entered. */
export function searchedText(search: string | undefined): string {
  return comparable(withoutInvisible(search ?? ''));
}
