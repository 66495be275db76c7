import type { DatabaseSync } from 'node:sqlite';
import { counterNames } from './roll-ups.ts';

type CounterName = (typeof counterNames)[number];

/** From which hourly quantity on a peak is reported, whatever the subject's other hours say. */
export type PeakFloors = Record<CounterName, bigint>;

/** The highest hour of one user that stands out. */
export interface UsagePeak {
  userId: string;
  item: CounterName;
  /** Whole hours since the Unix epoch. */
  hour: number;
  quantity: bigint;
  /** The mean of hours with any of it, besides the three highest days; null where there are too few. */
  usual: bigint | null;
}

/** What {@link UsagePeak}s are looked for in. */
interface PeakQuery {
  fromHour: number;
  toHour: number;
  /** Quantities below these never stand out against other hours. */
  least: PeakFloors;
  floors: PeakFloors;
  /** Of users with their own limits. */
  userFloors: ReadonlyMap<string, PeakFloors>;
  /** Of this user alone the highest of these hours, against all of the period. */
  only?: { userId: string; hours: readonly { fromHour: number; toHour: number }[] } | undefined;
}

/** A day this many times the mean one is looked at hour by hour. */
const steep = 8n;
/** Days that don't count as usual, and how many hours there have to be next to them. */
const highestDays = 3;
const fewestHours = 8;

const candidates = (where: string): string => `SELECT s.id, s.user_id, count(*) AS days,
    ${counterNames.map((name) => `max(d.${name}) AS ${name}, total(d.${name}) AS ${name}_total`).join(', ')}
  FROM subject s CROSS JOIN usage_subject_day d ON d.subject_id = s.id AND d.day >= ? AND d.day < ?
  ${where} GROUP BY s.id HAVING ${counterNames
    .map(
      (name) =>
        `max(d.${name}) > ? OR max(d.${name}) >= ? AND max(d.${name}) * count(*) > ${steep} * total(d.${name})`,
    )
    .join(' OR ')}`;

/** Hours that stand out. */
export function peakReaders(database: DatabaseSync) {
  return {
    /**
     * The highest hour of each figure of a user, where a day of one of its buckets passes a floor or
     * is far above the mean. Days are read once, hours only of users that stand out by their days.
     */
    usagePeaks(query: PeakQuery): { slotSeconds: number; services: number; peaks: UsagePeak[] } {
      const { fromHour, toHour, least, only } = query;
      const lowest = lowestFloors(query);
      const bounds = counterNames.flatMap((name) => [lowest[name], least[name]]);
      const days = [Math.floor(fromHour / 24), Math.ceil(toHour / 24)];
      const standing = new Map<string, Set<CounterName>>();
      const [where, subject] = only ? ['WHERE s.user_id = ?', [only.userId]] : ['', []];
      const rows = database.prepare(candidates(where)).iterate(...days, ...subject, ...bounds);
      for (const row of rows) {
        const userId = String(row.user_id);
        const floors = query.userFloors.get(userId) ?? query.floors;
        const items = counterNames.filter((name) => standsOut(row, name, floors, least));
        standing.set(userId, new Set([...(standing.get(userId) ?? []), ...items]));
      }
      const hoursOf = hourReader(database, query);
      const peaks = [...standing].flatMap(([userId, items]) => {
        const hours = items.size === 0 ? [] : hoursOf(userId);
        return [...items].flatMap((item) => {
          const values = hours.map((row): [number, bigint] => [
            Number(row.hour),
            BigInt(row[item]),
          ]);
          const peak = peakOf(values, only?.hours ?? [query]);
          return peak ? [{ userId, item, ...peak }] : [];
        });
      });
      return { ...shapeOf(database, query), peaks };
    },
  };
}

type HourRow = Record<CounterName | 'hour', bigint>;

/** Reads the hours of a user, bucket by bucket: the roll-up is in the order of hours. */
function hourReader(database: DatabaseSync, { fromHour, toHour }: PeakQuery) {
  const read = database.prepare(
    `WITH RECURSIVE slot (hour) AS (SELECT ?1 UNION ALL SELECT hour + 1 FROM slot WHERE hour + 1 < ?2)
     SELECT h.* FROM slot CROSS JOIN subject s ON s.user_id = ?3
     CROSS JOIN usage_hour h ON h.hour = slot.hour AND h.subject_id = s.id`,
  );
  return (userId: string): HourRow[] => read.all(fromHour, toHour, userId) as unknown as HourRow[];
}

function lowestFloors({ floors, userFloors }: PeakQuery): PeakFloors {
  const all = [floors, ...userFloors.values()];
  const lowest = (name: CounterName): bigint | undefined =>
    all.map((one) => one[name]).sort((one, other) => (one < other ? -1 : 1))[0];
  return Object.fromEntries(counterNames.map((name) => [name, lowest(name)])) as PeakFloors;
}

function standsOut(
  row: Record<string, unknown>,
  name: CounterName,
  floors: PeakFloors,
  least: PeakFloors,
): boolean {
  const highestDay = BigInt(row[name] as bigint);
  if (highestDay > floors[name]) return true;
  const isSteep =
    Number(highestDay) * Number(row.days) > Number(steep) * Number(row[`${name}_total`]);
  return highestDay >= least[name] && isSteep;
}

/**
 * @param rows hours with what one bucket counted in each
 * @param among hours of which one is the highest
 */
function peakOf(
  rows: readonly [number, bigint][],
  among: readonly { fromHour: number; toHour: number }[],
): Omit<UsagePeak, 'userId' | 'item'> | null {
  const byHour = addUp(rows.filter(([, value]) => value > 0n));
  const byDay = addUp([...byHour].map(([hour, value]) => [Math.floor(hour / 24), value]));
  const top = descending(byHour).find(([hour]) =>
    among.some(({ fromHour, toHour }) => hour >= fromHour && hour < toHour),
  );
  if (!top) return null;
  const high = new Set(
    descending(byDay)
      .slice(0, highestDays)
      .map(([day]) => day),
  );
  const others = [...byHour].filter(([hour]) => !high.has(Math.floor(hour / 24)));
  const sum = others.reduce((all, [, value]) => all + value, 0n);
  const usual = others.length < fewestHours ? null : sum / BigInt(others.length);
  return { hour: top[0], quantity: top[1], usual };
}

function addUp(rows: readonly [number, bigint][]): Map<number, bigint> {
  const sums = new Map<number, bigint>();
  for (const [key, value] of rows) sums.set(key, (sums.get(key) ?? 0n) + value);
  return sums;
}

const descending = (sums: ReadonlyMap<number, bigint>): [number, bigint][] =>
  [...sums].sort(([, one], [, other]) => (one < other ? 1 : -1));

/** How long the longest object of the period counts, and from how many services objects come. */
function shapeOf(database: DatabaseSync, { fromHour, toHour }: PeakQuery) {
  const row = database
    .prepare(
      `SELECT max(nominal) AS seconds, count(DISTINCT service) AS services FROM usage_object
       WHERE start >= ? AND start < ?`,
    )
    .get(fromHour * 3600, toHour * 3600);
  return {
    slotSeconds: Math.max(3600, Number(row?.seconds ?? 0)),
    services: Math.max(1, Number(row?.services ?? 1)),
  };
}
