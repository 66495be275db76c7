/** A secret as the keychain holds it: one line of base64, since a line break destroys some keyrings. */
export function encodeSecret(secret: string): string {
  return Buffer.from(secret, 'utf8').toString('base64');
}

/** The secret of a keychain's value, or null where the value is not one that {@link encodeSecret} made. */
export function decodeSecret(value: string): string | null {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== value) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
