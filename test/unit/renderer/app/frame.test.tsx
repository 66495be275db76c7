import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeAsOf, fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fill } from '../fill.ts';
import { renderConsole } from '../render-console.tsx';

test('names the cluster with its environment as a word, and leads to another one', async () => {
  const core = fakeCluster().on('connections.list', () => [
    fakeConnection({ environment: 'production' }),
    fakeConnection({ id: 'bench', name: 'Bench' }),
  ]);
  const view = renderConsole(core, '/c/rack-7/users');
  const switcher = await screen.findByRole('button', { name: /^Rack 7/ });
  expect(within(switcher).getByText('Production')).toBeVisible();
  expect(within(switcher).getByText('s3.rack7.example:8443')).toBeVisible();
  expect(await within(switcher).findByText('Online')).toBeVisible();
  await userEvent.click(switcher);
  await userEvent.click(await screen.findByRole('option', { name: /Bench/ }));
  expect(view.address()).toBe('/c/bench/users');
});

test('opens on the demo cluster, says so and shows the way to one’s own', async () => {
  const demo = fakeConnection({ id: 'demo', name: 'Demo cluster', demo: true });
  const view = renderConsole(fakeCluster(10, demo), '/');
  const banner = await screen.findByRole('region', { name: 'Demo cluster' });
  expect(view.address()).toBe('/c/demo/overview');
  await userEvent.click(within(banner).getByRole('link', { name: 'Add a cluster' }));
  expect(view.address()).toBe('/connections/new');
});

test('opens a cluster that the list does not name yet, and leads to the start for one that is gone', async () => {
  const saved = [fakeConnection()];
  const core = fakeCluster().on('connections.list', () => [...saved]);
  const view = renderConsole(core, '/connections');
  await screen.findByRole('link', { name: 'Rack 7' });
  saved.push(fakeConnection({ id: 'bench', name: 'Bench' })); // the event has not come yet
  await view.goTo('/c/bench/users');
  expect(await screen.findByRole('button', { name: /^Bench/ })).toBeVisible();
  expect(view.address()).toBe('/c/bench/users');
  await view.goTo('/c/nowhere/users');
  await waitFor(() => expect(view.address()).toBe('/c/bench/overview'));
});

test('leads to the start from a cluster that is gone, however its address is come to', async () => {
  const { promise: held, resolve: answer } = Promise.withResolvers<void>();
  let reads = 0;
  const core = fakeCluster().on('connections.list', async () => {
    reads += 1;
    if (reads > 1) await held;
    return [fakeConnection()];
  });
  const view = renderConsole(core, '/settings');
  await screen.findByRole('heading', { level: 1, name: 'Settings' });
  core.emit({ name: 'connections.changed', payload: {} });
  await waitFor(() => expect(reads).toBe(2)); // the list is on its way when the page is left
  await view.goTo('/c/nowhere/users');
  answer();
  await waitFor(() => expect(view.address()).toBe('/c/rack-7/overview'));
});

test('goes to pages by G and a letter, but not while one types', async () => {
  const view = renderConsole(fakeCluster(), '/c/rack-7/overview');
  await screen.findByRole('heading', { level: 1, name: 'Overview' });
  await userEvent.keyboard('gb');
  expect(view.address()).toBe('/c/rack-7/buckets');
  await userEvent.click(await screen.findByRole('textbox', { name: 'Search bucket name' }));
  await userEvent.keyboard('gu');
  expect(view.address()).toContain('/c/rack-7/buckets');
});

test('opens the palette by Ctrl K, from a search field too, but over no dialog', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/users');
  await userEvent.click(await screen.findByRole('textbox', { name: 'Search e-mail or user id' }));
  await userEvent.keyboard('{Control>}k{/Control}');
  expect(await screen.findByRole('textbox', { name: 'Search everything' })).toHaveFocus();
  expect(screen.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  await userEvent.keyboard('{Control>}k{/Control}');
  await waitFor(() => expect(screen.queryByLabelText('Search everything')).toBeNull());
  await userEvent.keyboard('{Escape}?');
  await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  await userEvent.keyboard('{Control>}k{/Control}');
  expect(screen.queryByLabelText('Search everything')).toBeNull();
});

test('lists the shortcuts on ?', async () => {
  renderConsole(fakeCluster(), '/c/rack-7/overview');
  await screen.findByRole('heading', { level: 1, name: 'Overview' });
  await userEvent.keyboard('?');
  const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  expect(within(dialog).getByText('Ctrl K')).toBeVisible();
});

test('asks the gateway once when a cluster comes on screen with old data', async () => {
  const core = fakeCluster().on('sync.status', () => fakeStatus());
  renderConsole(core, '/c/rack-7/users');
  await screen.findByText('user-000000@example.com');
  await screen.findByRole('button', { name: /^Data: / });
  await userEvent.keyboard('gb');
  await screen.findByText('bucket-0');
  expect(core.inputsOf('sync.refresh').length).toBeLessThanOrEqual(1);
});

test('shows running work with its progress until it is read', async () => {
  const task = {
    taskId: 't-1',
    connectionId: 'rack-7',
    kind: 'usage.collect',
    title: 'Collect usage',
    state: 'running' as const,
    done: 1200,
    total: 5000,
    failed: 3,
    startedAt: '2026-11-21T12:03:20.000Z',
    endedAt: null,
    canPause: true,
    read: false,
  };
  const core = fakeCluster()
    .on('tasks.list', () => [task])
    .on('tasks.markRead', () => null);
  renderConsole(core, '/c/rack-7/users');
  const tray = await screen.findByRole('region', { name: 'Tasks' });
  expect(await within(tray).findByText('1,200 of 5,000 · 3 failed')).toBeVisible();
  const ended = { ...task, state: 'succeeded' as const, endedAt: task.startedAt, done: 5000 };
  core.emit({ name: 'task.changed', payload: { task: ended } });
  expect(await within(tray).findByText('Done: 5,000 of 5,000 · 3 failed')).toBeVisible();
  await userEvent.click(within(tray).getByRole('button', { name: 'Dismiss' }));
  expect(core.inputsOf('tasks.markRead')).toEqual([{ taskId: 't-1' }]);
});

test('a changed pin is an alarm on every page, with both fingerprints', async () => {
  const [pinned, shown] = [Array(32).fill('AA').join(':'), Array(32).fill('BB').join(':')];
  const core = fakeCluster().on('connections.list', () => [
    fakeConnection(),
    fakeConnection({ id: 'b', name: 'Basel', pinAlarm: { pinned, shown, at: fakeAsOf } }),
  ]);
  for (const address of ['/c/rack-7/users', '/settings', '/connections']) {
    const view = renderConsole(core, address);
    const alarm = await screen.findByRole('alert');
    expect(alarm).toHaveTextContent('Basel shows another certificate');
    expect(alarm).toHaveTextContent(pinned);
    expect(alarm).toHaveTextContent(shown);
    view.unmount();
  }
});

test('asks for the secret key as soon as a cluster that keeps none is opened', async () => {
  let hasCredential = false;
  const core = fakeCluster();
  core
    .on('connections.list', () => [fakeConnection({ hasCredential, askForSecret: true })])
    .on('connections.enterSecret', () => {
      hasCredential = true;
      core.emit({ name: 'connections.changed', payload: {} });
      return fakeConnection();
    });
  renderConsole(core, '/c/rack-7/users');
  // how it was when it was last asked is not how it is
  expect(await screen.findByText('No secret key')).toBeInTheDocument();
  const dialog = await screen.findByRole('dialog', { name: 'Secret key of Rack 7' });
  await fill(within(dialog).getByLabelText('Secret key'), 'not-a-real-secret');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Enter secret key' }));
  await waitFor(() => expect(core.inputsOf('sync.refresh')).toHaveLength(1));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(screen.queryByText('No secret key')).toBeNull();
});

test.each([
  ['night.ostorplan', '/c/rack-7/changes/plan'],
  ['limits.csv', '/c/rack-7/changes/new'],
])('opens %s that is dropped on the window on the page for it', async (name, address) => {
  const view = renderConsole(fakeCluster(), '/c/rack-7/users');
  await screen.findByRole('heading', { level: 1, name: 'Users' });
  const file = new File(['email\n'], name);
  const isKept = fireEvent.drop(window, { dataTransfer: { files: [file], types: ['Files'] } });
  expect(isKept).toBe(false); // else the browser would show the file in the console's place
  await waitFor(() => expect(view.address()).toBe(address));
});
