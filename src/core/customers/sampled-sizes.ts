import { hour } from '#shared/durations.ts';
import { type PackedSizes, unpackUserSizes } from '../store/archive/queries/sizes.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
import { valuesAtLooks } from '../usage/size-history/size-curve.ts';

/** What the samples of one user's size say. */
export interface SampledSizes {
  /** How often its size was sampled. */
  samples: number;
  largest: bigint;
  /** The largest size that one sample alone says; null where there is none. */
  spike: bigint | null;
  /** The largest of all other samples. */
  others: bigint;
}

/** Returns of all users how many samples each one's sizes rest on, and which are largest. */
export function readSampledSizes(sizes: PackedSizes): Map<string, SampledSizes> {
  const all = [...unpackUserSizes(sizes)].filter(({ changes }) => changes.length > 0);
  return new Map(all.map(({ userId, changes }) => [userId, sampledSizes(sizes.looks, changes)]));
}

/** Returns what the samples that a user's sizes rest on in some hours say: those within, and next to them. */
export function readSizesIn(
  sizes: PackedSizes,
  { userId, hours }: { userId: string; hours: readonly HourPeriod[] },
): { looks: number[]; sampled: Map<string, SampledSizes> } {
  const { looks } = sizes;
  const isNear = (_at: number, index: number): boolean =>
    hours.some(
      ({ fromHour, toHour }) =>
        (looks[index + 1] ?? Number.POSITIVE_INFINITY) > fromHour * hour &&
        (looks[index - 1] ?? Number.NEGATIVE_INFINITY) < toHour * hour,
    );
  const near = looks.filter(isNear);
  const changes = unpackUserSizes(sizes).find((user) => user.userId === userId)?.changes ?? [];
  const values = valuesAtLooks({ looks, changes }, near[0] ?? 0, near.at(-1) ?? 0);
  const within = new Set(near);
  const own = values.filter(({ at }) => within.has(at));
  const sampled = own.length === 0 ? [] : [[userId, sampledSizes(near, own)] as const];
  return { looks: near, sampled: new Map(sampled) };
}

/** @param changes the value from each of these moments on, ascending */
export function sampledSizes(
  looks: readonly number[],
  changes: readonly { at: number; bytes: bigint }[],
): SampledSizes {
  const runs = changes.map(({ at, bytes }, index) => {
    const end = changes[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return { bytes, samples: looksBefore(looks, end) - looksBefore(looks, at) };
  });
  const sizes = runs.filter(({ samples, bytes }) => samples > 0 && bytes > 0n);
  const ordered = sizes.toSorted((one, other) => (one.bytes < other.bytes ? 1 : -1));
  const [first, second] = ordered;
  return {
    samples: sizes.reduce((sum, run) => sum + run.samples, 0),
    largest: first?.bytes ?? 0n,
    spike: first?.samples === 1 ? first.bytes : null,
    others: second?.bytes ?? 0n,
  };
}

/** How many looks are before a moment. */
function looksBefore(looks: readonly number[], at: number): number {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((looks[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
