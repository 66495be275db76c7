import type { DatabaseSync } from 'node:sqlite';

const hour = 3_600_000;
/** Days of statistics that the busiest hour is looked for in. */
const busyDays = 7;
/** Rows that travel between threads at a time. */
const rowsAtOnce = 10_000;

/** Rate limits, the counter each is about, and how many of it in an hour make one of the limit's unit. */
const resources = [
  { name: 'opsGet', counter: 'get', unit: 3600 },
  { name: 'opsPut', counter: 'put', unit: 3600 },
  { name: 'opsList', counter: 'list', unit: 3600 },
  { name: 'opsDefault', counter: 'other', unit: 3600 },
  { name: 'bandwidthOut', counter: 'downloaded', unit: 3_600_000 },
] as const;
const width = resources.length;

/** `[kind, id, …]` and the limits in the order of the resources; 0: unlimited. */
type LimitedTarget = [kind: 'user' | 'bucket', id: string, ...limits: number[]];

/** The busiest hours of what has rate limits. */
export interface BusiestHours {
  /** `[kind, id, resource, rate, limit, share, at, hours]` each, in parts, as JSON. */
  parts: string[];
  /** Where the statistics end, Unix milliseconds; null without any. */
  statisticsUntil: number | null;
}

export function busiestReaders(database: DatabaseSync) {
  return {
    /**
     * Finds the hour in which each came closest to a limit, and how many of the last day were near one.
     * @param limited as JSON
     */
    busiestHours: ({ limited, now }: { limited: string; now: number }): BusiestHours => {
      const range = database.prepare('SELECT max(hour) AS last FROM usage_total').get();
      if (range?.last == null) return { parts: [], statisticsUntil: null };
      const last = Number(range.last);
      const targets = JSON.parse(limited) as LimitedTarget[];
      // what was collected long ago says nothing of the last day
      const dayFrom = now - last * hour <= 3 * 24 * hour ? last - 23 : last + 1;
      const peaks = new Peaks(targets, targetsOfSubjects(database, targets, limited), dayFrom);
      if (targets.length > 0) readHours(database, last - busyDays * 24 + 1, last, peaks);
      return { parts: peaks.parts(), statisticsUntil: (last + 1) * hour };
    },
  };
}

/** For each subject of the statistics the number of the user, and of the bucket, that it counts for; 0: none. */
function targetsOfSubjects(
  database: DatabaseSync,
  targets: readonly LimitedTarget[],
  limited: string,
): Uint32Array[] {
  const row = database.prepare('SELECT ifnull(max(id), 0) AS last FROM subject').get();
  const found = { user: new Uint32Array(Number(row?.last) + 1), bucket: new Uint32Array(0) };
  found.bucket = new Uint32Array(found.user.length);
  for (const kind of ['user', 'bucket'] as const) {
    if (!targets.some(([of]) => of === kind)) continue;
    const named = kind === 'user' ? 'user_id' : 'bucket';
    const pairs = database.prepare(`SELECT json_group_array(json_array(s.id, goal.key + 1)) AS text
      FROM json_each(?) AS goal CROSS JOIN subject AS s ON s.${named} = goal.value ->> 1
      WHERE goal.value ->> 0 = '${kind}'`);
    readNumbers(String(pairs.get(limited)?.text), 2, ([subject, target]) => {
      found[kind][subject as number] = target as number;
    });
  }
  return [found.user, found.bucket];
}

/** Hour by hour, each as one text: far cheaper than a row or a number object for each of millions. */
function readHours(database: DatabaseSync, from: number, to: number, peaks: Peaks): void {
  const counters = resources.map(({ counter }) => counter).join(', ');
  const statement = database.prepare(
    `SELECT json_group_array(json_array(subject_id, ${counters})) AS text
     FROM usage_hour WHERE hour = ?`,
  );
  for (let at = from; at <= to; at += 1) {
    const text = String(statement.get(BigInt(at))?.text);
    readNumbers(text, width + 1, (row) => peaks.add(row));
    peaks.endHour(at);
  }
}

/** Calls back with each row of a JSON array of rows; a row is an array of `columns` integers, none negative. */
function readNumbers(text: string, columns: number, take: (row: Float64Array) => void): void {
  const row = new Float64Array(columns);
  let [column, value, inNumber] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      inNumber = true;
    } else if (inNumber) {
      row[column] = value;
      [value, inNumber] = [0, false];
      column += 1;
      if (column === columns) {
        take(row);
        column = 0;
      }
    }
  }
}

/** The highest hourly means of users and buckets, as shares of their limits. */
class Peaks {
  readonly #targets: readonly LimitedTarget[];
  readonly #ofSubjects: readonly Uint32Array[];
  readonly #dayFrom: number;
  /** Sums of the hour that is read, and which targets have any. */
  readonly #sums: Float64Array;
  /** What a sum is multiplied with to be a share of the limit; 0: unlimited. */
  readonly #factors: Float64Array;
  readonly #isTouched: Uint8Array;
  #touched: number[] = [];
  readonly #share: Float64Array;
  readonly #resource: Uint8Array;
  readonly #hour: Uint32Array;
  readonly #hours: Uint8Array;

  /** @param dayFrom the hour from which on hours at the limit are counted */
  constructor(targets: readonly LimitedTarget[], ofSubjects: Uint32Array[], dayFrom: number) {
    const { length } = targets;
    this.#targets = targets;
    this.#ofSubjects = ofSubjects;
    this.#dayFrom = dayFrom;
    this.#sums = new Float64Array(length * width);
    this.#factors = new Float64Array(length * width);
    targets.forEach(([, , ...limits], target) => {
      resources.forEach(({ unit }, index) => {
        const limit = limits[index] ?? 0;
        this.#factors[target * width + index] = limit > 0 ? 1 / (limit * unit) : 0;
      });
    });
    this.#isTouched = new Uint8Array(length);
    this.#share = new Float64Array(length);
    this.#resource = new Uint8Array(length);
    this.#hour = new Uint32Array(length);
    this.#hours = new Uint8Array(length);
  }

  /** Adds the counters of a subject in the hour that is read: its number, then those of the resources. */
  add(row: Float64Array): void {
    const subject = row[0] as number;
    for (const ofSubject of this.#ofSubjects) {
      const target = (ofSubject[subject] ?? 0) - 1;
      if (target < 0) continue;
      if (this.#isTouched[target] === 0) {
        this.#isTouched[target] = 1;
        this.#touched.push(target);
      }
      for (let index = 0; index < width; index += 1) {
        const at = target * width + index;
        this.#sums[at] = (this.#sums[at] as number) + (row[index + 1] as number);
      }
    }
  }

  endHour(hour: number): void {
    for (const target of this.#touched) this.#endHourOf(target, hour);
    this.#touched = [];
  }

  #endHourOf(target: number, hour: number): void {
    const [sums, factors] = [this.#sums, this.#factors];
    let [most, resource] = [0, 0];
    for (let index = 0; index < width; index += 1) {
      const at = target * width + index;
      const share = (sums[at] as number) * (factors[at] as number);
      sums[at] = 0;
      if (share <= most) continue;
      [most, resource] = [share, index];
    }
    this.#isTouched[target] = 0;
    if (most >= 0.9 && hour >= this.#dayFrom) this.#hours[target] = (this.#hours[target] ?? 0) + 1;
    if (most <= (this.#share[target] as number)) return;
    this.#share[target] = most;
    this.#resource[target] = resource;
    this.#hour[target] = hour;
  }

  parts(): string[] {
    const rows: unknown[][] = [];
    this.#targets.forEach(([kind, id, ...limits], target) => {
      const index = this.#resource[target] as number;
      const [share, at] = [this.#share[target] as number, this.#hour[target] as number];
      const limit = limits[index] as number;
      if (share === 0) return;
      const peak = [resources[index]?.name, share * limit, limit, share, at * hour];
      rows.push([kind, id, ...peak, this.#hours[target]]);
    });
    return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, part) =>
      JSON.stringify(rows.slice(part * rowsAtOnce, (part + 1) * rowsAtOnce)),
    );
  }
}
