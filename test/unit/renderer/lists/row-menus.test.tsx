import { Menu } from '@mantine/core';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { ActingCluster } from '#renderer/kit/components/acting-cluster.tsx';
import { useActionsOnScreen } from '#renderer/kit/stores/on-screen.ts';
import type { DataColumn } from '#renderer/lists/table/columns.ts';
import { bucketColumns } from '#renderer/pages/buckets/columns.tsx';
import { campaignColumns } from '#renderer/pages/campaigns/campaign-columns.tsx';
import { runColumns } from '#renderer/pages/changes/run-columns.tsx';
import { customerListColumns } from '#renderer/pages/customers/customers-page.tsx';
import { everyColumns, journalColumns } from '#renderer/pages/journal/columns.tsx';
import { keyColumns } from '#renderer/pages/keys/keys-page.tsx';
import { gridColumns } from '#renderer/pages/limits/columns.tsx';
import { pressureColumns } from '#renderer/pages/limits/pressure-columns.tsx';
import { reportColumns } from '#renderer/pages/usage/traffic/report-columns.tsx';
import { fakeRunRow } from '#test/fakes/fake-bulk.ts';
import { fakeBucket, fakeCluster, fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole, renderPart } from '../render-console.tsx';

afterEach(() => vi.restoreAllMocks());

/** The menu of a row, opened; and what offers the same in the command palette. */
interface MenuParts {
  menu: ReactNode;
  offer: ReactNode;
}

function menuOf<Row>(columns: readonly DataColumn<Row>[], row: unknown): MenuParts {
  const column = columns.find(({ menu }) => menu);
  return { menu: column?.menu?.(row as Row), offer: column?.offer?.(row as Row) };
}

const user = { kind: 'user', id: '0a', name: 'jo@b.de', raised: null };
const key = { accessKeyId: 'AK1', ownerId: '0a', ownerEmail: 'jo@b.de', accountName: 'backup' };
const customer = {
  ...{ customerId: '7', name: 'Acme', company: '', email: 'a@b.de', externalId: '3' },
  users: [{ connectionId: 'other', userId: '0b', email: 'jo@b.de' }],
};
const campaignKey = {
  ...{ userId: '0a', email: 'jo@b.de', accountName: null, state: 'todo' },
  ...{ oldAccessKeyId: 'AK1', newAccessKeyId: null },
};
const entry = {
  ...{ journalId: 'j1', runId: null, title: 'Set quota', requestId: 'r1', ticket: null },
  target: { kind: 'bucket', id: 'logs', name: 'logs' },
};
const run = { ...entry, runId: 'run1', run: { title: 'Raise', entries: 2, results: {} } };

/** The list, the menu of one row, what it opens next to itself, and where another window goes. */
const lists: [list: string, menu: () => MenuParts, opens: string[], path: string][] = [
  ['Keys', () => menuOf(keyColumns, key), ['Open owner'], 'keys?q=AK1&open=0a+backup+AK1'],
  ['Buckets', () => menuOf(bucketColumns, fakeBucket(1)), ['Open owner'], 'buckets/bucket-1'],
  [
    'Limits & quotas of users',
    () => menuOf(gridColumns('user'), user),
    ['Show buckets', 'Show keys'],
    'users/0a',
  ],
  ['Pressure of buckets', () => menuOf(pressureColumns('bucket'), user), [], 'users/0a'],
  ['Customers', () => menuOf(customerListColumns, customer), ['Open user jo@b.de'], 'customers/7'],
  [
    'keys of a campaign',
    () => menuOf(campaignColumns('c1', true), campaignKey),
    ['Open owner'],
    'users/0a',
  ],
  ['Journal', () => menuOf(journalColumns, entry), ['Open target'], 'journal?open=j1'],
  ['runs in the journal', () => menuOf(journalColumns, run), ['Open run'], 'changes/run/run1'],
  [
    'rows of a run',
    () => menuOf(runColumns, { ...fakeRunRow(1), journalId: 'j1', target: entry.target }),
    ['Open target', 'Open journal entry'],
    'buckets/logs',
  ],
  [
    'usage by bucket',
    () =>
      menuOf(reportColumns('bucket', 1n, 1n, null), { bucket: 'logs', userId: null, email: null }),
    ['Open bucket'],
    'buckets/logs',
  ],
];

test.each(lists)(
  '%s: the menu of a row begins with what only reads',
  async (_, menu, opens, path) => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null);
    const part = (
      <ActingCluster connection={fakeConnection()}>
        <Menu opened>
          <Menu.Target>
            <button type="button">Menu</button>
          </Menu.Target>
          <Menu.Dropdown>{menu().menu}</Menu.Dropdown>
        </Menu>
      </ActingCluster>
    );
    renderPart(fakeCluster(), part);
    const items = (await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent);
    const reading = items.slice(0, items.indexOf('Open in new window'));
    expect(reading[0]).toBe('Copy as');
    for (const words of opens) expect(reading).toContain(words);
    await userEvent.click(screen.getByRole('menuitem', { name: 'Open in new window' }));
    const [address] = opened.mock.calls[0] ?? [];
    expect(String(address).split('#')[1]).toBe(`/c/rack-7/${path}`);
  },
);

/** What the palette is offered for the row, by what it is called. */
function Offered() {
  return useActionsOnScreen().map(({ id, label, reason, start }) => (
    <button key={id} type="button" disabled={reason !== null} onClick={start}>
      {`Palette: ${label}`}
    </button>
  ));
}

test.each(lists)(
  '%s: the command palette offers all that the menu of the row does',
  async (_, menu, __, path) => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null);
    const part = (
      <ActingCluster connection={fakeConnection()}>
        <Menu opened>
          <Menu.Dropdown>{menu().menu}</Menu.Dropdown>
        </Menu>
        {menu().offer}
        <Offered />
      </ActingCluster>
    );
    renderPart(fakeCluster(), part);
    const items = (await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent);
    const offers = (await screen.findAllByRole('button', { name: /^Palette: / })).map(
      ({ textContent }) => textContent.replace('Palette: ', ''),
    );
    for (const item of items) {
      const words = item === 'Copy as' ? 'Copy as JSON' : item;
      expect(offers.filter((one) => one.startsWith(words))).not.toEqual([]);
    }
    await userEvent.click(screen.getByRole('button', { name: /^Palette: Open in new window · / }));
    expect(String(opened.mock.calls[0]?.[0]).split('#')[1]).toBe(`/c/rack-7/${path}`);
  },
);

test('the palette acts on the row that keys act on', async () => {
  renderConsole(fakeOperations(), '/c/rack-7/users');
  await screen.findByText('user-000002@example.com');
  screen.getByRole('grid').focus();
  await userEvent.keyboard('jj');
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  const field = await screen.findByRole('textbox', { name: 'Search everything' });
  const first = () => document.querySelector('[data-action][data-selected]') as Element;
  fireEvent.change(field, { target: { value: 'copy as json' } });
  await waitFor(() => expect(first()).toHaveTextContent('Copy as JSON · user-000002@example.com'));
  fireEvent.change(field, { target: { value: 'disable user-000002' } });
  await waitFor(() => expect(first()).toHaveTextContent('Disable user user-000002@example.com'));
  fireEvent.click(first());
  const dialog = await screen.findByRole('dialog', { name: 'Disable user' });
  expect(dialog).toHaveTextContent('0000000000000002'); // its id, before the preview is read
});

test('a row of the journals of all clusters opens on its own cluster', async () => {
  const opened = vi.spyOn(window, 'open').mockReturnValue(null);
  renderPart(
    fakeCluster(),
    <ActingCluster connection={fakeConnection()}>
      <Menu opened>
        <Menu.Dropdown>
          {menuOf(everyColumns, { ...entry, connectionId: 'other' }).menu}
        </Menu.Dropdown>
      </Menu>
    </ActingCluster>,
  );
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Open in new window' }));
  expect(opened.mock.calls[0]?.[0]).toMatch(/#\/c\/other\/journal\?open=j1$/);
  expect(screen.queryByRole('menuitem', { name: 'Reverse' })).toBeNull();
});

test('the menu of a customer begins its cancellation, where users of it are on a cluster', async () => {
  const menus = [customer, { ...customer, users: [] }].map((row, index) => (
    <ActingCluster key={index === 0 ? 'some' : 'none'} connection={fakeConnection()}>
      <Menu opened>
        <Menu.Dropdown>{menuOf(customerListColumns, row).menu}</Menu.Dropdown>
      </Menu>
    </ActingCluster>
  ));
  renderPart(fakeCluster(), menus);
  const entries = await screen.findAllByRole('menuitem', { name: 'Cancel customer' });
  expect(entries).toHaveLength(1);
});
