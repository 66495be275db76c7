import { Pressure } from '#core/attention/pressure.ts';
import { EventBus } from '#core/platform/events.ts';
import type { Archive } from '#core/store/archive/archive.ts';
import type { Snapshot } from '#core/store/snapshot/snapshot.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { watchLoop } from './watch-loop.ts';

const samples = 5;

/** Times the pressure board: what is read of the archive, then its pages, in milliseconds. */
export async function measureBoard(snapshot: Snapshot, archive: Archive) {
  const pressure = new Pressure({
    events: new EventBus(),
    clusters: { get: async () => ({ snapshot: async () => snapshot }), onRelease: () => undefined },
    archives: { get: async () => archive },
    inventories: { status: async () => ({}) },
    raises: { list: async () => [] },
    attention: { thresholds: async () => signalThresholds.parse({}) },
  } as never);
  const page = async (query: object): Promise<number> => {
    const started = performance.now();
    const input = { connectionId: 'lab', of: 'user', offset: 0, limit: 100, ...query };
    await pressure.list(input as never);
    return performance.now() - started;
  };
  const loop = await watchLoop();
  const before = process.cpuUsage();
  const first = await page({});
  const { user, system } = process.cpuUsage(before);
  const bucketsFirst = await page({ of: 'bucket' });
  const times: number[] = [];
  const buckets: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    times.push(await page({ offset: sample * 100 }));
    times.push(await page({ filter: { withinDays: 30 + sample }, search: 'a' }));
    buckets.push(await page({ of: 'bucket', offset: sample * 1000 }));
    buckets.push(await page({ of: 'bucket', search: `media-${sample}` }));
  }
  const stalls = await loop.stop();
  return {
    ...{ first, bucketsFirst, cpu: (user + system) / 1000, stalls },
    ...{ page: Math.max(...times), buckets: Math.max(...buckets) },
  };
}
