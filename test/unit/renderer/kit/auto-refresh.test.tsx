import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

/** Data so fresh that no refresh on arrival is due. */
function freshCluster(id: string) {
  const status = fakeStatus({ asOf: new Date().toISOString() });
  return fakeCluster(20, fakeConnection({ id })).on('sync.status', () => status);
}

test('the chip tells when core refreshes next, and follows when that changes', async () => {
  let nextRunAt: string | null = null;
  const core = freshCluster('auto').on('sync.schedule', () => ({
    everyMinutes: nextRunAt === null ? null : 60,
    lastRunAt: null,
    nextRunAt,
  }));
  renderConsole(core, '/c/auto/users');
  await screen.findByRole('row', { name: /user-000001/ });
  const chip = () => screen.getByRole('button', { name: /^Data: Live/ });
  expect(chip()).not.toHaveTextContent('next');
  nextRunAt = new Date(Date.now() + 3_600_000).toISOString();
  core.emit({ name: 'data.changed', payload: { connectionId: 'auto', topics: ['sync'] } });
  await waitFor(() => expect(chip()).toHaveTextContent(/ · next \d\d:\d\d$/));
  expect(core.inputsOf('sync.refresh')).toEqual([]);
});

test('an interval that an earlier version kept in the window is handed to core once', async () => {
  const core = freshCluster('former').on('sync.setSchedule', ({ everyMinutes }) => ({
    everyMinutes,
    lastRunAt: null,
    nextRunAt: null,
  }));
  renderConsole(core, '/c/former/users');
  usePreferences.setState({ autoRefresh: '15' });
  await waitFor(() =>
    expect(core.inputsOf('sync.setSchedule')).toEqual([
      { connectionId: 'former', everyMinutes: 15 },
    ]),
  );
  expect(usePreferences.getState().autoRefresh).toBeUndefined();
});
