import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../../kit/components/format.ts';

export type UsageRow = CallOutput<'usage.report'>['rows'][number];

/** Operations by kind and bytes in and out, as they travel. */
export type Counters = CallOutput<'usage.report'>['totals'];

/** The kinds of operations with their names, in the order of charts and columns. */
export const operationKinds = [
  ['put', 'Put'],
  ['get', 'Get'],
  ['list', 'List'],
  ['other', 'Other'],
] as const;

/** What is meant by a gateway service, where one is named by its id. */
export const serviceWords =
  'The cluster serves S3 by several gateway services. Each writes statistics of what passes through it; the number is its id.';

export function trafficOf({ uploaded, downloaded }: Counters): bigint {
  return fromWireInteger(uploaded) + fromWireInteger(downloaded);
}

export function operationsOf({ put, get, list, other }: Counters): bigint {
  return [put, get, list, other].reduce<bigint>((sum, value) => sum + fromWireInteger(value), 0n);
}

/** Part of a whole in percent, from 0 to 100. */
export function percentOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 10_000n) / whole) / 100;
}

/** Part of a whole in words: `34 %`, `under 1 %`. */
export function percentWords(part: bigint, whole: bigint): string {
  const percent = percentOf(part, whole);
  if (percent > 0 && percent < 1) return 'under 1 %';
  return `${Math.round(percent)} %`;
}

/** Returns the name of a bucket, or words for traffic without one. */
export function bucketWords(bucket: string): string {
  return bucket === '' ? 'Not of a bucket' : bucket;
}

/** Operations shortened for an axis: `12 k`, `3.4 M`. */
export function shortCount(value: number): string {
  const units: [number, string][] = [
    [1e12, ' T'],
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ];
  for (const [size, unit] of units) {
    if (value >= size) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(Math.round(value));
}

/** Bytes, short and exact: `44.5 MiB (46,700,160 bytes)`. */
export function bytesWithExact(value: WireInteger): string {
  const bytes = fromWireInteger(value);
  const short = formatBytes(bytes);
  const exact = formatExactBytes(bytes);
  return short === exact ? exact : `${short} (${exact})`;
}

export function exactCount(value: WireInteger): string {
  return formatCount(fromWireInteger(value));
}

/** Round steps of a scale that counts in thousands. */
const decimalSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500];
/** Round steps of a scale that counts in 1024s. */
const binarySteps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/**
 * Three to six round marks from zero to at least the largest value.
 * @param largest the largest value drawn
 * @param base 1024 for bytes, 1000 for counts
 */
export function axisTicks(largest: number, base: 1000 | 1024): number[] {
  const steps = base === 1024 ? binarySteps : decimalSteps;
  const wanted = Math.max(largest, 1) / 4;
  let scale = 1;
  while (wanted > (steps.at(-1) ?? 1) * scale) scale *= base;
  const step = (steps.find((candidate) => candidate * scale >= wanted) ?? 1) * scale;
  const count = Math.max(1, Math.ceil(largest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
