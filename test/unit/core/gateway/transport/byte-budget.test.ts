import { describe, expect, it } from 'vitest';
import { ByteBudget } from '#core/gateway/transport/byte-budget.ts';

const MiB = 1 << 20;

describe('ByteBudget', () => {
  it('lets the answer that began first continue and the others wait until it was read', () => {
    const budget = new ByteBudget(10 * MiB);
    const went: string[] = [];
    const take = (name: string, bytes: number): boolean =>
      budget.take(answers[name] as object, bytes, () => went.push(name));
    const answers: Record<string, object> = { first: {}, second: {}, third: {} };
    expect(take('first', 6 * MiB)).toBe(true);
    expect(take('second', 6 * MiB)).toBe(false);
    expect(take('third', 2 * MiB)).toBe(false);
    expect(take('first', 20 * MiB)).toBe(true);
    budget.release(answers.first as object);
    expect(went).toEqual(['second', 'third']);
    expect(budget.held).toBe(8 * MiB);
  });

  it('never holds up a small answer', () => {
    const budget = new ByteBudget(2 * MiB);
    budget.take({}, 50 * MiB, () => undefined);
    expect(budget.take({}, MiB, () => undefined)).toBe(true);
    expect(budget.take({}, 2 * MiB, () => undefined)).toBe(false);
  });

  it('wakes one waiter after the other where all are large, and none for ever', () => {
    const budget = new ByteBudget(MiB);
    const answers = Array.from({ length: 5 }, () => ({}));
    const running = new Set<object>();
    for (const answer of answers) {
      if (budget.take(answer, 3 * MiB, () => running.add(answer))) running.add(answer);
    }
    for (const answer of answers) {
      expect([...running]).toEqual([answer]);
      running.delete(answer);
      budget.release(answer);
    }
    expect(budget.held).toBe(0);
  });
});
