/** Remembers so many values, and forgets the one that was not asked for the longest. */
export class LeastRecentlyUsed<Key, Value> {
  readonly #most: number;
  readonly #values = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The value remembered under a key, or the one `make` yields, which is remembered. */
  get(key: Key, make: () => Value): Value {
    const known = this.#values.has(key);
    const value = known ? (this.#values.get(key) as Value) : make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) {
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest);
        break;
      }
    }
    return value;
  }
}

/** For every row of a table one byte, at its id less 1: 1 where the row matches. */
export type MatchMap = Uint8Array;

export interface MapCondition {
  /** Tells this condition, with its values, from every other. */
  key: string;
  /** Finds what matches; asked once, as long as the answer is remembered. */
  matches(): MatchMap;
}

export interface Matches {
  map: MatchMap;
  total: number;
}

const remembered = 16;

/** Remembers which rows of a table match which conditions. */
export class MatchMaps {
  #found = new LeastRecentlyUsed<string, Matches>(remembered);

  /** Forgets what was found before, since rows were changed. */
  forget(): void {
    this.#found = new LeastRecentlyUsed(remembered);
  }

  /** What fulfils all of some conditions, of which there is at least one. */
  of(conditions: readonly MapCondition[]): Matches {
    const key = conditions.map((condition) => condition.key).join('\n');
    return this.#found.get(key, () => {
      const [first, ...others] = conditions as [MapCondition, ...MapCondition[]];
      const map =
        others.length === 0 ? first.matches() : both(this.of([first]).map, this.of(others).map);
      let total = 0;
      for (let index = 0; index < map.length; index += 1) total += map[index] as number;
      return { map, total };
    });
  }
}

export function both(left: MatchMap, right: MatchMap): MatchMap {
  const map = new Uint8Array(left.length);
  for (let index = 0; index < map.length; index += 1) {
    map[index] = (left[index] as number) & (right[index] as number);
  }
  return map;
}

/** So many ids along an order, from its beginning or its end, without what does not match. */
export function walk(
  order: Uint32Array,
  map: MatchMap | null,
  backwards: boolean,
  skipped: number,
  wanted: number,
): number[] {
  const step = backwards ? -1 : 1;
  const ids: number[] = [];
  let at = backwards ? order.length - 1 : 0;
  let left = skipped;
  if (!map) {
    at += step * skipped;
    left = 0;
  }
  for (; ids.length < wanted && at >= 0 && at < order.length; at += step) {
    const id = order[at] as number;
    if (map && map[id - 1] !== 1) continue;
    if (left > 0) left -= 1;
    else ids.push(id);
  }
  return ids;
}
