import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { formerStorageName, usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { preferencesContract } from '#shared/contract/preferences.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { fakeCluster } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

type Values = CallOutput<'preferences.get'>;

const view = (id: string, name: string) => ({
  ...{ id, name, connectionId: null, page: 'users', query: '?state=disabled', table: 'users' },
  layout: { order: [], widths: { email: 300 }, visible: {} },
});

const diskFull = new AppError({
  code: 'DISK_FAILED',
  message: 'Saved views and columns could not be written.',
  hint: 'Check that the disk is not full.',
});

/** A cluster whose core keeps preferences, and checks and tells of each change as core does. */
function keepingCluster(kept: Values = {}) {
  const core = fakeCluster();
  const disk = { isFull: false };
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
    .on('preferences.set', (input) => {
      const { success, data } = preferencesContract['preferences.set'].input.safeParse(input);
      if (!success) throw invalidInput('The input is not valid.', 'Correct it.');
      if (disk.isFull) throw diskFull;
      change(data.changes);
      return null;
    });
  return { core, values, change, disk };
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

const leave = (state: object) =>
  localStorage.setItem(formerStorageName, JSON.stringify({ state, version: 1 }));

const isSettled = (core: ReturnType<typeof keepingCluster>, id: string) =>
  waitFor(() => expect(core.values).toHaveProperty([`views/${id}`]));

test('of what an earlier version kept, a value that core refuses holds up no other and is not lost', async () => {
  const many = Array.from({ length: 210 }, (_, index) => view(`v${index}`, `View ${index}`));
  const long = { ...view('long', 'Too long'), query: 'x'.repeat(40_000) };
  const off = view('off the pattern', 'Of an odd key');
  leave({ views: [long, off, ...many] });
  const first = keepingCluster();
  const shown = renderConsole(first.core, '/c/rack-7/users');
  await isSettled(first, 'v209');
  expect(Object.keys(first.values).filter((key) => key.startsWith('views/'))).toHaveLength(210);
  expect(screen.getByRole('button', { name: 'Too long' })).toBeVisible();
  const left = JSON.parse(localStorage.getItem(formerStorageName) ?? 'null');
  expect(left.state.views).toEqual([long, off]);
  // what was handed over and removed since does not come back with the next start
  const { 'views/v0': _removed, ...others } = first.values;
  shown.unmount();
  const next = keepingCluster(others);
  renderConsole(next.core, '/c/rack-7/users');
  expect(await screen.findByRole('button', { name: 'Too long' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'View 0' })).toBeNull();
  const { views, set } = usePreferences.getState();
  act(() =>
    set({ views: views.filter(({ id }) => !id.startsWith('long') && !id.startsWith('off')) }),
  );
  await waitFor(() => expect(localStorage.getItem(formerStorageName)).not.toContain('Too long'));
});

test('what could not be kept stays here, is reported once, and is kept with the next change', async () => {
  leave({ views: [view('old', 'Of the window')] });
  const subject = keepingCluster();
  subject.disk.isFull = true;
  renderConsole(subject.core, '/c/rack-7/users');
  expect(await screen.findByText(diskFull.message)).toBeVisible();
  const { views, set } = usePreferences.getState();
  act(() => set({ views: [...views, view('new', 'Made here')] }));
  await waitFor(() =>
    expect(subject.core.inputsOf('preferences.set').at(-1)?.changes).toHaveProperty(['views/new']),
  );
  act(() => subject.change({ 'views/b': view('b', 'From the other') }));
  expect(await screen.findByRole('button', { name: 'From the other' })).toBeVisible();
  for (const name of ['Of the window', 'Made here']) {
    expect(screen.getByRole('button', { name })).toBeVisible();
  }
  expect(screen.getAllByText(diskFull.message)).toHaveLength(1);
  expect(localStorage.getItem(formerStorageName)).toContain('Of the window');
  subject.disk.isFull = false;
  act(() => set({ density: 'comfortable' }));
  await isSettled(subject, 'old');
  await isSettled(subject, 'new');
  expect(localStorage.getItem(formerStorageName)).toBeNull();
});

test('values that no console wrote are passed over, in the file and in the window’s own copy', async () => {
  const { core } = keepingCluster({
    theme: 'x',
    detailWidth: -5,
    recent: [{ label: 7 }],
    'columns/rack-7/users': { order: null },
    'views/a': { ...view('a', 'Without columns'), layout: null },
    'views/b': view('b', 'Whole'),
    'firstStepsDismissed/rack-7': false,
    unknown: 7,
  });
  renderConsole(core, '/c/rack-7/users');
  expect(await screen.findByRole('button', { name: 'Whole' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Without columns' })).toBeNull();
  const { theme, detailWidth, recent, columns, firstStepsDismissed } = usePreferences.getState();
  expect({ theme, detailWidth, recent }).toEqual({ theme: 'auto', detailWidth: 480, recent: [] });
  expect({ columns, firstStepsDismissed }).toEqual({ columns: {}, firstStepsDismissed: [] });
  const look = { theme: 'x', clock: 'utc', detailWidth: 5000 };
  localStorage.setItem('ostor-console.preferences', JSON.stringify({ state: look, version: 2 }));
  await usePreferences.persist.rehydrate();
  expect(usePreferences.getState()).toMatchObject({
    theme: 'auto',
    clock: 'utc',
    detailWidth: 480,
  });
});
