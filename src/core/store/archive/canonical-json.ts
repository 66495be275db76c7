/**
 * JSON with sorted keys: the same value is always the same text, so that it can be hashed.
 * @param value plain data
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(
      Object.entries(part).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
    );
  });
}
