import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { AppError } from '#shared/errors.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

test('says where data and secrets are, and keeps what is selected', async () => {
  const core = fakeCluster().on('app.info', () => ({
    version: '0.1.0',
    shell: 'web',
    secretStore: 'memory',
    secretStoreReason: 'There is no keychain in this session.',
    dataDir: '/home/operator/console',
    notices: [],
    policy: null,
  }));
  renderConsole(core, '/settings');
  expect(await screen.findByText('/home/operator/console')).toBeVisible();
  expect(screen.getByText('In memory, until the console closes')).toBeVisible();
  expect(screen.getByText('There is no keychain in this session.')).toBeVisible();
  await userEvent.click(screen.getByText('Dark'));
  await userEvent.click(screen.getByText('UTC'));
  expect(usePreferences.getState()).toMatchObject({ theme: 'dark', clock: 'utc' });
  expect(localStorage.getItem('ostor-console.preferences')).toContain('"theme":"dark"');
});

test.each([
  [null, 'Off'],
  [1, '1 minute'],
  [2, '2 minutes'],
  [1440, '1,440 minutes'],
])('an interval of %s is said as "%s"', async (everyMinutes, words) => {
  const core = fakeCluster().on('sync.schedule', () => ({
    everyMinutes,
    lastRunAt: null,
    nextRunAt: null,
  }));
  renderConsole(core, '/settings');
  const choice = await screen.findByRole('radiogroup', { name: 'Auto-refresh of Rack 7' });
  expect(within(choice).getByLabelText(words)).toBeChecked();
});

test('sets the schedule of refreshes of a cluster in core', async () => {
  const core = fakeCluster().on('sync.setSchedule', ({ everyMinutes }) => ({
    everyMinutes,
    lastRunAt: null,
    nextRunAt: '2026-11-21T13:00:00.000Z',
  }));
  renderConsole(core, '/settings');
  const choice = await screen.findByRole('radiogroup', { name: 'Auto-refresh of Rack 7' });
  expect(within(choice).getByLabelText('Off')).toBeChecked();
  expect(screen.getByText(/Sizes last sampled/)).toBeVisible();
  await userEvent.click(within(choice).getByText('15 minutes'));
  expect(await within(choice).findByLabelText('15 minutes')).toBeChecked();
  expect(core.inputsOf('sync.setSchedule')).toEqual([{ connectionId: 'rack-7', everyMinutes: 15 }]);
});

test('names what the administrator set, and in which file', async () => {
  const core = fakeCluster().on('app.info', () => ({
    version: '0.1.0',
    shell: 'web',
    secretStore: 'keychain',
    dataDir: '/home/operator/console',
    notices: [],
    policy: {
      path: '/etc/ostor-console/policy.json',
      organization: 'Example Hosting',
      forbidden: ['plainHttp', 'revealSecrets'],
      idleMinutes: 30,
      connections: 2,
    },
  }));
  renderConsole(core, '/settings');
  const section = within(await screen.findByRole('region', { name: 'Administrator policy' }));
  for (const text of [
    /Set by Example Hosting/,
    '/etc/ostor-console/policy.json',
    '2 connections',
    'Connections over plain http',
    'Revealing secret keys',
    'After 30 minutes at the latest',
  ]) {
    expect(section.getByText(text)).toBeVisible();
  }
  expect(section.queryByText('Adding connections')).toBeNull();
});

test('updates are off until a feed is named, then checked, downloaded and installed on demand', async () => {
  const off = {
    ...{ reason: null, feedUrl: null, setByPolicy: false, state: 'off' as const, version: null },
    ...{ checkedAt: null, error: null, history: [] },
  };
  const feedUrl = 'https://updates.example.com/console/';
  const available = { ...off, feedUrl, state: 'available' as const, version: '9.0.0' };
  const ready = { ...available, state: 'ready' as const };
  const core = fakeCluster()
    .on('app.updates', () => off)
    .on('app.setUpdateFeed', () => ({ ...off, feedUrl, state: 'idle' as const }))
    .on('app.checkForUpdates', () => available)
    .on('app.downloadUpdate', () => ready)
    .on('app.installUpdate', () => {
      throw new AppError({
        code: 'TASK_BUSY',
        message: 'The update waits for work in progress: Refresh Rack 7.',
        hint: 'Install it when the work has ended.',
      });
    });
  renderConsole(core, '/settings');
  const section = within(await screen.findByRole('region', { name: 'Updates' }));
  await fill(await section.findByLabelText('Update feed'), feedUrl);
  expect(section.queryByRole('button', { name: 'Check now' })).toBeNull();
  await userEvent.click(section.getByRole('button', { name: 'Save' }));
  expect(core.inputsOf('app.setUpdateFeed')).toEqual([{ feedUrl }]);
  await userEvent.click(await section.findByRole('button', { name: 'Check now' }));
  expect(await section.findByText('Version 9.0.0 is available')).toBeVisible();
  await userEvent.click(section.getByRole('button', { name: 'Download' }));
  await userEvent.click(await section.findByRole('button', { name: 'Restart and install' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Restart and install' }));
  expect(await dialog.findByText(/waits for work in progress: Refresh Rack 7/)).toBeVisible();
});
