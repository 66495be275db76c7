import { describe, expect, it } from 'vitest';
import { mix32, SeededRandom, seededText } from '#simulator/model/seeded-random.ts';

describe('seeded randomness', () => {
  it('is the same on every machine', () => {
    expect([mix32(1, 2), mix32(1, 2, 3)]).toMatchInlineSnapshot(`
      [
        4056158359,
        3005742264,
      ]
    `);
    const random = new SeededRandom(42);
    expect([random.next(), random.next()]).toMatchInlineSnapshot(`
      [
        2581720956,
        1925393290,
      ]
    `);
    expect(seededText(1, 'key', 12)).toMatchInlineSnapshot(`"BnBoeWMb3kGp"`);
  });

  it('spreads over its range', () => {
    const random = new SeededRandom(7);
    const counts = new Map<number, number>();
    for (let drawn = 0; drawn < 10_000; drawn += 1) {
      const value = random.below(10);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    const mixed = new Set(Array.from({ length: 10_000 }, (_, index) => mix32(7, index)));
    expect(mixed.size).toBeGreaterThan(9990);
  });
});
