import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeBulk, fakeRun } from '#test/fakes/fake-bulk.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

type Grid = CallOutput<'limits.grid'>;
type Row = Grid['rows'][number];

const inventory: Grid['inventory'] = {
  users: 30,
  usersKnown: 12,
  buckets: 50,
  bucketsKnown: 0,
  oldest: fakeAsOf,
  newest: fakeAsOf,
  taskId: null,
  unfinished: true,
};

function gridRow(index: number, update: Partial<Row> = {}): Row {
  return {
    kind: 'user',
    id: index.toString(16).padStart(16, '0'),
    name: `user-${index}@example.com`,
    state: 'enabled',
    currentBytes: 900_000_000_000,
    quota: null,
    appliedGb: null,
    usedFraction: null,
    limits: null,
    ...update,
  };
}

const rows: Row[] = [
  gridRow(1),
  gridRow(2, {
    quota: { set: false, sizeGb: null, asOf: fakeAsOf },
    appliedGb: 1000,
    usedFraction: 0.9,
    limits: { set: false, limits: {}, asOf: fakeAsOf },
  }),
  gridRow(3, {
    quota: { set: true, sizeGb: 0, asOf: fakeAsOf },
    limits: { set: true, limits: { opsDefault: 0, opsGet: 3600.5 }, asOf: fakeAsOf },
  }),
  gridRow(4, {
    quota: { set: true, sizeGb: 5000, asOf: fakeAsOf },
    appliedGb: 5000,
    usedFraction: 0.18,
  }),
];

function core(of: readonly Row[] = rows) {
  return fakeBulk(fakeRun(), [])
    .on('inventory.status', () => inventory)
    .on('limits.grid', () => ({
      total: of.length,
      rows: [...of],
      defaults: { user: null, bucket: null },
      inventory,
    }))
    .on('quotas.get', () => ({ set: true, sizeGb: 1000, asOf: fakeAsOf, source: 'gateway' }));
}

const cellsOf = (row: HTMLElement) =>
  within(row)
    .getAllByRole('gridcell')
    .map(({ textContent }) => textContent);

test('tells not read, not set, unlimited and a figure apart, with the bar of what applies', async () => {
  renderConsole(core(), '/c/rack-7/limits');
  const unread = cellsOf(await screen.findByRole('row', { name: /user-1@/ }));
  expect(unread).toContain('·not read');
  const unset = cellsOf(screen.getByRole('row', { name: /user-2@/ }));
  expect(unset).toContain('not set');
  expect(unset).toContain('90 %');
  const unlimited = cellsOf(screen.getByRole('row', { name: /user-3@/ }));
  expect(unlimited.filter((text) => text === 'unlimited')).toHaveLength(1);
  expect(unlimited).toContain('0 GB');
  expect(unlimited).not.toContain('no quota');
  expect(unlimited).toContain('3,600.5');
  expect(cellsOf(screen.getByRole('row', { name: /user-4@/ }))).toContain('5,000 GB');
  expect(screen.getByText(/Read: 12 of 30 users/)).toBeVisible();
});

test('narrows and sorts by what the address says', async () => {
  const fake = core();
  renderConsole(
    fake,
    '/c/rack-7/limits?of=bucket&used=0.8&quota=differs&limits=notSet&sort=-opsGet&q=logs',
  );
  await waitFor(() =>
    expect(fake.inputsOf('limits.grid')).toContainEqual(
      expect.objectContaining({
        of: 'bucket',
        search: 'logs',
        filter: { minUsedFraction: 0.8, quota: 'differs', limits: 'notSet' },
        sort: { by: 'opsGet', descending: true },
      }),
    ),
  );
});

test('continues an unfinished inventory within a budget, or starts over', async () => {
  const fake = core().on('inventory.start', () => ({ taskId: 'inventory-1' }));
  renderConsole(fake, '/c/rack-7/limits');
  const user = userEvent.setup();
  const strip = await screen.findByRole('region', { name: 'Keys and limits' });
  await user.click(within(strip).getByRole('button', { name: 'Resume' }));
  const popover = await screen.findByRole('dialog');
  const budget = within(popover).getByLabelText('Rate (requests/s)');
  await user.clear(budget);
  await user.type(budget, '200');
  await user.click(within(popover).getByLabelText(/Also the 50 buckets/));
  expect(popover).toHaveTextContent('About 190 requests, 1 s');
  await user.click(within(popover).getByRole('button', { name: 'Start over' }));
  await waitFor(() =>
    expect(fake.inputsOf('inventory.start')).toEqual([
      { connectionId: 'rack-7', buckets: true, requestsPerSecond: 200, restart: true },
    ]),
  );
});

test('shows an inventory at work, pauses and cancels it', async () => {
  const fake = core()
    .on('tasks.list', () => [
      {
        taskId: 'inventory-1',
        connectionId: 'rack-7',
        kind: 'inventory.start',
        title: 'Read keys, limits and quotas',
        state: 'running',
        done: 1200,
        total: 5000,
        failed: 0,
        startedAt: fakeAsOf,
        endedAt: null,
        canPause: true,
        read: false,
      },
    ])
    .on('tasks.pause', () => null)
    .on('tasks.cancel', () => null);
  renderConsole(fake, '/c/rack-7/limits');
  const strip = await screen.findByRole('region', { name: 'Keys and limits' });
  await within(strip).findByText(/1,200 of 5,000/);
  await userEvent.click(within(strip).getByRole('button', { name: 'Pause' }));
  await userEvent.click(within(strip).getByRole('button', { name: 'Cancel' }));
  expect(fake.inputsOf('tasks.pause')).toEqual([{ taskId: 'inventory-1' }]);
  expect(fake.inputsOf('tasks.cancel')).toEqual([{ taskId: 'inventory-1' }]);
});

test('changes selected buckets, whose changes users alone know are not offered', async () => {
  const bucket = gridRow(9, { kind: 'bucket', id: 'logs', name: 'logs' });
  const fake = core([bucket]);
  renderConsole(fake, '/c/rack-7/limits?of=bucket');
  const user = userEvent.setup();
  const row = await screen.findByRole('row', { name: /logs/ });
  await user.click(within(row).getByRole('checkbox'));
  await user.click(screen.getByRole('button', { name: 'Change' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Set rate limits' }));
  const dialog = await screen.findByRole('dialog', { name: 'Change 1 bucket' });
  await user.type(within(dialog).getByLabelText('Get'), '5{Enter}');
  await waitFor(() =>
    expect(fake.inputsOf('bulk.preview')[0]?.source).toEqual({
      from: 'buckets',
      names: ['logs'],
      change: { change: 'setLimits', limits: { opsGet: 5 } },
    }),
  );
});

test('edits a default quota from where it is shown', async () => {
  renderConsole(core(), '/c/rack-7/limits');
  const user = userEvent.setup();
  const [ofUsers] = await screen.findAllByRole('button', { name: 'Edit default' });
  if (!ofUsers) throw new Error('there is no default to edit');
  await user.click(ofUsers);
  expect(await screen.findByLabelText('Quota in GB')).toHaveValue('1000');
});
