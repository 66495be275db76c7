import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, onTestFinished, test } from 'vitest';
import { useTray } from '#renderer/app/tasks-tray-store.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

type Task = CallOutput<'tasks.list'>[number];

/** A task that ended some seconds ago. */
function ended(taskId: string, secondsAgo: number, update: Partial<Task> = {}): Task {
  return {
    taskId,
    connectionId: 'rack-7',
    kind: 'usage.collect',
    title: `Collect ${taskId}`,
    state: 'succeeded',
    done: 10,
    total: 10,
    failed: 0,
    startedAt: '2026-11-21T12:03:20.000Z',
    endedAt: new Date(Date.now() - secondsAgo * 1000).toISOString(),
    canPause: true,
    read: false,
    ...update,
  };
}

const error = {
  code: 'GATEWAY_FAILED',
  message: 'The gateway answered 503.',
  hint: 'Try again.',
  retryable: true,
} as const;

const titles = (tray: ReturnType<typeof within>): string[] =>
  tray
    .getAllByText(/^Collect/)
    .map((title: HTMLElement) => title.textContent.replace('Collect ', ''));

test('work that ended well needs the line alone; errors stay longer; the line folds and unfolds all', async () => {
  const tasks = [
    ended('one', 60),
    ended('two', 7, { state: 'cancelled' }),
    ended('three', 60, { state: 'failed', error }),
    ended('four', 60, { failed: 2 }),
    ended('five', 0, { endedAt: null, state: 'running' }),
  ];
  const core = fakeCluster()
    .on('tasks.list', () => tasks)
    .on('tasks.markRead', () => null);
  const view = renderConsole(core, '/c/rack-7/users');
  const tray = () => within(screen.getByRole('region', { name: 'Tasks' }));
  await screen.findByRole('region', { name: 'Tasks' });
  const words = '1 task running, 2 done, 2 failed';
  const line = await tray().findByRole('button', { name: words });
  expect(tray().getByText('Collect three')).toBeVisible();
  expect(tray().getByText('Collect four')).toBeVisible();
  expect(tray().queryByText('Collect one')).toBeNull();
  const user = userEvent.setup();
  line.focus();
  await user.keyboard('{Enter}');
  // what needs somebody first, then what is under way
  await waitFor(() => expect(titles(tray())).toEqual(['three', 'four', 'five', 'one', 'two']));
  expect(line).toHaveAttribute('aria-expanded', 'true');
  await user.keyboard('{Enter}');
  expect(tray().queryByText(/^Collect/)).toBeNull();
  expect(line).toHaveAttribute('aria-expanded', 'false');
  expect(line).toHaveFocus();
  // folded on every page, also on that of all clusters, which draws its own
  await view.goTo('/morning');
  const folded = await tray().findByRole('button', { name: words });
  expect(tray().queryByText(/^Collect/)).toBeNull();
  await user.click(folded);
  expect(await tray().findByText('Collect one')).toBeVisible();
  await user.click(tray().getByRole('button', { name: 'Dismiss ended' }));
  expect(core.inputsOf('tasks.markRead')).toEqual(
    ['one', 'two', 'three', 'four'].map((taskId) => ({ taskId })),
  );
});

test('of many tasks three are shown in full until all are asked for', async () => {
  const tasks = ['a', 'b', 'c', 'd', 'e'].map((id) => ended(id, 0, { state: 'failed', error }));
  renderConsole(
    fakeCluster().on('tasks.list', () => tasks),
    '/c/rack-7/users',
  );
  const tray = within(await screen.findByRole('region', { name: 'Tasks' }));
  expect(await tray.findAllByText(/^Collect/)).toHaveLength(3);
  await userEvent.click(tray.getByRole('button', { name: '5 tasks failed' }));
  expect(tray.getAllByText(/^Collect/)).toHaveLength(5);
});

test('tells style sheets how much it covers, until it is gone', async () => {
  const room = () => document.documentElement.style.getPropertyValue('--oc-tray-room');
  const task = ended('one', 60);
  const core = fakeCluster().on('tasks.list', () => [task]);
  renderConsole(core, '/c/rack-7/users');
  await screen.findByRole('region', { name: 'Tasks' });
  expect(room()).not.toBe('');
  core.emit({ name: 'task.changed', payload: { task: { ...task, read: true } } });
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Tasks' })).toBeNull());
  expect(room()).toBe('');
});

test('names the cluster of work that is not on the one on screen', async () => {
  const core = fakeCluster()
    .on('connections.list', () => [fakeConnection(), fakeConnection({ id: 'b', name: 'Basel' })])
    .on('tasks.list', () => [
      ended('here', 60, { state: 'failed', error }),
      ended('there', 60, { state: 'failed', error, connectionId: 'b' }),
    ]);
  renderConsole(core, '/c/rack-7/users');
  const tray = await screen.findByRole('region', { name: 'Tasks' });
  expect(await within(tray).findByText(/^Basel · The gateway answered 503/)).toBeVisible();
  expect(within(tray).getByText(/^The gateway answered 503/)).toBeVisible();
});

test('in a low window what ended is one line, which says what failed', async () => {
  const { matchMedia } = window;
  onTestFinished(() => {
    window.matchMedia = matchMedia;
  });
  window.matchMedia = (query) => ({ ...matchMedia(query), matches: query.includes('max-height') });
  const tasks = [ended('one', 60), ended('two', 1), ended('three', 1, { state: 'failed', error })];
  renderConsole(
    fakeCluster().on('tasks.list', () => tasks),
    '/c/rack-7/users',
  );
  const tray = await screen.findByRole('region', { name: 'Tasks' });
  const chip = await within(tray).findByRole('button', { name: '2 tasks done, 1 failed' });
  expect(within(tray).queryByText('Collect three')).toBeNull();
  await userEvent.click(chip);
  expect(within(tray).getByText('Collect three')).toBeVisible();
});

test('users that only WHMCS does not know yet are no failures', async () => {
  useTray.setState({ view: 'open' }); // a busy machine draws it when it is folded already
  const task = ended('one', 0, { waiting: 2, done: 3, total: 3, kind: 'onboarding.start' });
  renderConsole(
    fakeCluster().on('tasks.list', () => [task]),
    '/c/rack-7/users',
  );
  expect(await screen.findByText('Done: 1 of 3 · 2 not written to WHMCS')).toBeVisible();
  expect(screen.queryByText(/failed/)).toBeNull();
});

test('what waits for somebody is neither done nor failed, and says why and where', async () => {
  useTray.setState({ view: 'open' }); // a busy machine draws them when they are folded already
  const why = '1 bucket still there.';
  const waits = { done: 1, total: 1, waiting: 1, reason: why, connectionId: null } as const;
  const tasks = [
    ended('one', 0, { ...waits, kind: 'offboarding.run', about: 'o1', title: 'Check buckets' }),
    ended('two', 0, { done: 233, total: 233, waiting: 9, title: 'Issue statements' }),
    ended('three', 0, { done: 1, total: 1, failed: 1, reason: 'It has an invoice.' }),
    ended('four', 60, { waiting: 2 }),
    ended('five', 60),
  ];
  renderConsole(
    fakeCluster().on('tasks.list', () => tasks),
    '/c/rack-7/users',
  );
  const tray = await screen.findByRole('region', { name: 'Tasks' });
  const link = await within(tray).findByRole('link', { name: 'Check buckets' });
  expect(link).toHaveAttribute('href', expect.stringContaining('/customers/offboarding/o1'));
  expect(within(tray).getByText(`Waiting: ${why}`)).toBeVisible();
  expect(within(tray).getByText('Done: 224 of 233 · 9 waiting')).toBeVisible();
  expect(within(tray).getByText('Failed: It has an invoice.')).toBeVisible();
  expect(
    within(tray).getByRole('button', { name: '1 task done, 3 waiting, 1 failed' }),
  ).toBeVisible();
});
