import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';
import { savedFiles } from '../../saved-files.ts';

type Board = CallOutput<'pressure.list'>;
type Row = Board['rows'][number];
type Raise = CallOutput<'pressure.raises'>[number];

const inventory: Board['inventory'] = {
  ...{ users: 3, usersKnown: 3, buckets: 0, bucketsKnown: 0, taskId: null, unfinished: false },
  ...{ oldest: fakeAsOf, newest: fakeAsOf },
};

function boardRow(index: number, update: Partial<Row> = {}): Row {
  return {
    kind: 'user',
    id: index.toString(16).padStart(16, '0'),
    name: `user-${index}@example.com`,
    state: 'enabled',
    currentBytes: 900_000_000_000,
    quota: { set: true, sizeGb: 1000, asOf: fakeAsOf },
    appliedGb: 1000,
    usedFraction: 0.9,
    limits: { set: false, limits: {}, asOf: fakeAsOf },
    risk: 'warning',
    dailyBytes: 2_000_000_000,
    daysToFull: 50,
    busiest: null,
    limitedHours: 0,
    raised: null,
    ...update,
  };
}

const rows: Row[] = [
  boardRow(1, { risk: 'critical', usedFraction: 1.2, daysToFull: 0 }),
  boardRow(2, { dailyBytes: null, daysToFull: null, risk: 'warning' }),
  boardRow(3, {
    ...{ quota: { set: false, sizeGb: null, asOf: fakeAsOf }, appliedGb: null, usedFraction: null },
    ...{ daysToFull: null, dailyBytes: 0, limitedHours: 5 },
    limits: { set: true, limits: { opsGet: 100 }, asOf: fakeAsOf },
    busiest: { resource: 'opsGet', rate: 97, limit: 100, share: 0.97, at: fakeAsOf },
    raised: { until: fakeAsOf, overdue: true },
  }),
];

const raise: Raise = {
  raiseId: '00000000-0000-4000-8000-000000000001',
  target: { kind: 'user', id: rows[2]?.id ?? '', name: 'user-3@example.com' },
  ...{ part: 'limits', reason: 'Load test', until: fakeAsOf, overdue: true, confirmed: true },
  ...{ createdAt: fakeAsOf, createdBy: 'olga', journalId: 'entry-1' },
  ...{ before: { opsGet: '50' }, after: { opsGet: '100' } },
  back: {
    operation: 'limits.set',
    input: { target: { user: rows[2]?.id ?? '' }, limits: { opsGet: 50 } },
  },
};

function core(of: readonly Row[] = rows) {
  return fakeOperations()
    .on('inventory.status', () => inventory)
    .on('pressure.raises', () => [raise])
    .on('pressure.list', ({ only }) => ({
      total: only ? 0 : of.length,
      rows: only ? [] : [...of],
      defaults: { user: null, bucket: null },
      ...{ inventory, sampledAt: fakeAsOf, statisticsUntil: fakeAsOf },
      raises: { open: 1, overdue: 1 },
    }));
}

const cellsOf = (row: HTMLElement) =>
  within(row)
    .getAllByRole('gridcell')
    .map(({ textContent }) => textContent);

test('tells full, not known, no quota, and how close a limit is', async () => {
  const fake = core();
  renderConsole(fake, '/c/rack-7/pressure');
  const first = cellsOf(await screen.findByRole('row', { name: /user-1@/ }));
  expect(first).toEqual(expect.arrayContaining(['Critical', '120 %', 'full', '1,000 GB own']));
  const unknown = cellsOf(screen.getByRole('row', { name: /user-2@/ }));
  expect(unknown.filter((text) => text === 'not known')).toHaveLength(2);
  const limited = cellsOf(screen.getByRole('row', { name: /user-3@/ }));
  expect(limited).toEqual(expect.arrayContaining(['no quota', '97 %', '5', 'none', 'Overdue']));
  expect(screen.getByText('1 raise overdue to be put back')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Pressure' })).toBeVisible();
  // what the figures rest on comes with the rows
  expect(fake.inputsOf('pressure.list')).toHaveLength(1);
});

test('narrows and sorts by what the address says', async () => {
  const fake = core();
  const query =
    'of=bucket&risk=critical&full=7&busiest=0.9&raised=overdue&quota=own&sort=daysToFull';
  renderConsole(fake, `/c/rack-7/pressure?${query}`);
  await waitFor(() =>
    expect(fake.inputsOf('pressure.list').find(({ filter }) => filter)).toMatchObject({
      ...{ of: 'bucket', sort: { by: 'daysToFull', descending: false } },
      filter: {
        ...{ risk: 'critical', withinDays: 7, minLimitShare: 0.9, raised: 'overdue', quota: 'own' },
      },
    }),
  );
});

test('every row that matches is exported, with figures exact and why there is none', async () => {
  const fake = core();
  renderConsole(fake, '/c/rack-7/pressure?quota=own');
  await screen.findByRole('row', { name: /user-1@/ });
  await userEvent.click(screen.getByRole('button', { name: /^Export/ }));
  await waitFor(() => expect(savedFiles).toHaveLength(1));
  const lines = (await savedFiles[0]?.content.text())?.trim().split(/\r?\n/) ?? [];
  const heading = lines.findIndex((line) => line.includes('Risk'));
  const names = lines[heading]?.split(',') ?? [];
  const cells = lines.slice(heading + 1).map((line) => line.split(','));
  const cell = (row: number, name: string) => cells[row]?.[names.indexOf(name)];
  expect(cells).toHaveLength(3);
  expect(cell(0, 'Risk')).toBe('critical');
  expect([cell(0, 'Used'), cell(0, 'Days to full')]).toEqual(['1.2000', '0.0']);
  expect([cell(1, 'Days to full'), cell(1, 'Growth a day')]).toEqual(['not known', 'not known']);
  expect([cell(2, 'Quota'), cell(2, 'Busiest hour')]).toEqual(['none', '0.9700']);
  expect(cell(2, 'Raised until')).toBe(fakeAsOf);
  // the filter goes with every page that is read
  const read = fake.inputsOf('pressure.list').filter(({ limit }) => limit === 3);
  expect(read).toMatchObject([{ offset: 0, filter: { quota: 'own' } }]);
});

test('puts back what is overdue by its prepared change', async () => {
  const user = userEvent.setup();
  const fake = core()
    .on('operations.preview', () =>
      fakePreview({
        ...{ operation: 'limits.set', title: 'Set rate limits', destructive: false, impact: null },
      }),
    )
    .on('pressure.putBack', () => ({
      ...{ raiseId: raise.raiseId, until: fakeAsOf },
      ...{ verified: true, sent: true, journalId: 'entry-2', requestId: null },
    }));
  renderConsole(fake, '/c/rack-7/pressure');
  const row = await screen.findByRole('row', { name: /user-3@/ });
  await user.click(within(row).getByRole('button', { name: /Actions on user-3@/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'Put back or keep' }));
  const dialog = await screen.findByRole('dialog', { name: 'Temporary raise' });
  expect(dialog).toHaveTextContent('Rate limits');
  expect(dialog).toHaveTextContent('by olga: Load test');
  await user.click(within(dialog).getByRole('button', { name: 'Put back' }));
  const preview = await screen.findByRole('dialog', { name: /Set rate limits|^$/ });
  await waitFor(() =>
    expect(fake.inputsOf('operations.preview').at(-1)).toMatchObject({
      operation: 'limits.set',
      input: raise.back.input,
    }),
  );
  const send = await within(preview).findByRole('button', { name: 'Set rate limits' });
  await waitFor(() => expect(send).toBeEnabled());
  await user.click(send);
  await waitFor(() =>
    expect(fake.inputsOf('pressure.putBack')).toMatchObject([
      { connectionId: 'rack-7', raiseId: raise.raiseId, expected: 'seen-state-1' },
    ]),
  );
});

test('says what failed, and what is empty', async () => {
  const failing = core().on('pressure.list', () => {
    throw new AppError({ code: 'ARCHIVE_DAMAGED', message: 'Not whole.', hint: 'Restore it.' });
  });
  const view = renderConsole(failing, '/c/rack-7/pressure');
  expect(await screen.findByText('Not whole.')).toBeVisible();
  view.unmount();
  renderConsole(core([]), '/c/rack-7/pressure');
  expect(await screen.findByText('No users yet')).toBeVisible();
});
