import type { SizeHistory } from '../../store/archive/queries/sizes.ts';

/** A corner of the line that joins samples. `at` in Unix milliseconds. */
export interface CurvePoint {
  at: number;
  bytes: bigint;
}

/** The last look before `at`, in ascending looks; undefined where there is none. */
function lookBefore(looks: readonly number[], at: number): number | undefined {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((looks[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return looks[low - 1];
}

/**
 * The corners of the line through all samples. Only changes are stored: up to the look before a change
 * the value stood still, and from there to the change it is joined by a straight line. Before anybody
 * saw it, it was nothing.
 */
export function sizeCurve({ looks, changes }: SizeHistory): CurvePoint[] {
  const corners: CurvePoint[] = [];
  for (const change of changes) {
    const before = lookBefore(looks, change.at);
    const last = corners.at(-1);
    if (before !== undefined && before > (last?.at ?? Number.NEGATIVE_INFINITY)) {
      corners.push({ at: before, bytes: last?.bytes ?? 0n });
    }
    corners.push(change);
  }
  const last = corners.at(-1);
  const lastLook = looks.at(-1);
  if (last && lastLook !== undefined && lastLook > last.at) {
    corners.push({ at: lastLook, bytes: last.bytes });
  }
  return corners;
}

/**
 * The area under the line between two moments, in byte-milliseconds; each piece is rounded down. What
 * is outside the samples counts nothing.
 */
export function areaUnder(corners: readonly CurvePoint[], from: number, to: number): bigint {
  let area = 0n;
  for (let index = 1; index < corners.length; index += 1) {
    const [left, right] = [corners[index - 1], corners[index]];
    if (!left || !right || right.at <= from || left.at >= to) continue;
    area += areaOfPiece(left, right, Math.max(from, left.at), Math.min(to, right.at));
  }
  return area;
}

/**
 * Returns the areas under the line from the first of some moments to each, in one pass: the difference of
 * two is what lies between them, and all differences add up to {@link areaUnder} of the whole.
 * @param moments Unix milliseconds, ascending
 */
export function areasUnder(corners: readonly CurvePoint[], moments: readonly number[]): bigint[] {
  const [from = 0] = moments;
  let index = 1;
  let before = 0n;
  return moments.map((to) => {
    let area = before;
    for (; index < corners.length; index += 1) {
      const [left, right] = [corners[index - 1], corners[index]];
      if (!left || !right || left.at >= to) break;
      if (right.at <= from) continue;
      const piece = areaOfPiece(left, right, Math.max(from, left.at), Math.min(to, right.at));
      if (right.at > to) return before + piece;
      before += piece;
      area = before;
    }
    return area;
  });
}

/** Exact: the mean of the line's values at both ends, times the time between. */
function areaOfPiece(left: CurvePoint, right: CurvePoint, from: number, to: number): bigint {
  const width = BigInt(right.at - left.at);
  const offsets = BigInt(from - left.at) + BigInt(to - left.at);
  const twiceMean = 2n * left.bytes * width + (right.bytes - left.bytes) * offsets;
  return (BigInt(to - from) * twiceMean) / (2n * width);
}

/** The value at each look within the period, in order. */
export function valuesAtLooks(
  { looks, changes }: SizeHistory,
  from: number,
  to: number,
): CurvePoint[] {
  const values: CurvePoint[] = [];
  let next = 0;
  let bytes: bigint | null = null;
  for (const at of looks) {
    while (next < changes.length && (changes[next]?.at ?? 0) <= at) {
      bytes = changes[next]?.bytes ?? 0n;
      next += 1;
    }
    if (bytes !== null && at >= from && at <= to) values.push({ at, bytes });
  }
  return values;
}

/** Density of the samples in a period. Times in milliseconds. */
export interface SampleDensity {
  samples: number;
  medianGap: number | null;
  /** Between two looks, or between a look and either end of the period; what is outside not counted. */
  longestGap: number | null;
  /** The same, including samples outside the period. */
  widestGap: number | null;
  /** Time between the first and the last look, within the period. */
  covered: number;
}

/** Returns how long of the time between two moments is between the first and the last look. */
export function coveredTime(looks: readonly number[], from: number, to: number): number {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return Math.max(0, Math.min(to, last) - Math.max(from, first));
}

/** Returns the density of samples between two moments. */
export function sampleDensity(looks: readonly number[], from: number, to: number): SampleDensity {
  const within = looks.filter((at) => at >= from && at <= to);
  const pairs = looks.slice(1).map((at, index): [number, number] => [looks[index] ?? at, at]);
  const gaps = pairs
    .map(([before, after]) => Math.min(after, to) - Math.max(before, from))
    .filter((gap) => gap > 0)
    .sort((left, right) => left - right);
  const first = looks[0];
  const last = looks.at(-1);
  if (first === undefined || last === undefined) {
    return { samples: 0, medianGap: null, longestGap: null, widestGap: null, covered: 0 };
  }
  return {
    samples: within.length,
    medianGap: gaps[Math.floor(gaps.length / 2)] ?? null,
    longestGap: Math.max(gaps.at(-1) ?? 0, Math.min(first, to) - from, to - Math.max(last, from)),
    widestGap: Math.max(...pairs.map(([before, after]) => after - before), first - from, to - last),
    covered: coveredTime(looks, from, to),
  };
}

/** Bytes a day by least squares over samples; null with fewer than two moments. */
export function growthPerDay(samples: readonly CurvePoint[]): number | null {
  const first = samples[0];
  if (!first || samples.length < 2) return null;
  const days = samples.map(({ at }) => (at - first.at) / 86_400_000);
  const bytes = samples.map((sample) => Number(sample.bytes - first.bytes));
  // each weighs as the time around it: an hour of many samples counts as an hour
  const weights = days.map((day, index) => {
    const [before = day, after = day] = [days[index - 1], days[index + 1]];
    return (after - before) / 2;
  });
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  if (whole === 0) return null;
  const mean = (values: number[]): number =>
    values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / whole;
  const [meanDays, meanBytes] = [mean(days), mean(bytes)];
  const from = days.map((day) => day - meanDays);
  const covariance = mean(from.map((day, index) => day * ((bytes[index] ?? 0) - meanBytes)));
  const variance = mean(from.map((day) => day ** 2));
  return variance === 0 ? null : covariance / variance;
}
