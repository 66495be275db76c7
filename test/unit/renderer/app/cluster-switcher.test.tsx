import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { onSamePage } from '#renderer/app/cluster-switcher.tsx';
import { byFolder, clustersFor, switcherSections } from '#renderer/kit/components/find-clusters.ts';
import { fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fill } from '../fill.ts';
import { renderConsole } from '../render-console.tsx';

const benches = [1, 2, 12].map((number) =>
  fakeConnection({
    id: `bench-${number}`,
    name: `Lab bench ${number}`,
    endpoint: `https://s3.bench${number}.example`,
  }),
);

test('typing a cluster’s whole name, spaces too, opens that one', async () => {
  const core = fakeCluster().on('connections.list', () => benches);
  const view = renderConsole(core, '/c/bench-1/users');
  await userEvent.click(await screen.findByRole('button', { name: /^Lab bench 1/ }));
  const field = await screen.findByRole('combobox', { name: 'Find a cluster' });
  await fill(field, 'Lab bench 2');
  expect(field).toHaveValue('Lab bench 2');
  expect(view.address()).toContain('/c/bench-1/');
  const entries = within(screen.getByRole('listbox')).getAllByRole('option');
  expect(entries.map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining('Lab bench 2'),
    'Add a cluster',
  ]);
  await userEvent.keyboard('{Enter}');
  expect(view.address()).toBe('/c/bench-2/users');
});

test.each([
  ['/c/bench-1/users', '/c/bench-2/users'],
  ['/c/bench-1/users/0123456789abcdef', '/c/bench-2/users'],
  ['/c/bench-1/usage/storage', '/c/bench-2/usage/storage'],
  ['/c/bench-1/changes/run/7', '/c/bench-2/changes'],
  ['/connections', '/c/bench-2/overview'],
])('another cluster opened from %s is on %s', (from, to) => {
  expect(onSamePage(from, 'bench-2')).toBe(to);
});

test('Ctrl and a digit open that cluster on the page that is open, but not over a dialog', async () => {
  const core = fakeCluster().on('connections.list', () => benches);
  const view = renderConsole(core, '/c/bench-1/buckets');
  await screen.findByRole('button', { name: /^Lab bench 1/ });
  const press = (code: string) => fireEvent.keyDown(document.body, { code, ctrlKey: true });
  expect(press('Digit3')).toBe(false);
  expect(view.address()).toBe('/c/bench-12/buckets');
  expect(press('Digit9')).toBe(true);
  await userEvent.keyboard('?');
  await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  expect(press('Digit1')).toBe(true);
  expect(view.address()).toBe('/c/bench-12/buckets');
});

test('finds clusters by name first, then by host, and says where there is none', async () => {
  const names = (words: string) => clustersFor(words, benches).map(({ name }) => name);
  expect(names('')).toEqual(['Lab bench 1', 'Lab bench 2', 'Lab bench 12']);
  expect(names('lab BENCH 12 ')).toEqual(['Lab bench 12']);
  expect(names('lab bench 1')).toEqual(['Lab bench 1', 'Lab bench 12']);
  expect(names('bench12.example')).toEqual(['Lab bench 12']);
  expect(names('rack')).toEqual([]);
});

test('lists favourites, recent ones and folders, every one of 30 clusters once', () => {
  const many = Array.from({ length: 30 }, (_none, index) =>
    fakeConnection({
      id: `c-${index}`,
      name: `Cluster ${index}`,
      ...(index < 20 ? { group: index % 2 ? 'Zürich' : 'Basel' } : {}),
      ...(index === 4 ? { favourite: true } : {}),
    }),
  );
  const sections = switcherSections(many, ['c-4', 'c-7', 'gone', 'c-25']);
  expect(sections.map(([title, members]) => [title, members.length])).toEqual([
    ['Favourites', 1],
    ['Recent', 2],
    ['Basel', 9],
    ['Zürich', 9],
    ['Clusters', 9],
  ]);
  expect(byFolder(many).map(([folder]) => folder)).toEqual(['Basel', 'Zürich', '']);
  expect(clustersFor('zür', many)).toHaveLength(10);
  expect(clustersFor('rack7', many)).toHaveLength(30); // the host
});
