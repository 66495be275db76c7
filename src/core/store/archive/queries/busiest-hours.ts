import type { DatabaseSync } from 'node:sqlite';
import { hour } from '#shared/durations.ts';
import { readShared, type SharedText, shareText } from '../../sqlite/shared-text.ts';

const busyDays = 7;
/** Rows that who takes them in works on at a time. */
const rowsAtOnce = 10_000;

/** Rate limits, the counter each is about, and how many of it in an hour make one of the limit's unit. */
const resources = [
  { name: 'opsGet', counter: 'get', unit: 3600 },
  { name: 'opsPut', counter: 'put', unit: 3600 },
  { name: 'opsList', counter: 'list', unit: 3600 },
  { name: 'opsDefault', counter: 'other', unit: 3600 },
  { name: 'bandwidthOut', counter: 'downloaded', unit: 3_600_000 },
] as const;
type Resource = (typeof resources)[number];

/** A user or bucket, and its limits in the order of the resources; 0: unlimited. */
type LimitedTarget = [id: string, ...limits: number[]];

interface BusiestQuery {
  of: 'user' | 'bucket';
  /** Those with limits, as JSON. */
  limited: SharedText;
  now: number;
  /** Days of statistics that the busiest hour is looked for in. */
  days?: number;
}

/** The busiest hours of what has rate limits. */
export interface BusiestHours {
  /** `[id, resource, rate, limit, share, at, hours]` each, in parts, as JSON. */
  parts: SharedText[];
  /** Where the statistics end, Unix milliseconds; null without any. */
  statisticsUntil: number | null;
}

export function busiestReaders(database: DatabaseSync) {
  return {
    /** Finds the hour in which each came closest to a limit, and how many of the last day were near one. */
    busiestHours: ({ of, limited, now, days = busyDays }: BusiestQuery): BusiestHours => {
      const range = database.prepare('SELECT max(hour) AS last FROM usage_total').get();
      if (range?.last == null) return { parts: [], statisticsUntil: null };
      const last = Number(range.last);
      const targets = JSON.parse(readShared(limited)) as LimitedTarget[];
      // what was collected long ago says nothing of the last day
      const dayFrom = now - last * hour <= 3 * 24 * hour ? last - 23 : last + 1;
      const peaks = new Peaks(targets, targetsOfSubjects(database, of, targets), dayFrom);
      readHours(database, last - days * 24 + 1, last, peaks);
      return { parts: peaks.parts(), statisticsUntil: (last + 1) * hour };
    },
  };
}

/** For each subject of the statistics the number, from 1, of the target that it counts for; 0: none. */
function targetsOfSubjects(
  database: DatabaseSync,
  of: BusiestQuery['of'],
  targets: readonly LimitedTarget[],
): Uint32Array {
  const row = database.prepare('SELECT ifnull(max(id), 0) AS last FROM subject').get();
  const found = new Uint32Array(Number(row?.last) + 1);
  const pairs = database.prepare(`SELECT ${digitsOf(['s.id', 'goal.key + 1'])}
    FROM json_each(?) AS goal CROSS JOIN subject AS s
      ON s.${of === 'user' ? 'user_id' : 'bucket'} = goal.value`);
  const [subjects, goals] = readColumns(
    pairs.get(JSON.stringify(targets.map(([id]) => id))),
    2,
  ) as [Float64Array, Float64Array];
  for (let at = 0; at < subjects.length; at += 1)
    found[subjects[at] as number] = goals[at] as number;
  return found;
}

/**
 * Hour by hour, the counters that anything is limited in: each hour as digits, which is far cheaper than
 * a row or a number object for each of millions.
 */
function readHours(database: DatabaseSync, from: number, to: number, peaks: Peaks): void {
  const counters = peaks.resources.map(({ counter }) => counter);
  if (counters.length === 0) return;
  const statement = database.prepare(
    `SELECT ${digitsOf(['subject_id', ...counters])} FROM usage_hour WHERE hour = ?`,
  );
  for (let at = from; at <= to; at += 1) {
    const [subjects, ...figures] = readColumns(statement.get(BigInt(at)), counters.length + 1);
    if (subjects) peaks.addHour(at, subjects, figures);
  }
}

/** The values of each column as one text, with commas in between, as bytes, and how many rows there are. */
const digitsOf = (columns: readonly string[]): string =>
  `count(*) AS size, ${columns
    .map((column, at) => `CAST(group_concat(${column}) AS BLOB) AS column${at}`)
    .join(', ')}`;

const comma = 0x2c;
const zero = 0x30;

/** Returns the columns of {@link digitsOf}: integers, none negative. */
function readColumns(row: Record<string, unknown> | undefined, columns: number): Float64Array[] {
  return Array.from({ length: columns }, (_, column) => {
    const values = new Float64Array(Number(row?.size ?? 0));
    const digits = row?.[`column${column}`];
    if (!(digits instanceof Uint8Array)) return values; // no rows
    let [at, value] = [0, 0];
    for (let place = 0; place < digits.length; place += 1) {
      const digit = digits[place] as number;
      if (digit !== comma) {
        value = value * 10 + digit - zero;
        continue;
      }
      values[at++] = value;
      value = 0;
    }
    values[at] = value;
    return values;
  });
}

/** @param resource its place among all */
const limitOf = (target: LimitedTarget, resource: number): number =>
  (target[1 + resource] as number | undefined) ?? 0;

/** The highest hourly means of users and buckets, as shares of their limits. */
class Peaks {
  /** Those that anything is limited in. */
  readonly resources: readonly Resource[];
  readonly #targets: readonly LimitedTarget[];
  readonly #ofSubjects: Uint32Array;
  readonly #dayFrom: number;
  /** Sums of the hour that is read, and which targets have any. */
  readonly #sums: Float64Array;
  /** What a sum is multiplied with to be a share of the limit; 0: unlimited. */
  readonly #factors: Float64Array;
  readonly #isTouched: Uint8Array;
  readonly #share: Float64Array;
  readonly #resource: Uint8Array;
  readonly #hour: Uint32Array;
  readonly #hours: Uint8Array;

  /** @param dayFrom the hour from which on hours at the limit are counted */
  constructor(targets: readonly LimitedTarget[], ofSubjects: Uint32Array, dayFrom: number) {
    const { length } = targets;
    this.#targets = targets;
    this.#ofSubjects = ofSubjects;
    this.#dayFrom = dayFrom;
    this.resources = resources.filter((_, of) => targets.some((target) => limitOf(target, of) > 0));
    const width = this.resources.length;
    this.#sums = new Float64Array(length * width);
    this.#factors = new Float64Array(length * width);
    this.resources.forEach((resource, index) => {
      const of = resources.indexOf(resource);
      targets.forEach((target, at) => {
        const limit = limitOf(target, of);
        this.#factors[at * width + index] = limit > 0 ? 1 / (limit * resource.unit) : 0;
      });
    });
    this.#isTouched = new Uint8Array(length);
    this.#share = new Float64Array(length);
    this.#resource = new Uint8Array(length);
    this.#hour = new Uint32Array(length);
    this.#hours = new Uint8Array(length);
  }

  /**
   * Takes in an hour.
   * @param figures the counters of each resource, by subject
   */
  addHour(hour: number, subjects: Float64Array, figures: readonly Float64Array[]): void {
    const [sums, width] = [this.#sums, figures.length];
    const touched: number[] = [];
    for (let row = 0; row < subjects.length; row += 1) {
      const target = (this.#ofSubjects[subjects[row] as number] ?? 0) - 1;
      if (target < 0) continue;
      if (this.#isTouched[target] === 0) {
        this.#isTouched[target] = 1;
        touched.push(target);
      }
      for (let index = 0; index < width; index += 1) {
        const at = target * width + index;
        sums[at] = (sums[at] as number) + ((figures[index] as Float64Array)[row] as number);
      }
    }
    for (const target of touched) this.#endHourOf(target, hour);
  }

  #endHourOf(target: number, hour: number): void {
    const [sums, factors, width] = [this.#sums, this.#factors, this.resources.length];
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

  parts(): SharedText[] {
    const rows: unknown[][] = [];
    this.#targets.forEach((of, target) => {
      const resource = this.resources[this.#resource[target] as number];
      const [share, at] = [this.#share[target] as number, this.#hour[target] as number];
      if (share === 0 || !resource) return;
      const limit = limitOf(of, resources.indexOf(resource));
      const peak = [resource.name, share * limit, limit, share, at * hour];
      rows.push([of[0], ...peak, this.#hours[target]]);
    });
    return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, part) =>
      shareText(JSON.stringify(rows.slice(part * rowsAtOnce, (part + 1) * rowsAtOnce))),
    );
  }
}
