import { vi } from 'vitest';

/**
 * Waits until a check no longer throws. Its end is far off: how fast the machine is decides how long it
 * takes, never whether it passes.
 */
export function eventually<Value>(check: () => Value | Promise<Value>): Promise<Value> {
  return vi.waitFor(check, { timeout: 300_000, interval: 20 });
}
