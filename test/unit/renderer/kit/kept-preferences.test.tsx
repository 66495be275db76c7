import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { formerStorageName, usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

type Values = CallOutput<'preferences.get'>;

const view = (id: string, name: string) => ({
  ...{ id, name, connectionId: null, page: 'users', query: '?state=disabled', table: 'users' },
  layout: { order: [], widths: { email: 300 }, visible: {} },
});

/** A cluster whose core keeps preferences, and tells of each change as core does. */
function keepingCluster(kept: Values = {}) {
  const core = fakeCluster();
  const values: Values = { ...kept };
  const change = (changes: Values) => {
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) delete values[key];
      else values[key] = value;
    }
    core.emit({ name: 'preferences.changed', payload: { changes } });
  };
  core
    .on('preferences.get', () => ({ ...values }))
    .on('preferences.set', ({ changes }) => {
      change(changes as Values);
      return null;
    });
  return { core, values, change };
}

test('saved views and columns come from core, wherever the window is served from', async () => {
  const { core, values } = keepingCluster();
  const first = renderConsole(core, '/c/rack-7/users');
  await screen.findByRole('heading', { level: 1, name: 'Users' });
  act(() => {
    usePreferences.getState().set({ views: [view('a', 'Disabled ones')] });
    usePreferences.getState().setColumns('rack-7/users', { widths: { email: 400 } });
  });
  await waitFor(() => expect(Object.keys(values)).toContain('columns/rack-7/users'));
  first.unmount();
  localStorage.clear(); // another port is another origin
  renderConsole(keepingCluster(values).core, '/');
  expect(await screen.findByRole('button', { name: 'Disabled ones' })).toBeVisible();
  expect(usePreferences.getState().columns['rack-7/users']?.widths).toEqual({ email: 400 });
});

test('two windows do not lose what the other changed', async () => {
  const { core, values, change } = keepingCluster({ 'views/a': view('a', 'First') });
  renderConsole(core, '/c/rack-7/users');
  await screen.findByRole('button', { name: 'First' });
  act(() => change({ 'views/b': view('b', 'From the other'), railFolded: true }));
  expect(await screen.findByRole('button', { name: 'From the other' })).toBeVisible();
  expect(usePreferences.getState().railFolded).toBe(false); // each window has its own rail
  const { views, set } = usePreferences.getState();
  act(() => set({ views: [...views, view('c', 'Here')] }));
  await waitFor(() => expect(values).toHaveProperty(['views/c']));
  expect(core.inputsOf('preferences.set').at(-1)).toEqual({
    changes: { 'views/c': view('c', 'Here') },
  });
  act(() => change({ 'views/a': null }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'First' })).toBeNull());
  expect(Object.keys(values).filter((key) => key.startsWith('views/'))).toEqual([
    'views/b',
    'views/c',
  ]);
});

test('what an earlier version kept in the window is handed to core once; core’s own wins', async () => {
  const state = {
    ...{ theme: 'dark', clock: 'utc', views: [view('old', 'Of the window')] },
    ...{ columns: { 'rack-7/users': view('', '').layout }, firstStepsDismissed: ['rack-7'] },
  };
  localStorage.setItem(formerStorageName, JSON.stringify({ state, version: 1 }));
  const { core, values } = keepingCluster({ clock: 'local', 'views/a': view('a', 'Of core') });
  renderConsole(core, '/c/rack-7/users');
  expect(await screen.findByRole('button', { name: 'Of the window' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Of core' })).toBeVisible();
  await waitFor(() => expect(localStorage.getItem(formerStorageName)).toBeNull());
  expect(values).toMatchObject({ theme: 'dark', clock: 'local', 'views/old': state.views[0] });
  expect(values).toHaveProperty(['firstStepsDismissed/rack-7'], true);
  expect(usePreferences.getState().clock).toBe('local');
});

test('the window’s own copy holds the look of the first frame, and sets the former state aside', async () => {
  const former = JSON.stringify({
    state: { theme: 'dark', views: [view('old', 'Of the window')] },
    version: 1,
  });
  localStorage.setItem('ostor-console.preferences', former);
  vi.resetModules();
  const again = await import('#renderer/kit/stores/preferences.ts');
  expect(again.usePreferences.getState()).toMatchObject({ theme: 'dark', views: [] });
  again.usePreferences.getState().set({ clock: 'utc' });
  expect(localStorage.getItem(formerStorageName)).toBe(former);
  const copy = localStorage.getItem('ostor-console.preferences');
  expect(copy).toContain('"theme":"dark"');
  expect(copy).not.toContain('Of the window');
});
