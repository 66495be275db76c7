import { expect, it } from 'vitest';
import { ProductionLocks } from '#core/clusters/locks/guard.ts';

it('a connection is unlocked for so many minutes, locked by hand, and locks itself', () => {
  let now = Date.parse('2026-01-01T12:00:00Z');
  const locks = new ProductionLocks(() => now);
  expect(locks.unlockedUntil('a')).toBeUndefined();
  expect(locks.unlock('a', 15)).toBe('2026-01-01T12:15:00.000Z');
  expect(locks.unlockedUntil('b')).toBeUndefined();
  now += 15 * 60_000 - 1;
  expect(locks.unlockedUntil('a')).toBe('2026-01-01T12:15:00.000Z');
  now += 1;
  expect(locks.unlockedUntil('a')).toBeUndefined();
  locks.unlock('a', 1);
  locks.lock('a');
  expect(locks.unlockedUntil('a')).toBeUndefined();
});
