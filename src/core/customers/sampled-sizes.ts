import type { Archive } from '../store/archive/archive.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';

/** What the samples of one user's size say. */
export interface SampledSizes {
  /** How often its size was sampled. */
  samples: number;
  largest: bigint;
  /** The largest size that one sample alone says; null where none stands alone. */
  spike: bigint | null;
  /** The largest of all other samples. */
  others: bigint;
}

const hour = 3_600_000;

/** Reads the sizes of all users in a period, and how many samples each rests on. */
export async function readSampledSizes(
  archive: Pick<Archive, 'read'>,
  { fromHour, toHour }: HourPeriod,
): Promise<{ looks: number; sizes: Map<string, SampledSizes> }> {
  const query = { from: fromHour * hour, to: toHour * hour };
  const { looks, users } = await archive.read('readAllUserSizes', query);
  const sizes = new Map(
    users.flatMap(({ userId, changes }) =>
      changes.length === 0 ? [] : [[userId, sampledSizes(looks, changes)] as const],
    ),
  );
  return { looks: looks.length, sizes };
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

/** How many looks lie before a moment. */
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
