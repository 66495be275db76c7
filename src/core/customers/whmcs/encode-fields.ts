/** The value of a field of a request: texts, numbers, flags, and maps as `name[key]`. */
export type FieldValue = string | number | boolean | ReadonlyMap<string, string>;

/** Returns the form of a request: flags as `1` and `0`, maps as `name[key]`; undefined is omitted. */
export function encodeFields(fields: Record<string, FieldValue | undefined>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (typeof value === 'boolean') form.set(name, value ? '1' : '0');
    else if (typeof value === 'object') {
      for (const [key, member] of value) form.set(`${name}[${key}]`, member);
    } else form.set(name, String(value));
  }
  return form.toString();
}

/**
 * Returns base64 of PHP's serialization of a map of texts, as custom fields are sent:
 * `a:1:{i:7;s:2:"u1";}`. Lengths count UTF-8 bytes; keys of digits are integers.
 */
export function encodeCustomFields(fields: Readonly<Record<string, string>>): string {
  const text = (value: string): string => `s:${Buffer.byteLength(value)}:"${value}";`;
  const key = (name: string): string => (/^\d{1,15}$/.test(name) ? `i:${name};` : text(name));
  const entries = Object.entries(fields);
  const body = entries.map(([name, value]) => `${key(name)}${text(value)}`).join('');
  return Buffer.from(`a:${entries.length}:{${body}}`).toString('base64');
}
