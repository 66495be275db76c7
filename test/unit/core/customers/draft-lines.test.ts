import { expect, it } from 'vitest';
import { draftOf } from '#core/customers/draft-lines.ts';
import type { Statement } from '#core/usage/billing/statement.ts';

const month = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
const line = {
  ...month,
  ...{ item: 'stored', quantity: 1, free: 0, billable: 1 },
  ...{ billableUnits: '12.5', unit: 'GB-month', price: '0.02', amount: 25 },
};
const part = { item: 'downloaded', unit: 'GB', from: '2026-10-16T13:00:00.000Z', amount: 40 };
const statement = {
  ...{ ...month, state: 'final', currency: 'EUR', minorDigits: 2, total: 565 },
  gigabyte: 'decimal',
  users: [
    {
      ...{ connectionId: 'c', userId: 'u1', email: 'ops@example.net', amount: 65 },
      lines: [line, { ...line, ...part }],
    },
  ],
  fees: [{ kind: 'base', ...month, price: '5', months: '1', amount: 500 }],
  customer: {
    ...{ customerId: '1', billingId: 'b', externalId: '7' },
    ...{ name: 'Acme', email: '', currency: 'EUR' },
  },
} as unknown as Statement;
const of = { installation: 'i', statementId: 's', number: 'S-2026-0001', currency: 'EUR' };

it('a draft names the month, and both ends of a part of it', () => {
  const { lines, notes } = draftOf({ ...of, statement });
  expect(lines.map(({ description }) => description.replace(/ \(Ref .*/, ''))).toEqual([
    'Storage, 12.5 GB-month, ops@example.net, October 2026',
    'Traffic out, 12.5 GB, ops@example.net, 2026-10-16 13:00 to 2026-11-01 00:00 UTC',
    'Base fee, October 2026',
  ]);
  expect(notes).toContain('Statement S-2026-0001, October 2026');
});

it('a draft and a printed line say what of a quantity is included', () => {
  const traffic = {
    ...{ ...line, item: 'downloaded', unit: 'GB', billableUnits: '489.392000' },
    ...{ quantity: 499_392_000_000, free: 10_000_000_000, billable: 489_392_000_000 },
  };
  const users = [{ ...statement.users[0], lines: [traffic] }];
  const { lines } = draftOf({ ...of, statement: { ...statement, users } as unknown as Statement });
  expect(lines[0]?.description).toContain(
    'Traffic out, 489.392000 GB (499.392 GB used, 10 GB included), ops@example.net',
  );
});

it('a draft has the reference that earlier releases gave it, whatever its lines say now', () => {
  expect(draftOf({ ...of, statement }).reference).toBe('OC-11f699046adfdfd95a6abc14');
});
