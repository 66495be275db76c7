import { setTimeout as pause } from 'node:timers/promises';
import type { BucketQuery } from '#core/store/snapshot/queries/bucket-lists.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { seeded } from './lists-data.ts';
import { type Stalls, watchLoop } from './watch-loop.ts';

const sortKeys = [
  'name',
  'ownerEmail',
  'currentBytes',
  'peakBytes',
  'createdAt',
  'lastHour',
] as const;
/** What people type: from a single letter, which most names hold, to a whole name, which one does. */
const texts = ['a', 'backup', 'logs-1', '9', '-12345', 'ff0', 'media-ab', 'zz', 'BILL', '00-4'];
const filters: BucketQuery['filter'][] = [
  { size: 'empty' },
  { size: 'filled' },
  { minBytes: 1e12 },
  { createdAfter: '2021-01-01T00:00:00.000Z' },
  { ownerKnown: true },
];
const betweenCalls = 4;

function anyOf<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)] as Value;
}

/** A page as an operator turns to it: half of them searched, a quarter filtered, any sort, any depth. */
function anyQuery(random: () => number, total: number): BucketQuery {
  const search = random() < 0.5 ? anyOf(texts, random) : undefined;
  const offset = random() < 0.5 ? 0 : Math.floor(random() * (search ? total / 20 : total));
  return {
    offset,
    limit: 100,
    sort: { by: anyOf(sortKeys, random), descending: random() < 0.5 },
    ...(search ? { search: search + (random() < 0.3 ? Math.floor(random() * 100) : '') } : {}),
    ...(random() < 0.25 ? { filter: anyOf(filters, random) } : {}),
  };
}

/** What calls took, in milliseconds. */
export interface CallTimes {
  calls: number;
  median: number;
  p99: number;
  /** Stalls of this process's event loop meanwhile. */
  stalls: Stalls;
}

/**
 * Asks for page after page, one at a time, as a window does.
 * @param ends says when to stop
 */
export async function measureLists(
  snapshot: Snapshot,
  total: number,
  seed: number,
  ends: (calls: number) => boolean,
): Promise<CallTimes> {
  const random = seeded(seed);
  const times: number[] = [];
  const loop = await watchLoop();
  while (!ends(times.length)) {
    const query = anyQuery(random, total);
    const started = performance.now();
    await snapshot.ask('buckets', query);
    times.push(performance.now() - started);
    await pause(betweenCalls);
  }
  const stalls = await loop.stop();
  times.sort((left, right) => left - right);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { calls: times.length, median: at(0.5), p99: at(0.99), stalls };
}
