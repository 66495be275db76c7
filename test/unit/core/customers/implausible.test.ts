import { describe, expect, it } from 'vitest';
import { findImplausible } from '#core/customers/implausible.ts';
import type { Statement } from '#core/usage/billing/statement.ts';

const lineOf = (item: string, quantity: number) => ({ item, quantity }) as never;

function statement(coveredHours: number, item: string, quantity: number): Statement {
  const users = [
    { userId: 'a1', email: 'a@example.com', amount: 0, lines: [lineOf(item, quantity)] },
  ];
  return { users, coverage: { coveredHours } } as unknown as Statement;
}

const held = (now: Statement, before: Statement, looks = 31) =>
  findImplausible('rack-1', now, before, looks).map(({ item, words }) => [item, words]);

describe('a line is held back for a look', () => {
  it('where a counter jumps a thousandfold', () => {
    const now = statement(744, 'downloaded', 5_000_000_000_000);
    expect(held(now, statement(720, 'downloaded', 5_000_000_000))).toEqual([
      [
        'downloaded',
        'The traffic out of a@example.com came to 1,000 times the period before: look at it, then accept it.',
      ],
    ]);
    expect(held(now, statement(720, 'downloaded', 5_000_000_001))).toEqual([]);
  });

  it('where storage rests on one sample', () => {
    const stored = statement(744, 'stored', 1);
    expect(held(stored, stored, 1)).toHaveLength(1);
    expect(held(stored, stored, 2)).toEqual([]);
  });

  it('but not for small quantities, nor against a period that is hardly on record', () => {
    expect(held(statement(744, 'put', 99_000), statement(720, 'put', 1))).toEqual([]);
    expect(held(statement(744, 'put', 9_000_000), statement(24, 'put', 1))).toEqual([]);
  });
});
