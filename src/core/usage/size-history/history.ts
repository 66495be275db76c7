import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { day, hour } from '#shared/durations.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { hoursOf, millisecondsToIso } from '../coverage/report-period.ts';
import {
  type CurvePoint,
  growthPerDay,
  type SampleDensity,
  sampleDensity,
  valuesAtLooks,
} from './size-curve.ts';
import { storedIn } from './stored-days.ts';

type Input = Omit<ParsedInput<'storage.history'>, 'connectionId'>;
type Output = CallOutput<'storage.history'>;

/** The guide's GB counts as 10^9 bytes, the likelier of two readings. */
const quotaGigabyte = 1_000_000_000n;

/** Sizes over time with what follows from them: growth, GB-hours, days until the quota is reached. */
export async function readHistory(
  archive: Pick<Archive, 'read'>,
  { target, quotaGb, points, ...period }: Input,
): Promise<Output> {
  const { fromHour, toHour } = hoursOf(period);
  const [from, to] = [fromHour * hour, toHour * hour];
  const end = Math.min(to, Date.now());
  const history = await archive.read('readSizes', { target, from, to });
  const samples = valuesAtLooks(history, from, to);
  const density = sampleDensity(history.looks, from, end);
  const stored = storedIn(history, { fromHour, toHour });
  const [first, last] = [samples[0], samples.at(-1)];
  const bytesPerDay = growthPerDay(samples);
  return {
    points: thin(samples, points).map(({ at, bytes }) => ({
      at: millisecondsToIso(at),
      bytes: toWireInteger(bytes),
    })),
    firstBytes: first ? toWireInteger(first.bytes) : null,
    lastBytes: last ? toWireInteger(last.bytes) : null,
    growthBytes: first && last ? toWireInteger(last.bytes - first.bytes) : null,
    bytesPerDay,
    ...stored,
    density: describeDensity(density, end - from),
    daysToQuota: daysToQuota(last, bytesPerDay, quotaGb),
  };
}

function thin(samples: readonly CurvePoint[], most: number): CurvePoint[] {
  if (samples.length <= most) return [...samples];
  const step = (samples.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => samples[Math.round(index * step)]).filter(
    (sample) => sample !== undefined,
  );
}

function describeDensity(density: SampleDensity, length: number): Output['density'] {
  const { samples, medianGap, longestGap } = density;
  const words =
    samples === 0
      ? 'No sizes were recorded in this period; each refresh records them.'
      : `${formatCounted(samples, 'sample')}, ${inWords(medianGap)} apart at the median, ${inWords(longestGap)} at the longest.`;
  return {
    samples,
    medianGapSeconds: medianGap === null ? null : Math.round(medianGap / 1000),
    longestGapSeconds: longestGap === null ? null : Math.round(longestGap / 1000),
    covered: length <= 0 ? 0 : Math.min(1, density.covered / length),
    words,
  };
}

function inWords(milliseconds: number | null): string {
  if (milliseconds === null) return 'nothing';
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880
    ? `${Math.round(minutes / 60)} h`
    : formatCounted(Math.round(milliseconds / day), 'day');
}

function daysToQuota(
  last: CurvePoint | undefined,
  bytesPerDay: number | null,
  quotaGb: Input['quotaGb'],
): number | null {
  if (!last || quotaGb === undefined) return null;
  const quota = fromWireInteger(quotaGb) * quotaGigabyte;
  if (quota === 0n) return null; // the guide does not say what 0 means: no share of it
  if (last.bytes >= quota) return 0;
  if (bytesPerDay === null || bytesPerDay <= 0) return null;
  return Number(quota - last.bytes) / bytesPerDay;
}
