import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { usePreferences } from '../../../../../src/renderer/stores/preferences.ts';
import { renderConsole } from '../../render-console.tsx';

test('says where data and secrets lie, and keeps what is chosen', async () => {
  const core = fakeCluster().on('app.info', () => ({
    version: '0.1.0',
    shell: 'web',
    secretStore: 'memory',
    secretStoreReason: 'There is no keychain in this session.',
    dataDir: '/home/operator/console',
    notices: [],
  }));
  renderConsole(core, '/settings');
  expect(await screen.findByText('/home/operator/console')).toBeVisible();
  expect(screen.getByText('In memory, until the console closes')).toBeVisible();
  expect(screen.getByText('There is no keychain in this session.')).toBeVisible();
  await userEvent.click(screen.getByText('Dark'));
  await userEvent.click(screen.getByText('UTC'));
  expect(usePreferences.getState().autoRefresh).toBe('off');
  await userEvent.click(screen.getByText('15 minutes'));
  expect(usePreferences.getState()).toMatchObject({
    theme: 'dark',
    clock: 'utc',
    autoRefresh: '15',
  });
  expect(localStorage.getItem('ostor-console.preferences')).toContain('"theme":"dark"');
});
