import { describe, expect, it } from 'vitest';
import { closeInOrder } from '#core/close-in-order.ts';

describe('closeInOrder', () => {
  it('ends one after another, once, and goes on after a failure', async () => {
    const done: string[] = [];
    const close = closeInOrder([
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        done.push('tasks');
      },
      () => {
        done.push('archive');
        throw new Error('archive');
      },
      async () => {
        done.push('connections');
        throw new Error('connections');
      },
      () => void done.push('lock'),
    ]);
    const outcomes = await Promise.allSettled([close(), close()]);
    expect(done).toEqual(['tasks', 'archive', 'connections', 'lock']);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'archive' } });
    }
  });
});
