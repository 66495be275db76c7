import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterPages } from '#renderer/app/pages.ts';
import { palette } from '#renderer/app/palette.tsx';
import { targetVerbs } from '#renderer/app/palette-targets.tsx';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { operationNames } from '#shared/contract/operations.ts';
import { fakeBucket, fakeCluster, fakeConnection, fakeUser } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../render-console.tsx';
import { offered, openPalette, type } from './palette-field.ts';

beforeEach(() => usePreferences.setState({ recent: [], theme: 'auto' }));
afterEach(() => act(() => palette.close()));

const offers = (name: string): boolean => offered().some((one) => one.includes(name));

test('has every page, and every part of a page that is not of one thing', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/overview');
  await openPalette();
  for (const { label, further = [] } of clusterPages) {
    expect(offered()).toContain(label);
    for (const part of further) {
      expect(part.label === undefined).toBe(part.path.includes(':'));
      if (part.label !== undefined) expect(offered()).toContain(part.label);
    }
  }
});

test('keeps the focus that what closes meanwhile gives back to its button', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/overview');
  const refresh = await screen.findByRole('button', { name: 'Refresh' });
  const field = await openPalette();
  act(() => refresh.focus());
  expect(field).toHaveFocus();
  act(() => palette.close());
  await waitFor(() => expect(field).not.toBeInTheDocument());
  act(() => refresh.focus());
  expect(refresh).toHaveFocus();
});

test('has a verb for every operation', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/overview');
  await openPalette();
  const verbs = targetVerbs.map(({ id }) => id.replace(/^[a-z]+-/, ''));
  expect(offered()).toContain('Create user');
  // a form that sets a quota or limits clears them too
  const elsewhere = ['users.create', 'quotas.clear', 'limits.clear'];
  for (const name of operationNames) {
    if (!elsewhere.includes(name)) expect(verbs).toContain(name);
  }
});

test.each([
  ['locked', undefined, ['Unlock changes for 15 minutes']],
  ['unlocked', new Date(Date.now() + 600_000).toISOString(), ['Lock changes now']],
])('locks and refreshes: production that is %s', async (_, unlockedUntil, expected) => {
  const production = fakeConnection({ environment: 'production' });
  renderConsole(
    fakeCluster(20, unlockedUntil === undefined ? production : { ...production, unlockedUntil }),
    '/c/rack-7/overview',
  );
  await openPalette();
  const locks = ['Unlock changes for 15 minutes', 'Lock changes now'];
  expect(offered().filter((label) => locks.includes(label))).toEqual(expected);
  expect(offered()).toContain('Refresh all clusters');
  expect(offered()).toContain('Lock the console');
});

test('does to the open item first what the words say', async () => {
  renderConsole(fakeOperations(), '/c/rack-7/users/0000000000000003');
  await screen.findByRole('button', { name: 'Disable user' });
  const field = await openPalette();
  expect(offered()[0]).toMatch(/^Disable user .*@/);
  type(field, 'quota');
  await waitFor(() => expect(offered()[0]).toMatch(/^Set quota of user .*@/));
  type(field, 'user-000003@');
  await waitFor(() => expect(offered()[0]).toMatch(/^user-000003@/));
  type(field, 'create user');
  await waitFor(() => expect(offered()[0]).toBe('Create user'));
  type(field, 'suspend');
  await waitFor(() => expect(offered()[0]).toMatch(/^Disable user .*@/));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await screen.findByRole('dialog', { name: 'Disable user' });
});

test('asks for the target of a verb that has none, and finds it', async () => {
  const core = fakeCluster();
  renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'suspend');
  await waitFor(() => expect(offered()[0]).toBe('Disable user …'));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(field).toHaveValue('Disable user '));
  type(field, 'Disable user user-000');
  await waitFor(() => expect(offered()[0]).toMatch(/^Disable user .*@/));
});

test('says who owns an access key', async () => {
  const core = fakeCluster().on('sync.find', ({ search }) => ({
    ...{ users: [], buckets: [], accounts: [] },
    keys: [
      {
        accessKeyId: `${search}XYZ`,
        ownerId: '0000000000000007',
        ownerEmail: 'owner@acme.example',
        ownerState: 'enabled',
        accountName: null,
        pairs: 1,
        firstSeen: '2026-09-01T00:00:00.000Z',
        asOf: '2026-09-01T00:00:00.000Z',
      },
    ],
  }));
  const view = renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'who owns 0000a1');
  const group = await screen.findByText('0000a1XYZ', { exact: false });
  expect(group.closest('[data-action]')).toHaveTextContent('of owner@acme.example');
  fireEvent.click(group);
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/users/0000000000000007'));
});

test('says who owns an account, with keys or without, and deletes the one of that owner', async () => {
  const owners = ['0000000000000007', '0000000000000008'];
  const core = fakeOperations().on('sync.find', ({ search }) => ({
    ...{ users: [], buckets: [], keys: [] },
    accounts: search.startsWith('upl')
      ? owners.map((ownerId, index) => ({
          ...{ name: 'uploader', ownerId, ownerEmail: `owner-${index}@acme.example`, keys: index },
        }))
      : [],
  }));
  const view = renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  const entryOf = (label: string, owner: string) =>
    [...document.querySelectorAll('[data-action]')].find(
      ({ textContent: text }) => text?.startsWith(label) && text.includes(owner),
    );
  type(field, 'who owns uploader');
  await waitFor(() => expect(entryOf('uploader', 'of owner-0@acme.example')).toBeDefined());
  fireEvent.click(entryOf('uploader', 'owner-1@') as Element);
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/users/0000000000000008'));
  await waitFor(() => expect(field.isConnected).toBe(false));
  type(await openPalette(), 'delete account uploader');
  await waitFor(() => expect(entryOf('Delete account uploader', 'owner-1@')).toBeDefined());
  fireEvent.click(entryOf('Delete account uploader', 'owner-0@') as Element);
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)).toMatchObject({
      operation: 'accounts.remove',
      input: { userId: owners[0], accountName: 'uploader' },
    }),
  );
});

test('opens on a layout without Latin letters, and begins with what was done last', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'dark theme');
  await waitFor(() => expect(offered()).toEqual(['Dark theme']));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  expect(usePreferences.getState().theme).toBe('dark');
  act(() => usePreferences.setState({ theme: 'auto' }));
  await waitFor(() => expect(screen.queryByLabelText('Search everything')).toBeNull());
  fireEvent.keyDown(document.body, { key: 'л', code: 'KeyK', ctrlKey: true });
  await screen.findByRole('textbox', { name: 'Search everything' });
  expect(offered()[0]).toBe('Dark theme');
  palette.close();
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  expect(screen.getByRole('textbox', { name: 'Search everything' })).toBeVisible();
});

test('what was found stays on offer while more words are asked about, and Enter opens it', async () => {
  let answer = (): void => undefined;
  const held = new Promise<void>((done) => {
    answer = done;
  });
  const plain = fakeCluster();
  const core = fakeCluster().on('sync.find', async (input) => {
    if (input.search.length > 'user-000003@'.length) await held;
    const found = await plain.call('sync.find', input);
    if (!found.ok) throw new Error('no answer');
    return found.value as CallOutput<'sync.find'>;
  });
  const view = renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'user-000003@');
  await waitFor(() => expect(offered()[0]).toMatch(/^user-000003@/));
  const name = 'user-000003@example.com';
  type(field, name);
  await waitFor(() => expect(core.inputsOf('sync.find').at(-1)?.search).toBe(name));
  expect(offered()[0]).toMatch(/^user-000003@/);
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/users/0000000000000003'));
  answer();
});

test('Enter before the search has answered opens what it finds, not a button that the words are in', async () => {
  const { promise: held, resolve: answer } = Promise.withResolvers<void>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const found = fakeCluster();
  const core = fakeOperations().on('sync.find', async (input) => {
    ask();
    await held;
    const answered = await found.call('sync.find', input);
    if (!answered.ok) throw new Error('no answer');
    return answered.value as CallOutput<'sync.find'>;
  });
  const view = renderConsole(core, '/c/rack-7/users/0000000000000003');
  const button = (await screen.findAllByRole('button', { name: /^Quota and limits of / }))[0];
  const bucket = button?.getAttribute('aria-label')?.replace('Quota and limits of ', '') ?? '';
  const field = await openPalette();
  type(field, bucket);
  expect(offered()[0]).toBe(`Quota and limits of ${bucket}`);
  // Enter that ends a composition is the input method's
  fireEvent.compositionStart(field);
  expect(fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', isComposing: true })).toBe(true);
  fireEvent.compositionEnd(field);
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await asked;
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  expect(button?.getAttribute('aria-expanded')).toBe('false');
  answer();
  await waitFor(() => expect(view.address()).toBe(`/c/rack-7/buckets/${bucket}`));
});

test('an Enter that waits for the search is forgotten at the next letter and by closing', async () => {
  const { promise: held, resolve: answer } = Promise.withResolvers<void>();
  const core = fakeOperations().on('sync.find', async () => {
    await held;
    return { users: [], buckets: [], accounts: [], keys: [] };
  });
  const view = renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'jornal');
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  type(field, 'jornall');
  answer();
  await waitFor(() => expect(core.inputsOf('sync.find').at(-1)?.search).toBe('jornall'));
  fireEvent.keyDown(field, { key: 'Escape', code: 'Escape' });
  await waitFor(() => expect(field.isConnected).toBe(false));
  await openPalette();
  expect(view.address()).toBe('/c/rack-7/overview');
});

test('on a page of no cluster, finds users of every cluster and names it, and does nothing to one', async () => {
  const bench = fakeConnection({ id: 'bench', name: 'Bench' });
  const rack = fakeConnection();
  const onRack = fakeCluster(20, rack);
  const core = fakeCluster(20, rack)
    .on('connections.list', () => [rack, bench])
    .on('sync.find', async (input) => {
      const found = await onRack.call('sync.find', input);
      if (!found.ok) throw new Error('no answer');
      const value = found.value as CallOutput<'sync.find'>;
      const users = input.search.startsWith('disable') ? [fakeUser(4)] : value.users;
      const none = { users: [], buckets: [], accounts: [], keys: [] };
      const isThere = input.connectionId === 'bench' || !input.search.includes('@');
      return isThere ? { ...value, users } : none;
    });
  const view = renderConsole(core, '/settings');
  const field = await openPalette();
  expect(offered()).not.toContain('Create user');
  type(field, 'user-000003@');
  const found = await screen.findByText(/^Bench · /);
  expect(offered()[0]).toMatch(/^user-000003@/);
  expect(core.inputsOf('sync.find').map(({ connectionId }) => connectionId)).toEqual([
    'rack-7',
    'bench',
  ]);
  type(field, 'disable user user-000003');
  // what is found for the words, and with it what would be found for the user in them
  await waitFor(() => expect(offered().join('\n')).toMatch(/^user-000004@/m));
  expect(offered().filter((label) => label.startsWith('Disable'))).toEqual([]);
  type(field, 'user-000003@');
  fireEvent.click(found.isConnected ? found : await screen.findByText(/^Bench · /));
  await waitFor(() => expect(view.address()).toBe('/c/bench/users/0000000000000003'));
});

test('what is near to the words is offered, and stays while more are typed', async () => {
  const near = { ...fakeBucket(3), name: 'beacon-schools-mail-archive' };
  const asked: string[] = [];
  const core = fakeCluster().on('sync.find', ({ search }) => {
    asked.push(search);
    // the answer to what is typed next never comes
    if (search !== 'becon') return new Promise(() => undefined);
    return { users: [], buckets: [near], accounts: [], keys: [] };
  });
  renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'becon');
  await waitFor(() => expect(offers(near.name)).toBe(true));
  type(field, 'becon mail');
  await waitFor(() => expect(asked).toContain('becon mail'));
  expect(offers(near.name)).toBe(true);
  type(field, 'becon zebra');
  await waitFor(() => expect(asked).toContain('becon zebra'));
  expect(offers(near.name)).toBe(false);
});

test('customers are found by words that are near', async () => {
  const core = fakeCluster().on('customers.find', ({ search }) =>
    search === 'schols becon'
      ? [{ customerId: '7', name: 'Beacon Schools', company: '', email: 'it@beacon.example' }]
      : [],
  );
  const view = renderConsole(core, '/c/rack-7/overview');
  const field = await openPalette();
  type(field, 'schols becon');
  await waitFor(() => expect(offers('Beacon Schools')).toBe(true));
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/customers/7'));
});
