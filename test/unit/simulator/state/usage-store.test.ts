import { describe, expect, it } from 'vitest';
import { hour } from '#shared/durations.ts';
import { BucketTable } from '#simulator/state/bucket-table.ts';
import { type UsagePlan, UsageStore } from '#simulator/state/usage-store.ts';

const past = Date.UTC(2026, 4, 20, 10, 30);

function store(plan: Partial<UsagePlan> = {}, hugeCounters = false): UsageStore {
  const buckets = new BucketTable(() => 0);
  const sizes = { currentBytes: 1n, peakBytes: 1n, byteIntegral: 1n };
  for (let index = 0; index < 90; index += 1) {
    const ownerId = index % 2 === 0 ? 'aaaaaaaaaaaaaaaa' : 'bbbbbbbbbbbbbbbb';
    buckets.add({
      name: `bucket-${index}`,
      ownerId,
      epoch: 0,
      createdAt: 0,
      lastHour: 0,
      ...sizes,
    });
  }
  return new UsageStore(
    { seed: 1, objects: 600, services: 5, periodSeconds: 1800, now: past, gapEvery: 0, ...plan },
    {
      buckets,
      bucketCount: 90,
      userIds: ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'],
      itemsPerObject: 12,
      hugeCounters,
    },
    () => 0,
  );
}

describe('UsageStore', () => {
  it('is the same for the same seed', () => {
    expect(store().names()).toEqual(store().names());
    expect(store().truth('bucket')).toEqual(store().truth('bucket'));
    expect(store({ seed: 2 }).truth()).not.toEqual(store().truth());
  });

  it('has as many objects as planned, one a service and period, the newest under way', () => {
    const usage = store();
    expect(usage.names()).toHaveLength(600);
    expect(new Set(usage.names()).size).toBe(600);
    for (const { name, startTs, serviceId, period } of usage.allRecords()) {
      const time = name.slice(26, 50);
      expect(name).toBe(`s3-usage-${serviceId}-${time}-1800`);
      expect(Date.parse(time)).toBe(startTs * 1000);
      expect(startTs * 1000).toBeLessThanOrEqual(past);
      expect(period).toBeLessThanOrEqual(1800);
    }
    expect(usage.allRecords().some(({ period }) => period < 1800)).toBe(true);
  });

  it('leaves out periods as gaps', () => {
    const starts = (usage: UsageStore) =>
      usage
        .allRecords()
        .filter(({ serviceId }) => serviceId.endsWith('65'))
        .map(({ startTs }) => Math.round(startTs / 100));
    const gaps = (all: number[]) =>
      all.filter((start, index) => index > 0 && (all[index - 1] ?? 0) - start > 20).length;
    expect(gaps(starts(store()))).toBe(0);
    expect(gaps(starts(store({ gapEvery: 10 })))).toBeGreaterThan(3);
    expect(() => store({ gapEvery: 1 })).toThrow('gapEvery');
  });

  it('adds up alike however it is grouped', () => {
    const usage = store({}, true);
    const sum = (groups: Iterable<{ downloaded: bigint; put: bigint }>) => {
      let [downloaded, put] = [0n, 0n];
      for (const group of groups) {
        downloaded += group.downloaded;
        put += group.put;
      }
      return { downloaded, put };
    };
    const all = sum(usage.truth().values());
    expect(all.downloaded).toBeGreaterThan(2n ** 53n);
    for (const grouping of ['user', 'bucket', 'bucket-epoch', 'day', 'hour', 'service'] as const) {
      expect(sum(usage.truth(grouping).values())).toEqual(all);
    }
    const [before, after] = [
      usage.truth('all', { to: past - 24 * hour }),
      usage.truth('all', { from: past - 24 * hour }),
    ];
    expect(sum([...before.values(), ...after.values()])).toEqual(all);
  });

  it('tells incarnations of a bucket apart', () => {
    const epochs = [...store({ objects: 3000 }).truth('bucket-epoch').keys()].filter((key) =>
      key.startsWith('bucket-0#'),
    );
    expect(epochs.sort()).toEqual(['bucket-0#90113', 'bucket-0#98305']);
  });

  it('lets the newest objects grow until their period is over', () => {
    const usage = store({ now: Date.now(), objects: 50 });
    const growing = usage.allRecords().filter((record) => usage.isGrowing(record));
    expect(growing.length).toBeGreaterThan(0);
    expect(growing.length).toBeLessThanOrEqual(5);
    const [record] = growing;
    if (record === undefined) throw new Error('nothing grows');
    const first = usage.fetch(record, false);
    const second = usage.fetch(record, false);
    const downloaded = ({ items }: typeof first) =>
      items.reduce((sum, { counters }) => sum + counters.downloaded + counters.get, 0n);
    expect(second.period).toBeGreaterThan(first.period);
    expect(downloaded(second)).toBeGreaterThanOrEqual(downloaded(first));
    const without = usage.truth();
    usage.settle();
    expect(usage.fetch(record, false)).toEqual({ period: 1800, items: usage.items(record) });
    expect(usage.truth()).not.toEqual(without);
  });

  it('continues to the next period', () => {
    const usage = store();
    const before = usage.names().length;
    const added = usage.advance();
    expect(added).toHaveLength(5);
    expect(usage.names()).toHaveLength(before + 5);
    expect(usage.names()).toEqual([...usage.names()].sort());
    expect(usage.advance()).not.toEqual(added);
  });

  it('hides what is to arrive late, and removes', () => {
    const usage = store();
    const [late = '', gone = ''] = usage.names();
    usage.hide([late]);
    usage.remove(gone);
    expect(usage.find(late)).toBeUndefined();
    expect(usage.find(gone)).toBeUndefined();
    expect(usage.names()).toHaveLength(598);
    usage.show();
    expect(usage.names()).toHaveLength(599);
  });
});
