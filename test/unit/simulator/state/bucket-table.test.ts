import { describe, expect, it } from 'vitest';
import { BucketTable, type SimulatedBucket } from '#simulator/state/bucket-table.ts';

const bucket = (name: string, ownerId = 'owner'): SimulatedBucket => ({
  name,
  ownerId,
  epoch: 0,
  createdAt: 1_700_000_000_123,
  currentBytes: 5n,
  peakBytes: 9n,
  byteIntegral: 2n ** 62n + 1n,
  lastHour: 490_000,
});

describe('BucketTable', () => {
  it('gives back what was put in, beyond its first capacity', () => {
    const table = new BucketTable(() => 0);
    for (let index = 0; index < 3000; index += 1) table.add(bucket(`b-${index}`, `o-${index % 7}`));
    expect(table.size).toBe(3000);
    expect(table.get('b-2999')).toEqual(bucket('b-2999', `o-${2999 % 7}`));
    expect([...table.readAll('o-3')]).toHaveLength(table.countOwnedBy('o-3'));
    expect([...table.readAll('nobody')]).toEqual([]);
  });

  it('grows a bucket and remembers its peak', () => {
    const table = new BucketTable(() => 0);
    table.add(bucket('a'));
    table.resize('a', 20n, 490_001);
    table.resize('a', 1n, 490_002);
    table.resize('none', 1n, 1);
    expect(table.get('a')).toMatchObject({ currentBytes: 1n, peakBytes: 20n, lastHour: 490_002 });
  });

  it('lets a name be used again after its removal', () => {
    const table = new BucketTable(() => 0);
    table.add(bucket('a', 'first'));
    table.remove('a');
    table.remove('a');
    expect([table.size, table.read('a'), table.countOwnedBy('first')]).toEqual([0, undefined, 0]);
    table.add(bucket('a', 'second'));
    expect([...table.readAll()].map(({ ownerId }) => ownerId)).toEqual(['second']);
  });

  it('shows additions and removals late', () => {
    const table = new BucketTable(() => 60_000);
    table.add(bucket('a'));
    expect([table.read('a'), table.get('a')?.name, table.settling]).toEqual([undefined, 'a', true]);
  });
});
