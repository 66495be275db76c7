import { describe, expect, it } from 'vitest';
import { assertTyped, isLocked, nameToType, ProductionLocks } from '#core/clusters/locks/guard.ts';

describe('guard', () => {
  const production = { name: 'Main', environment: 'production', readOnly: false } as const;

  describe('a production connection', () => {
    it('is locked until it is unlocked, and again when the time is over', () => {
      const now = Date.parse('2026-01-01T12:00:00Z');
      expect(isLocked(production, now)).toBe(true);
      const unlocked = { ...production, unlockedUntil: '2026-01-01T12:05:00Z' };
      expect(isLocked(unlocked, now)).toBe(false);
      expect(isLocked(unlocked, Date.parse('2026-01-01T12:05:00Z'))).toBe(true);
      expect(isLocked({ ...production, environment: 'staging' }, now)).toBe(false);
    });

    it('wants the name of a destructive change typed, to the letter', () => {
      expect(nameToType(production, true, 'user@example.com')).toBe('user@example.com');
      expect(nameToType(production, false, 'user@example.com')).toBeNull();
      expect(nameToType({ ...production, environment: 'lab' }, true, 'x')).toBeNull();
      expect(() => assertTyped('logs', 'Logs')).toThrow('does not match the target');
      expect(() => assertTyped('logs', undefined)).toThrow('Type the target');
      expect(() => assertTyped('logs', 'logs')).not.toThrow();
      expect(() => assertTyped(null, undefined)).not.toThrow();
    });
  });
});

describe('production locks', () => {
  it('a connection is unlocked for that many minutes, locked by hand, and locks itself', () => {
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
});
