import { withoutInvisible } from './plain-text.ts';

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
