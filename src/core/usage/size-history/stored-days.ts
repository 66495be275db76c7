import { hourToIso, monthParts } from '#shared/billing/charges.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { SizeHistory } from '../../store/archive/queries/sizes.ts';
import { type HourPeriod, hoursOf, localDays } from '../coverage/report-period.ts';
import { areasUnder, coveredTime, sizeCurve } from './size-curve.ts';

type Input = Omit<ParsedInput<'storage.days'>, 'connectionId'>;
type Output = CallOutput<'storage.days'>;
type Day = Output['rows'][number];

const hourMilliseconds = 3_600_000n;

/** A stretch of a period, within one day and one calendar month, and the area before and after it. */
interface Stretch extends HourPeriod {
  before: bigint;
  after: bigint;
}

/** Cuts a period where something begins and adds up what was stored between. */
function stretchesOf(history: SizeHistory, { fromHour, toHour }: HourPeriod, begins: Set<number>) {
  const months = monthParts(fromHour, toHour).map((part) => part.fromHour);
  const starts = [...new Set([...months, ...begins])].sort((one, other) => one - other);
  const ends = [...starts, toHour];
  const areas = areasUnder(
    sizeCurve(history),
    ends.map((at) => at * hour),
  );
  return starts.map((start, index): Stretch => {
    const [before = 0n, after = 0n] = areas.slice(index, index + 2);
    return { fromHour: start, toHour: ends[index + 1] ?? toHour, before, after };
  });
}

function amountOf(stretches: readonly Stretch[], isKnown: boolean): Output['whole'] {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (!isKnown || !first || !last) return { stored: null, byteHours: null };
  return {
    stored: stretches.map(({ fromHour, before, after }) => ({
      from: hourToIso(fromHour),
      quantity: toWireInteger(after - before),
    })),
    byteHours: toWireInteger(last.after / hourMilliseconds - first.before / hourMilliseconds),
  };
}

const isKnown = (history: SizeHistory, { fromHour, toHour }: HourPeriod): boolean =>
  coveredTime(history.looks, fromHour * hour, toHour * hour) > 0;

/** Returns what was stored in a period by calendar month, as a statement charges it. */
export function storedIn(history: SizeHistory, period: HourPeriod): Output['whole'] {
  return amountOf(stretchesOf(history, period, new Set()), isKnown(history, period));
}

/** Reads what was stored day by day: the days add up to what a statement charges for the period. */
export async function readStoredDays(
  archive: Pick<Archive, 'read'>,
  { target, timeZone = 'UTC', sort, offset, limit, ...input }: Input,
): Promise<Output> {
  const period = hoursOf(input);
  const [from, to] = [period.fromHour * hour, period.toHour * hour];
  const history = await archive.read('readSizes', { target, from, to });
  const dayOf = localDays(period, timeZone);
  const begins = new Set<number>();
  for (let at = period.fromHour; at < period.toHour; at += 1) begins.add(dayOf(at));
  const stretches = stretchesOf(history, period, begins);
  const days = Map.groupBy(stretches, ({ fromHour }) => dayOf(fromHour));
  const rows = [...days].map(([start, parts]) => dayRow(history, start, parts));
  return {
    total: rows.length,
    rows: rows.sort(compareBy(sort)).slice(offset, offset + limit),
    whole: amountOf(stretches, isKnown(history, period)),
  };
}

function dayRow(history: SizeHistory, start: number, parts: readonly Stretch[]): Day {
  const end = parts.at(-1)?.toHour ?? start;
  const known = coveredTime(history.looks, start * hour, end * hour) / ((end - start) * hour);
  return { at: hourToIso(start), ...amountOf(parts, known > 0), known };
}

function compareBy(
  { by, descending }: NonNullable<Input['sort']> = { by: 'day', descending: true },
) {
  const sign = descending ? -1 : 1;
  const byDay = (one: Day, other: Day) => (one.at < other.at ? -1 : 1);
  const figure = ({ byteHours }: Day): bigint => BigInt(byteHours ?? -1);
  return (one: Day, other: Day): number => {
    if (by === 'day' || figure(one) === figure(other)) return sign * byDay(one, other);
    return figure(one) < figure(other) ? -sign : sign;
  };
}
