import { describe, expect, it } from 'vitest';
import { Pacer } from '#core/clusters/inventory/run-inventory.ts';

describe('a pacer', () => {
  it('lets through at most its budget', async () => {
    const pacer = new Pacer(200);
    const start = performance.now();
    await Promise.all(Array.from({ length: 21 }, () => pacer.turn()));
    // Twenty intervals of 5 ms are between the first and the last.
    expect(performance.now() - start).toBeGreaterThanOrEqual(95);
  });

  it('ends waiting with its signal', async () => {
    const pacer = new Pacer(0.001);
    await pacer.turn();
    await expect(pacer.turn(AbortSignal.abort())).rejects.toThrow();
  });
});
