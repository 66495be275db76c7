import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fakeObjectName, fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderConsole } from '../../../render-console.tsx';

type Task = CallOutput<'tasks.list'>[number];

const running: Task = {
  taskId: 'task-1',
  connectionId: 'rack-7',
  kind: 'usage.collect',
  title: 'Collect statistics of Rack 7',
  state: 'running',
  done: 250,
  total: 1000,
  failed: 2,
  startedAt: '2026-11-21T12:00:00.000Z',
  endedAt: null,
  stage: '450 objects/s, 2 s left',
  canPause: true,
  read: false,
};

test('shows progress with rate and remaining time, pauses and cancels', async () => {
  const core = fakeUsage()
    .on('tasks.list', () => [running])
    .on('tasks.pause', () => null)
    .on('tasks.cancel', () => null);
  renderConsole(core, '/c/rack-7/usage/collection');
  const part = await screen.findByRole('region', { name: 'In progress' });
  expect(part).toHaveTextContent('250 of 1,000');
  expect(part).toHaveTextContent('450 objects/s, 2 s left');
  expect(part).toHaveTextContent('2 failed');
  await userEvent.click(within(part).getByRole('button', { name: 'Pause' }));
  await userEvent.click(within(part).getByRole('button', { name: 'Cancel' }));
  expect(core.inputsOf('tasks.pause')).toEqual([{ taskId: 'task-1' }]);
  expect(core.inputsOf('tasks.cancel')).toEqual([{ taskId: 'task-1' }]);
});

test('tells what the last run did', async () => {
  const ended: Task = { ...running, state: 'succeeded', done: 1000, endedAt: running.startedAt };
  const core = fakeUsage()
    .on('tasks.list', () => [ended])
    .on('tasks.get', () => ({
      ...ended,
      result: {
        collected: 990,
        skipped: 8,
        removed: 0,
        removalHeldBack: 'locked',
        failed: 2,
        growing: 5,
        ignored: [],
        listComplete: false,
        failures: [],
        bytes: 1_048_576,
        milliseconds: 2000,
      },
    }));
  renderConsole(core, '/c/rack-7/usage/collection');
  const part = await screen.findByRole('region', { name: 'Last run' });
  expect(await within(part).findByText('990')).toBeVisible();
  expect(part).toHaveTextContent('8, of these 5 still growing');
  expect(part).toHaveTextContent('Could not be read to its end');
  expect(part).toHaveTextContent(/None: the production cluster was locked/);
});

test('says that the gateway tells no time, that clocks differ, and what is read once more', async () => {
  const ended: Task = { ...running, state: 'succeeded', done: 60, endedAt: running.startedAt };
  const core = fakeUsage()
    .on('tasks.list', () => [ended])
    .on('tasks.get', () => ({
      ...ended,
      result: {
        collected: 60,
        skipped: 0,
        removed: 0,
        removalHeldBack: 'no-date',
        failed: 0,
        growing: 0,
        unsettled: 60,
        clock: { dates: 'none', aheadSeconds: null, words: 'No answer of the gateway had a Date.' },
        ignored: [],
        listComplete: true,
        failures: [],
        bytes: 1_048_576,
        milliseconds: 2000,
      },
    }));
  renderConsole(core, '/c/rack-7/usage/collection');
  const part = await screen.findByRole('region', { name: 'Last run' });
  expect(await within(part).findByRole('note')).toHaveTextContent(
    'No answer of the gateway had a Date.',
  );
  expect(part).toHaveTextContent('None: the gateway sent no Date');
  expect(part).toHaveTextContent('60, to be read once more before they are relied on');
});

test('what failed is listed with its reason and tried again alone', async () => {
  const core = fakeUsage()
    .on('usage.failures', () => ({
      total: 1,
      rows: [
        {
          name: fakeObjectName,
          stage: 'read',
          error: {
            code: 'ANSWER_TRUNCATED',
            message: 'The answer ends in the middle.',
            hint: 'Try again.',
            retryable: true,
          },
          attempts: 5,
          failedAt: '2026-11-21T12:00:00.000Z',
        },
      ],
    }))
    .on('usage.retry', () => ({ taskId: 'task-2' }));
  renderConsole(core, '/c/rack-7/usage/collection');
  const grid = await screen.findByRole('grid', { name: 'Objects that failed' });
  expect(await within(grid).findByText('The answer ends in the middle.')).toBeVisible();
  await userEvent.click(within(grid).getByLabelText('Select this row'));
  await userEvent.click(screen.getByRole('button', { name: 'Try 1 again' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.retry')).toEqual([
      { connectionId: 'rack-7', names: [fakeObjectName] },
    ]),
  );
});

test('keeps a schedule', async () => {
  const core = fakeUsage().on('usage.setSchedule', ({ everyMinutes }) => ({
    everyMinutes,
    removeCollected: false,
    removalHeldBack: null,
    lastRunAt: null,
    nextRunAt: '2026-11-21T13:00:00.000Z',
  }));
  renderConsole(core, '/c/rack-7/usage/collection');
  await userEvent.click(
    await screen.findByLabelText('Collect automatically while the console runs'),
  );
  const minutes = screen.getByLabelText('Interval (minutes)');
  await userEvent.clear(minutes);
  await userEvent.type(minutes, '3');
  expect(screen.getByRole('button', { name: 'Save schedule' })).toBeDisabled();
  await userEvent.type(minutes, '0');
  await userEvent.click(screen.getByRole('button', { name: 'Save schedule' }));
  await waitFor(() =>
    expect(core.inputsOf('usage.setSchedule')).toEqual([
      { connectionId: 'rack-7', everyMinutes: 30, removeCollected: false },
    ]),
  );
  expect(await screen.findByText(/Next run/)).toBeVisible();
});

test('collects nothing while the gateway is out of reach, and says why', async () => {
  const core = fakeUsage().on('sync.status', () =>
    fakeStatus({
      state: 'offline',
      error: {
        code: 'CONNECTION_REFUSED',
        message: 'Nothing accepts connections there.',
        hint: 'Check the port.',
        retryable: true,
      },
    }),
  );
  renderConsole(core, '/c/rack-7/usage/collection');
  expect(await screen.findByText(/so nothing can be collected/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Collect now' })).toBeDisabled();
});

test('a read-only connection collects but is not asked to remove', async () => {
  renderConsole(fakeUsage(fakeConnection({ readOnly: true })), '/c/rack-7/usage/collection');
  const part = await screen.findByRole('region', { name: 'Collect now' });
  expect(within(part).getByLabelText(/Delete from the gateway/)).toBeDisabled();
  expect(within(part).getByRole('button', { name: 'Collect now' })).toBeEnabled();
});

test('says that a schedule removes nothing while the cluster is locked', async () => {
  const core = fakeUsage().on('usage.schedule', () => ({
    everyMinutes: 60,
    removeCollected: true,
    removalHeldBack: 'locked',
    lastRunAt: null,
    nextRunAt: '2026-11-21T13:00:00.000Z',
  }));
  renderConsole(core, '/c/rack-7/usage/collection');
  expect(
    await screen.findByText(/deletes nothing while the production cluster is locked/),
  ).toBeVisible();
});
