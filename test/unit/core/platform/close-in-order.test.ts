import { describe, expect, it, vi } from 'vitest';
import { ClosedLate, closeInOrder } from '#core/platform/close-in-order.ts';

describe('closeInOrder', () => {
  it('ends one after another, once, and continues after a failure', async () => {
    const done: string[] = [];
    const close = closeInOrder(undefined, {
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
      { whole: 60, each: 20 },
      { tasks: never('tasks'), archives: never('archives'), lock: () => void done.push('lock') },
    );
    const failure = await close().catch((thrown: unknown) => thrown);
    expect(done).toEqual(['tasks', 'archives', 'lock']);
    expect(failure).toBeInstanceOf(ClosedLate);
    expect(failure).toMatchObject({ code: 'TIMED_OUT', details: { steps: ['tasks', 'archives'] } });
  });

  it('gives a slow one seconds, and ends within 12 s, with as many as a console has', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const sixteen = Array.from({ length: 16 }, (_, index) => `step ${index}`);
      const hangs = () => new Promise<void>(() => undefined);
      const slow = () => new Promise<void>((resolve) => void setTimeout(resolve, 4_000));
      const ended = closeInOrder(undefined, {
        slow,
        ...Object.fromEntries(sixteen.slice(1).map((name) => [name, () => undefined])),
      })();
      await vi.advanceTimersByTimeAsync(4_000);
      await ended;
      const late = closeInOrder(
        undefined,
        Object.fromEntries(sixteen.map((name) => [name, hangs])),
      );
      const refused = expect(late()).rejects.toMatchObject({ details: { steps: sixteen } });
      await vi.advanceTimersByTimeAsync(12_000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });
});
