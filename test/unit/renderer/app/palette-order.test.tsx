import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { palette } from '#renderer/app/palette.tsx';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { fakeAsOf, fakeBucket, fakeCluster, fakeUser } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../render-console.tsx';
import { offered, openPalette, type } from './palette-field.ts';

beforeEach(() => usePreferences.setState({ recent: [] }));
afterEach(() => act(() => palette.close()));

/** A cluster on which a search finds one bucket, by some words alone. */
function withBucket(core: ReturnType<typeof fakeCluster>, name: string, words: RegExp) {
  return core.on('sync.find', ({ search }) => {
    const buckets = words.test(search) ? [{ ...fakeBucket(3), name }] : [];
    return { users: [], buckets, accounts: [], keys: [] };
  });
}

test('does to a key of the open user what the words say, after what is done to the user', async () => {
  const key = 'AKIAOFTHEOPENUSER123';
  const core = fakeOperations().on('users.get', () => ({
    ...{ ...fakeUser(3), keys: [{ accessKeyId: key }] },
    accounts: [{ name: 'backup', keys: [] }],
    ...{ keysAsOf: fakeAsOf, asOf: fakeAsOf, source: 'gateway' },
  }));
  renderConsole(core, '/c/rack-7/users/0000000000000003');
  await screen.findByRole('button', { name: `Actions on key ${key}` });
  const field = await openPalette();
  expect(offered()[0]).toMatch(/^Disable user .*@/);
  type(field, 'delete account');
  await waitFor(() => expect(offered()[0]).toBe('Delete account backup'));
  type(field, 'revoke');
  await waitFor(() => expect(offered()[0]).toBe(`Revoke access key ${key}`));
  type(field, 'reset key');
  await waitFor(() => expect(offered()[0]).toBe(`Rotate access key ${key}`));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)).toMatchObject({
      operation: 'keys.rotate',
      input: { accessKeyId: key },
    }),
  );
});

test('a button comes first where it is called what is typed, a name where it is not', async () => {
  renderConsole(withBucket(fakeCluster(), 'copper-exports', /^exp/), '/c/rack-7/users');
  await screen.findByRole('button', { name: 'Views' });
  const field = await openPalette();
  expect(offered()[0]).toBe('Create user');
  const place = (name: string) => offered().findIndex((label) => label.startsWith(name));
  type(field, 'expor');
  await waitFor(() => expect(place('copper-exports')).toBeGreaterThan(-1));
  expect(place('Export')).toBeGreaterThan(place('copper-exports'));
  type(field, 'export');
  await waitFor(() => expect(offered()[0]).toMatch(/^Export/));
  expect(place('copper-exports')).toBeGreaterThan(0);
  type(field, 'save view');
  await waitFor(() => expect(offered()[0]).toBe('Save this view'));
});

test('narrows the list on screen by what a filter offers', async () => {
  const view = renderConsole(withBucket(fakeCluster(), 'b', /^b$/), '/c/rack-7/users?buckets=some');
  await screen.findByRole('button', { name: 'Filter' });
  const field = await openPalette();
  type(field, 'over quota');
  await waitFor(() => expect(offered()[0]).toBe('Filter by Quota: over quota'));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/users?buckets=some&quota=over'));
});

test('finds by letters in their order what nothing is called', async () => {
  renderConsole(withBucket(fakeCluster(), 'bckts', /^bckts$/), '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'jrnl');
  await waitFor(() => expect(offered()[0]).toBe('Journal'));
  type(field, 'bckts');
  await waitFor(() => expect(offered()[0]).toMatch(/^bckts/));
  expect(offered()).not.toContain('Buckets');
});
