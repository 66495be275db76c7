import { expect, it } from 'vitest';
import {
  type StatementPages,
  statementDocument,
} from '#core/customers/documents/statement-document.ts';

const statement = {
  state: 'draft',
  reasons: [],
  unknown: [],
  users: [],
  total: 0,
  minorDigits: 2,
  currency: 'EUR',
  gigabyte: 'decimal',
  tariffName: 'Standard',
  tariffVersion: 1,
  from: '2026-10-01T00:00:00.000Z',
  to: '2026-11-01T00:00:00.000Z',
} as unknown as StatementPages['statement'];

function printed(more: Partial<StatementPages['statement']>): string {
  const pages = {
    statement: { ...statement, ...more },
    issued: { number: '7', digest: 'abc', issuedAt: '2026-11-02T00:00:00.000Z' },
    corrects: null,
    provider: { name: '', address: '', taxId: '', logo: null, terms: '' },
  };
  return JSON.stringify(statementDocument(pages as unknown as StatementPages));
}

it('a printed statement without data has no amount', () => {
  const text = printed({ state: 'no-data', total: null, unknown: ['traffic', 'stored'] });
  expect(text).toContain('No data: what was used and stored is unknown');
  expect(text).not.toContain('0.00 EUR');
  expect(printed({})).toContain('0.00 EUR');
});

it('a printed statement names its month in its language, and both ends of another period', () => {
  expect(printed({})).toContain('Period: October 2026 (UTC)');
  expect(printed({ language: 'de-DE' })).toContain('Period: Oktober 2026 (UTC)');
  const text = printed({ to: '2026-10-16T00:00:00.000Z' });
  expect(text).toContain('Period: 1 Oct 2026, 00:00 to 16 Oct 2026, 00:00 (UTC)');
});

it('a printed statement names what is unknown and not in its total', () => {
  const sizes = 'Sizes have to be sampled at least every 26 h; no sizes were recorded.';
  const both = printed({ unknown: ['traffic', 'stored'], reasons: [sizes] });
  expect(both).toContain('Traffic and operations are not in the total');
  expect(both).toContain('Storage is not in the total');
  const stored = printed({ unknown: ['stored'] }); // by a tariff that does not charge it
  expect(stored).not.toContain('not in the total');
});

it('a printed line says what of it is included, in the unit of its price', () => {
  const line = {
    ...{ item: 'stored', unit: 'GB-month', price: '0.02', amount: 25, billableUnits: '2.500000' },
    ...{ from: statement.from, to: statement.to, billable: 0 },
    ...{ quantity: String(3n * 744n * 3_600_000n * 10n ** 9n), free: 1_339_200_000n * 10n ** 9n },
  };
  const users = [
    { userId: 'u', email: 'a@b.c', amount: 25, lines: [{ ...line, free: String(line.free) }] },
  ];
  expect(printed({ users: users as never })).toContain(
    'Storage (3 GB-month used, 0.5 GB-month included)',
  );
});

it('a printed quantity is rounded down to three decimals, and a month is one', () => {
  const line = {
    ...{ item: 'downloaded', unit: 'GB', price: '0.01', amount: 13, billableUnits: '1324.547999' },
    ...{ from: statement.from, to: statement.to, quantity: '1', free: '0', billable: '1' },
  };
  const users = [{ userId: 'u', email: 'a@b.c', amount: 13, lines: [line] }];
  const fees = [{ kind: 'base', from: statement.from, price: '5', months: '1', amount: 500 }];
  const text = printed({ users: users as never, fees: fees as never });
  expect(text).toContain('1,324.547 GB');
  expect(text).toContain('"1 month"');
  const part = [{ ...fees[0], months: '0.290322' }];
  expect(printed({ fees: part as never })).toContain('"0.29 months"');
});
