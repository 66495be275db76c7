import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeAsOf, fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { nextAutoRefresh } from '../../../../src/renderer/app/auto-refresh.ts';
import { usePreferences } from '../../../../src/renderer/stores/preferences.ts';
import { renderConsole } from '../render-console.tsx';

const minute = 60_000;
const asOf = Date.parse(fakeAsOf);

test.each([
  ['after the data’s age', '15', {}, undefined, asOf + 15 * minute],
  ['after the last try, where that failed', '5', {}, asOf + minute, asOf + 6 * minute],
  ['not while switched off', 'off', {}, undefined, null],
  ['not the demo', '5', { demo: true }, undefined, null],
  ['not without a secret', '5', { hasCredential: false }, undefined, null],
] as const)('refreshes by itself %s', (_, every, update, attemptedAt, next) => {
  expect(nextAutoRefresh(every, fakeConnection(update), fakeStatus(), attemptedAt)).toBe(next);
});

/** Data so old that a refresh on arrival is not due (it is a minute's) and one by itself is in an hour. */
function freshCluster(id: string) {
  const status = fakeStatus({ asOf: new Date().toISOString() });
  return fakeCluster(20, fakeConnection({ id })).on('sync.status', () => status);
}

test('refreshes the cluster on screen when it is due, and the chip tells when next', async () => {
  const core = freshCluster('auto');
  renderConsole(core, '/c/auto/users');
  await screen.findByRole('row', { name: /user-000001/ });
  expect(screen.getByRole('button', { name: /^Data: Live/ })).not.toHaveTextContent('next');
  usePreferences.setState({ autoRefresh: '60' });
  await waitFor(() =>
    expect(screen.getByRole('button', { name: /^Data: Live/ })).toHaveTextContent(
      / · next \d\d:\d\d$/,
    ),
  );
  expect(core.inputsOf('sync.refresh')).toEqual([]);
  const old = fakeStatus({ asOf: new Date(Date.now() - 2 * 3_600_000).toISOString() });
  core.on('sync.status', () => old);
  core.emit({ name: 'sync.changed', payload: { connectionId: 'auto', status: old } });
  await waitFor(() => expect(core.inputsOf('sync.refresh')).toEqual([{ connectionId: 'auto' }]));
  // The try counts, whatever came of it: the next is an hour away again.
  await waitFor(() => expect(screen.getByRole('button', { name: /^Data/ })).toBeVisible());
  expect(core.inputsOf('sync.refresh')).toHaveLength(1);
});
