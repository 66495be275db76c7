import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeSummary, fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../../render-console.tsx';

type Issued = CallOutput<'statements.issue'>;
type Statement = CallOutput<'statements.make'>;

const statementId = '0b0f1c5e-6d0e-4b62-9d1c-0d2f3a4b5c6d';
const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };

const issued: Issued = {
  statementId,
  number: 'S-2026-0001',
  digest: 'a'.repeat(64),
  state: 'final',
  total: 7440,
  currency: 'EUR',
  minorDigits: 2,
  tariffId: 'standard',
  tariffVersion: 2,
  tariffName: 'Standard',
  ...period,
  users: 1,
  userIds: null,
  issuedAt: '2026-11-02T08:00:00.000Z',
  issuedBy: 'ada',
  corrects: null,
  correctedBy: null,
};

const statement: Statement = {
  state: 'final',
  reasons: [],
  unknown: [],
  tariffId: 'standard',
  tariffVersion: 2,
  tariffName: 'Standard',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal',
  ...period,
  users: [{ userId: '0000000000000001', email: 'ada@example.com', amount: 7440, lines: [] }],
  total: 7440,
  coverage: fakeSummary(),
  sources: { objects: 1488, digest: 'c'.repeat(64) },
};

const words = 'Changed since issued: +50.00 EUR, 1 late object.';
const change = { changed: true, words, difference: 5000 };
const lateObject = 's3-usage-8000000000000065-2026-10-19T10:00:00.000Z-1800';

function core() {
  return fakeUsage()
    .on('statements.issued', () => ({ total: 1, rows: [{ ...issued, change }] }))
    .on('statements.get', () => ({ issued, statement }))
    .on('statements.corrections', () => ({
      statementId,
      issued,
      ...change,
      state: 'final' as const,
      total: 12_440,
      users: [
        {
          userId: '0000000000000001',
          email: 'ada@example.com',
          issued: 7440,
          now: 12_440,
          difference: 5000,
        },
      ],
      objects: { late: 1, replaced: 0, gone: 0 },
      objectNames: [{ name: lateObject, change: 'late' as const }],
      sizesSampled: false,
      corrections: [],
    }))
    .on('statements.issue', () => ({ ...issued, number: 'S-2026-0002', corrects: statementId }));
}

test('the register marks what changed since, names it, and issues a correction', async () => {
  const console_ = core();
  renderConsole(console_, '/c/rack-7/usage/issued');
  const grid = await screen.findByRole('grid', { name: 'Issued statements' });
  expect(await within(grid).findByText('74.40 EUR')).toBeVisible();
  expect(within(grid).getByText('Changed since')).toBeVisible();
  expect(within(grid).getByText('October 2026')).toBeVisible();
  expect(within(grid).getByText('+50.00 EUR')).toBeVisible();
  await userEvent.click(within(grid).getByText('S-2026-0001'));
  expect(await screen.findByText(words)).toBeVisible();
  expect(screen.getByText(`${lateObject} (late)`)).toBeVisible();
  expect(screen.getByText('ada@example.com: 74.40 EUR, 0 lines')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Issue correction' }));
  const dialog = await screen.findByRole('dialog', { name: 'Issue correction of S-2026-0001' });
  expect(within(dialog).getByText(/a total of 124\.40 EUR/)).toBeVisible();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Issue correction' }));
  await waitFor(() =>
    expect(console_.inputsOf('statements.issue')).toEqual([
      { connectionId: 'rack-7', corrects: statementId },
    ]),
  );
  expect(await screen.findByText('Issued as S-2026-0002.')).toBeVisible();
});

test('an empty register says what it is for', async () => {
  const empty = fakeUsage().on('statements.issued', () => ({ total: 0, rows: [] }));
  renderConsole(empty, '/c/rack-7/usage/issued');
  expect(await screen.findByText('No statement issued yet')).toBeVisible();
});

test('a statement is issued from its page, a draft with its reasons in sight', async () => {
  const reason = 'Not complete: of 1,488 gateway hours 3 missing.';
  const console_ = core()
    .on('tariffs.list', () => [{ tariffId: 'standard', version: 2, name: 'Standard' } as never])
    .on('statements.make', () => ({ ...statement, state: 'draft' as const, reasons: [reason] }));
  renderConsole(console_, '/c/rack-7/usage/statements?period=custom&from=2026-10-01&to=2026-11-01');
  await userEvent.click(await screen.findByRole('button', { name: 'Issue statement' }));
  const dialog = await screen.findByRole('dialog', { name: 'Issue draft' });
  expect(within(dialog).getByText(reason)).toBeVisible();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Issue draft' }));
  await waitFor(() =>
    expect(console_.inputsOf('statements.issue')).toMatchObject([
      { tariffId: 'standard', requireFinal: false },
    ]),
  );
});
