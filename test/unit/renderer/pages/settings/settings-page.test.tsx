import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

test('says where data and secrets lie, and keeps what is chosen', async () => {
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
