/** The fields of a request: texts by name, arrays and maps as `name[key]` in {@link FormFields.map}. */
export class FormFields {
  readonly #values = new Map<string, string>();
  readonly #maps = new Map<string, Map<string, string>>();

  /** Reads a form as PHP does: the last value of a name counts. */
  constructor(body: string) {
    for (const [name, value] of new URLSearchParams(body)) {
      const match = /^([^[\]]+)\[([^[\]]*)\]$/.exec(name);
      if (match === null) this.#values.set(name, value);
      else
        this.#mapOf(`${match[1]}`).set(match[2] || String(this.#mapOf(`${match[1]}`).size), value);
    }
  }

  #mapOf(name: string): Map<string, string> {
    const map = this.#maps.get(name) ?? new Map<string, string>();
    this.#maps.set(name, map);
    return map;
  }

  /** Yields the names of everything sent. */
  *names(): Generator<string> {
    yield* this.#values.keys();
    yield* this.#maps.keys();
  }

  /** Returns a field; an empty one counts as not given. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** Returns a whole number, or null where there is none. */
  number(name: string): number | null {
    const text = this.text(name);
    return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
  }

  /** Returns whether a flag is set: any text but `0` is, the word `false` too. */
  flag(name: string): boolean {
    const text = this.text(name);
    return text !== undefined && text !== '0';
  }

  /** Returns what was sent as `name[key]`, in order. */
  map(name: string): ReadonlyMap<string, string> {
    return this.#maps.get(name) ?? new Map();
  }

  /** Returns the custom fields of a request: base64 of PHP's serialization of a map of texts. */
  serialized(name: string): ReadonlyMap<string, string> {
    const text = this.text(name);
    return text === undefined ? new Map() : unserialize(Buffer.from(text, 'base64'));
  }
}

/** Reads `a:1:{i:7;s:2:"u1";}`; lengths count bytes. Returns an empty map for anything else. */
function unserialize(bytes: Buffer): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  const head = /^a:(\d+):\{/.exec(bytes.toString('latin1'));
  if (head === null) return result;
  let at = head[0].length;
  const scalar = (): string | null => {
    const rest = bytes.subarray(at).toString('latin1');
    const integer = /^i:(-?\d+);/.exec(rest);
    if (integer !== null) {
      at += integer[0].length;
      return `${integer[1]}`;
    }
    const text = /^s:(\d+):"/.exec(rest);
    if (text === null) return null;
    const start = at + text[0].length;
    const end = start + Number(text[1]);
    if (bytes.subarray(end, end + 2).toString('latin1') !== '";') return null;
    at = end + 2;
    return bytes.subarray(start, end).toString('utf8');
  };
  for (let index = 0; index < Number(head[1]); index += 1) {
    const key = scalar();
    const value = scalar();
    if (key === null || value === null) return new Map();
    result.set(key, value);
  }
  return result;
}
