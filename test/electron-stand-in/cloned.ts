/**
 * Values as a structured clone carries them between processes, written as text: `undefined`, dates and
 * bytes stay what they are, and functions are refused. Both functions are written into pages as source
 * as well, so they use nothing from around them.
 */

/** Writes a value as text. @throws the error of a structured clone where it can't be cloned */
export function pack(value: unknown): string {
  const box = (part: unknown): unknown => {
    if (part === undefined) return { is: 'undefined' };
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return part;
    if (typeof part === 'number') {
      if (Number.isFinite(part) && !Object.is(part, -0)) return part;
      return { is: 'number', value: Object.is(part, -0) ? '-0' : String(part) };
    }
    if (typeof part === 'bigint') return { is: 'bigint', value: String(part) };
    if (typeof part === 'function' || typeof part === 'symbol') {
      throw new Error('An object could not be cloned.');
    }
    if (Array.isArray(part)) return { is: 'array', value: part.map(box) };
    if (part instanceof Date) return { is: 'date', value: part.getTime() };
    if (part instanceof Uint8Array) return { is: 'bytes', value: [...part] };
    if (part instanceof Map) return { is: 'map', value: [...part].map((pair) => pair.map(box)) };
    if (part instanceof Set) return { is: 'set', value: [...part].map(box) };
    if (part instanceof Error) return { is: 'error', value: part.message };
    if (part instanceof Promise) throw new Error('An object could not be cloned.');
    const entries = Object.entries(part as object).map(([name, inner]) => [name, box(inner)]);
    return { is: 'object', value: Object.fromEntries(entries) };
  };
  return JSON.stringify(box(value));
}

/** Reads a value that {@link pack} wrote. */
export function unpack(text: string): unknown {
  type Box = { is: string; value?: unknown };
  const open = (boxed: unknown): unknown => {
    if (boxed === null || typeof boxed !== 'object') return boxed;
    const { is, value } = boxed as Box;
    if (is === 'undefined') return undefined;
    if (is === 'number') return Number(value);
    if (is === 'bigint') return BigInt(value as string);
    if (is === 'array') return (value as unknown[]).map(open);
    if (is === 'date') return new Date(value as number);
    if (is === 'bytes') return Uint8Array.from(value as number[]);
    if (is === 'map')
      return new Map((value as [unknown, unknown][]).map(([k, v]) => [open(k), open(v)]));
    if (is === 'set') return new Set((value as unknown[]).map(open));
    if (is === 'error') return new Error(value as string);
    return Object.fromEntries(
      Object.entries(value as object).map(([name, inner]) => [name, open(inner)]),
    );
  };
  return open(JSON.parse(text));
}
