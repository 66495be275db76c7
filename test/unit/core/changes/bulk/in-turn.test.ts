import { describe, expect, it } from 'vitest';
import { inTurn } from '#core/changes/bulk/in-turn.ts';

describe('work in turn', () => {
  it('does every item once, never more at a time than allowed', async () => {
    const done: number[] = [];
    let atOnce = 0;
    let most = 0;
    await inTurn(
      Array.from({ length: 50 }, (_, index) => index),
      4,
      async (item) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise(setImmediate);
        atOnce -= 1;
        done.push(item);
      },
    );
    expect(done.sort((left, right) => left - right)).toHaveLength(50);
    expect(new Set(done).size).toBe(50);
    expect(most).toBe(4);
  });

  it('begins nothing after a failure, and ends what was begun', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = inTurn([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await new Promise(setImmediate);
      if (item === 1) throw new Error('first');
      await new Promise(setImmediate);
      ended.push(item);
    });
    await expect(work).rejects.toThrow('first');
    expect(begun).toEqual([1, 2]);
    expect(ended).toEqual([2]);
  });
});
