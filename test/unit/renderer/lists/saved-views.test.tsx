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
  const layout = { order: [], widths: { email: 300 }, visible: { state: false } };
  const view = renderConsole(fakeCluster(), '/c/rack-7/users?state=disabled&sort=-currentBytes');
  act(() => usePreferences.setState({ columns: { 'rack-7/users': layout } }));
  await save('Disabled, largest first', false);
  expect(usePreferences.getState().views).toMatchObject([
    { name: 'Disabled, largest first', connectionId: 'rack-7', page: 'users', table: 'users' },
  ]);
  const own = { order: [], widths: { email: 200 }, visible: {} };
  act(() => usePreferences.setState({ columns: { 'rack-7/users': own } }));
  const rail = screen.getByRole('navigation', { name: 'Pages' });
  await userEvent.click(within(rail).getByRole('link', { name: 'Buckets' }));
  await screen.findByText('bucket-0');
  act(() => usePreferences.getState().set({ railFolded: true }));
  await userEvent.click(within(rail).getByRole('button', { name: 'Disabled, largest first' }));
  const id = usePreferences.getState().views[0]?.id;
  expect(view.address()).toBe(`/c/rack-7/users?state=disabled&sort=-currentBytes&view=${id}`);
  const entry = within(rail).getByRole('button', { name: 'Disabled, largest first' });
  expect(entry).toHaveAttribute('aria-current', 'true');
  await screen.findByRole('columnheader', { name: /^E-mail/ });
  // its columns are the view's as long as it is open; the operator's own are left alone
  await waitFor(() => expect(screen.queryByRole('columnheader', { name: /^State/ })).toBeNull());
  expect(usePreferences.getState().columns).toEqual({ 'rack-7/users': own });
  act(() => usePreferences.getState().set({ railFolded: false }));
  await userEvent.click(within(rail).getByRole('link', { name: 'Users' }));
  await screen.findByRole('columnheader', { name: /^State/ });
  expect(entry).not.toHaveAttribute('aria-current');
});

test('the view that is open takes new filters and columns, and another name', async () => {
  const layout = { order: [], widths: {}, visible: {} };
  const saved = {
    ...{ id: 'v1', name: 'Disabled', connectionId: null, page: 'users', query: 'state=disabled' },
    ...{ table: 'users', layout },
  };
  const view = renderConsole(fakeCluster(), '/c/rack-7/users?state=disabled&view=v1&q=user');
  act(() => usePreferences.setState({ views: [saved] }));
  const changed = { order: [], widths: {}, visible: { userId: false } };
  act(() => usePreferences.getState().setColumns('rack-7/users/view/v1', changed));
  await userEvent.click(await screen.findByRole('button', { name: 'Views' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Update “Disabled”' }));
  expect(usePreferences.getState()).toMatchObject({
    views: [{ ...saved, query: 'state=disabled&q=user', layout: changed }],
    columns: {},
  });
  await userEvent.click(screen.getByRole('button', { name: 'Views' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Rename “Disabled”' }));
  const dialog = await screen.findByRole('dialog', { name: 'Rename view' });
  const name = within(dialog).getByLabelText('Name');
  await userEvent.clear(name);
  await userEvent.type(name, 'Locked out');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Rename view' }));
  await screen.findByRole('button', { name: 'Locked out' });
  expect(view.address()).toContain('view=v1');
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
