import { expect, it } from 'vitest';
import { refuseShared } from '#core/customers/drafts.ts';
import type { CustomerStore } from '#core/customers/store/customer-store.ts';
import type { IssuedElsewhere } from '#core/customers/store/issued-users.ts';
import type { Statement } from '#core/usage/billing/statement.ts';

const hourOf = (month: number): number => Date.UTC(2026, month, 1) / 3_600_000;

const statement = {
  ...{ state: 'final', from: '2026-10-01T00:00:00Z', to: '2026-11-01T00:00:00Z' },
  customer: { customerId: '7' },
  users: [{ connectionId: 'rack', userId: 'aa', email: 'a@x.example' }],
} as unknown as Statement;

const storeWith = (found: Partial<IssuedElsewhere>[], asked: unknown[] = []) =>
  ({
    ask: async (name: string, input: unknown) => {
      asked.push([name, input]);
      return name === 'issuedElsewhere' ? found : [];
    },
  }) as unknown as CustomerStore;

it('a final statement is not invoiced while one of another customer has the same user and time', async () => {
  const other = { number: 'C-2026-0001', customerName: 'Eve Ltd', userId: 'aa' };
  await expect(refuseShared(statement, storeWith([other]))).rejects.toMatchObject({
    code: 'CONFLICT',
    message:
      'a@x.example is in this statement and in C-2026-0001 of "Eve Ltd" for the same time: both would pay for it.',
  });
});

it('a final statement whose users are in no other is invoiced', async () => {
  const asked: unknown[] = [];
  await refuseShared(statement, storeWith([], asked));
  const hours = { fromHour: hourOf(9), toHour: hourOf(10) };
  const of = { customerId: '7', users: [{ connectionId: 'rack', userId: 'aa', ...hours }] };
  expect(asked).toEqual([['issuedElsewhere', of]]);
});
