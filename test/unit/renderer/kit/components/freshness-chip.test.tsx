import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { describeFreshness, FreshnessChip } from '#renderer/kit/components/freshness-chip.tsx';
import { fakeStatus } from '#test/fakes/fake-cluster.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

const readAt = Date.parse('2026-11-21T12:03:20.000Z');
const error = {
  code: 'CONNECTION_REFUSED' as const,
  message: 'Nothing listens on port 8443.',
  hint: 'Check the port of the endpoint.',
  retryable: true,
  requestId: 'r-1',
};

test.each([
  ['just read', fakeStatus(), 20_000, 'Live · 12:03:20', 'live'],
  ['minutes ago', fakeStatus(), 4 * 60_000, '4 min old', 'recent'],
  ['hours ago', fakeStatus(), 3 * 3_600_000, '3 hours old', 'stale'],
  ['never', fakeStatus({ state: 'never', asOf: null }), 0, 'Never refreshed', 'stale'],
  [
    'offline',
    fakeStatus({ state: 'offline', offlineSince: '2026-11-21T12:10:00.000Z' }),
    600_000,
    'Offline since 12:10 · data of 12:03',
    'offline',
  ],
  [
    'answered with errors',
    fakeStatus({ state: 'failing', failingSince: '2026-11-21T12:10:00.000Z' }),
    600_000,
    'Gateway errors since 12:10 · data of 12:03',
    'failing',
  ],
  [
    'offline with data of another day',
    fakeStatus({ state: 'offline' }),
    3 * 86_400_000,
    'Offline · data of 21 Nov, 12:03',
    'offline',
  ],
  [
    'refreshing',
    fakeStatus({ refreshing: { taskId: 't', stage: 'users', done: 12_300 } }),
    0,
    'Refreshing · 12,300 users',
    'busy',
  ],
] as const)('says how fresh the data is: %s', (_, status, age, words, tone) => {
  expect(describeFreshness(status, readAt + age, 'utc')).toEqual({ words, tone });
});

test('opens to the cause, the last error and "try again"', async () => {
  const onRefresh = vi.fn();
  const status = fakeStatus({ state: 'offline', error });
  renderPart(
    new FakeTransport(),
    <FreshnessChip connectionId="lab" status={status} refreshing={false} onRefresh={onRefresh} />,
  );
  await userEvent.click(screen.getByRole('button', { name: /^Data: Offline/ }));
  expect(await screen.findByText("The gateway can't be reached")).toBeVisible();
  expect(screen.getByText('Nothing listens on port 8443.')).toBeVisible();
  expect(screen.getByText('r-1')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRefresh).toHaveBeenCalledOnce();
});

test('can cancel a refresh', async () => {
  const core = new FakeTransport().on('tasks.cancel', () => null);
  const status = fakeStatus({ refreshing: { taskId: 't-1', stage: 'buckets', done: 3 } });
  renderPart(
    core,
    <FreshnessChip connectionId="lab" status={status} refreshing onRefresh={() => undefined} />,
  );
  await userEvent.click(screen.getByRole('button', { name: /^Data: Refreshing/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(core.inputsOf('tasks.cancel')).toEqual([{ taskId: 't-1' }]);
});

test('shows what shorter lists lack, and accepts or keeps', async () => {
  const heldBack = {
    at: '2026-11-21T12:10:00.000Z',
    users: { before: 60, after: 1, missing: 59, names: ['anna@example.com'] },
    buckets: { before: 3, after: 3, missing: 0, names: [] },
  };
  const status = fakeStatus({ heldBack });
  const core = new FakeTransport()
    .on('sync.keepSeen', () => fakeStatus())
    .on('sync.acceptShorter', () => ({ users: 1, buckets: 3, asOf: heldBack.at }));
  renderPart(
    core,
    <FreshnessChip
      connectionId="lab"
      status={status}
      refreshing={false}
      onRefresh={() => undefined}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: /^Data: Shorter lists held back/ }));
  expect(await screen.findByText(/lacks 59 of 60 users seen before/)).toBeVisible();
  expect(screen.getByText(/missing anna@example.com and 58 more/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Keep' }));
  expect(core.inputsOf('sync.keepSeen')).toEqual([{ connectionId: 'lab' }]);
  await userEvent.click(screen.getByRole('button', { name: 'Accept' }));
  expect(core.inputsOf('sync.acceptShorter')).toEqual([{ connectionId: 'lab' }]);
});

test('names the rows that could not be read and the figures that can’t be true', async () => {
  const status = fakeStatus({
    setAside: { total: 1, rows: [{ list: 'users', name: 'row 7', cause: 'Not a user.' }] },
    implausible: {
      total: 1,
      rows: [
        { list: 'buckets', name: 'broken', field: 'size.current', value: '18446744073709551603' },
      ],
    },
  });
  renderPart(
    new FakeTransport(),
    <FreshnessChip
      connectionId="lab"
      status={status}
      refreshing={false}
      onRefresh={() => undefined}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: /^Data: / }));
  expect(await screen.findByText('1 row could not be read')).toBeVisible();
  expect(screen.getByText('row 7 (users): Not a user.')).toBeVisible();
  expect(screen.getByText('broken: size.current is 18446744073709551603')).toBeVisible();
});

test('says which proxy changes answers on the way', async () => {
  const said = 'Via: 1.1 cache; Warning: 214 cache "Transformation Applied"';
  renderPart(
    new FakeTransport(),
    <FreshnessChip
      connectionId="lab"
      status={fakeStatus({ route: { said, transformed: true } })}
      refreshing={false}
      onRefresh={() => undefined}
    />,
  );
  expect(screen.getByLabelText('with problems')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: /^Data: / }));
  expect(await screen.findByText('A proxy changes answers on the way')).toBeVisible();
  expect(screen.getByText(/Warning: 214 cache/)).toBeVisible();
});
