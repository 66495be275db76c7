import { describe, expect, it } from 'vitest';
import { VersionedMap } from '#simulator/state/versioned-map.ts';

describe('VersionedMap', () => {
  it('reads what it holds where nothing is stale', () => {
    const map = new VersionedMap<string, number>();
    map.set('a', 1);
    map.set('b', 2);
    map.delete('a');
    expect([map.read('a'), map.read('b'), [...map.readValues()]]).toEqual([undefined, 2, [2]]);
    expect([map.revision, map.size, map.settling]).toEqual([3, 1, false]);
  });

  it('still reads what was before recent writes, the first of them', () => {
    let staleMs = 0;
    const map = new VersionedMap<string, number>(() => staleMs);
    map.set('a', 1);
    map.set('b', 1);
    staleMs = 60_000;
    map.set('a', 2);
    map.set('a', 3);
    map.delete('b');
    map.set('c', 1);
    expect(['a', 'b', 'c'].map((key) => map.read(key))).toEqual([1, 1, undefined]);
    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 1]);
    expect([...map.readValues()]).toEqual([1, 1]);
    expect(map.settling).toBe(true);
  });

  it('reads the new state once the time is over', () => {
    const map = new VersionedMap<string, number>(() => 0.001);
    map.set('a', 1);
    const until = Date.now() + 2;
    while (Date.now() < until);
    expect(map.read('a')).toBe(1);
  });
});
