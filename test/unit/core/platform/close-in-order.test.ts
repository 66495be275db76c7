import { describe, expect, it } from 'vitest';
import { ClosedLate, closeInOrder } from '#core/platform/close-in-order.ts';

describe('closeInOrder', () => {
  it('ends one after another, once, and goes on after a failure', async () => {
    const done: string[] = [];
    const close = closeInOrder({
      tasks: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        done.push('tasks');
      },
      archive: () => {
        done.push('archive');
        throw new Error('archive');
      },
      connections: async () => {
        done.push('connections');
        throw new Error('connections');
      },
      lock: () => void done.push('lock'),
    });
    const outcomes = await Promise.allSettled([close(), close()]);
    expect(done).toEqual(['tasks', 'archive', 'connections', 'lock']);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'archive' } });
    }
  });

  it('leaves what hangs, still ends the rest in order, and names what was left', async () => {
    const done: string[] = [];
    const never = (name: string) => (): Promise<void> => {
      done.push(name);
      return new Promise(() => undefined);
    };
    const close = closeInOrder(
      { tasks: never('tasks'), archives: never('archives'), lock: () => void done.push('lock') },
      { whole: 60, each: 20 },
    );
    const failure = await close().catch((thrown: unknown) => thrown);
    expect(done).toEqual(['tasks', 'archives', 'lock']);
    expect(failure).toBeInstanceOf(ClosedLate);
    expect(failure).toMatchObject({ code: 'TIMED_OUT', details: { steps: ['tasks', 'archives'] } });
  });
});
