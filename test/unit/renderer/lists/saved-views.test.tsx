import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { usePreferences } from '#renderer/kit/stores/preferences.ts';
import { fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../render-console.tsx';

afterEach(() => usePreferences.setState({ views: [], columns: {} }));

async function save(name: string, everywhere: boolean): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: 'Views' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Save this view' }));
  const dialog = await screen.findByRole('dialog', { name: 'Save view' });
  await userEvent.type(within(dialog).getByLabelText('Name'), name);
  if (everywhere) await userEvent.click(within(dialog).getByRole('checkbox'));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save view' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

test('a view brings back filters, sort and columns, from the rail', async () => {
  const layout = { order: [], widths: { email: 300 }, visible: { userId: false } };
  const view = renderConsole(fakeCluster(), '/c/rack-7/users?state=disabled&sort=-currentBytes');
  act(() => usePreferences.setState({ columns: { 'rack-7/users': layout } }));
  await save('Disabled, largest first', false);
  expect(usePreferences.getState().views).toMatchObject([
    { name: 'Disabled, largest first', connectionId: 'rack-7', page: 'users', table: 'users' },
  ]);
  act(() => usePreferences.setState({ columns: {} }));
  const rail = screen.getByRole('navigation', { name: 'Pages' });
  await userEvent.click(within(rail).getByRole('link', { name: 'Buckets' }));
  await userEvent.click(within(rail).getByRole('button', { name: 'Disabled, largest first' }));
  expect(view.address()).toBe('/c/rack-7/users?state=disabled&sort=-currentBytes');
  expect(usePreferences.getState().columns['rack-7/users']).toEqual(layout);
  const entry = within(rail).getByRole('button', { name: 'Disabled, largest first' });
  expect(entry).toHaveAttribute('aria-current', 'true');
});

test('a view of one cluster is not offered on another, one of all is; it can be taken away', async () => {
  const core = fakeCluster().on('connections.list', () => [
    fakeConnection(),
    fakeConnection({ id: 'bench', name: 'Bench' }),
  ]);
  const first = renderConsole(core, '/c/rack-7/users?state=disabled');
  await save('Here', false);
  await save('Everywhere', true);
  const { views } = usePreferences.getState();
  first.unmount();
  renderConsole(core, '/c/bench/users');
  act(() => usePreferences.setState({ views }));
  await userEvent.click(await screen.findByRole('button', { name: 'Everywhere' }));
  expect(screen.queryByRole('button', { name: 'Here' })).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: 'Views' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: /Remove “Everywhere”/ }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Everywhere' })).toBeNull());
});
