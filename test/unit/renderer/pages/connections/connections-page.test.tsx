import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fill } from '../../fill.ts';
import { renderConsole } from '../../render-console.tsx';

const reason = 'The keychain is locked, or has no keyring to keep secrets in.';

test('says why a secret is only in memory, and tries the keychain again', async () => {
  let store: Pick<CallOutput<'app.info'>, 'secretStore' | 'secretStoreReason'> = {
    secretStore: 'memory',
    secretStoreReason: reason,
  };
  const core = fakeCluster();
  core
    .on('app.info', () => ({
      ...{ version: '0', shell: 'web', dataDir: '/d', notices: [], policy: null },
      ...store,
    }))
    .on('connections.list', () => [fakeConnection({ credentialStore: store.secretStore })])
    .on('app.retryKeychain', () => {
      core.emit({ name: 'connections.changed', payload: {} });
      return store;
    });
  renderConsole(core, '/connections');
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  expect(row).toHaveTextContent('In memory');
  expect(await screen.findByText(reason, { exact: false })).toBeVisible();
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Try the keychain again' }));
  expect(await screen.findByText('The keychain still can’t be used')).toBeVisible();
  store = { secretStore: 'keychain' };
  await user.click(screen.getByRole('button', { name: 'Try the keychain again' }));
  expect(await within(row).findByText('In the keychain')).toBeVisible();
  expect(screen.queryByRole('button', { name: /keychain again/ })).toBeNull();
});

test('asks for a vanished secret alone, and keeps everything else', async () => {
  let hasCredential = false;
  const core = fakeCluster();
  core
    .on('connections.list', () => [fakeConnection({ hasCredential })])
    .on('connections.enterSecret', () => {
      hasCredential = true;
      core.emit({ name: 'connections.changed', payload: {} });
      return fakeConnection();
    });
  renderConsole(core, '/connections');
  const user = userEvent.setup();
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  await user.click(within(row).getByRole('button', { name: 'Enter it' }));
  const dialog = await screen.findByRole('dialog', { name: 'Secret key of Rack 7' });
  await fill(within(dialog).getByLabelText('Secret key'), 'not-a-real-secret');
  await user.click(within(dialog).getByRole('button', { name: 'Enter secret key' }));
  expect(await within(row).findByText('In the keychain')).toBeVisible();
  expect(core.inputsOf('connections.enterSecret')).toEqual([
    { id: 'rack-7', secretKey: 'not-a-real-secret' },
  ]);
  expect(document.body.innerHTML).not.toContain('not-a-real-secret');
});

test.each([
  ['never', 'Not asked yet'],
  ['online', 'Online'],
  ['failing', 'Gateway errors'],
  ['offline', 'Offline'],
] as const)(
  'a cluster that is %s says "%s" and nothing else, with data or without',
  async (state, words) => {
    const said = ['Not asked yet', 'Online', 'Gateway errors', 'Offline'];
    const core = fakeCluster().on('sync.status', () => fakeStatus({ state, asOf: null, users: 0 }));
    renderConsole(core, '/connections');
    const row = await screen.findByRole('row', { name: /Rack 7/ });
    expect(await within(row).findByText(words)).toBeVisible();
    for (const other of said) if (other !== words) expect(row).not.toHaveTextContent(other);
    expect(row).toHaveTextContent('no data');
  },
);

test('the demo’s secret belongs in memory', async () => {
  const core = fakeCluster(5, fakeConnection({ demo: true, credentialStore: 'memory' }));
  renderConsole(core, '/connections');
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  expect(row).toHaveTextContent('In memory');
  expect(screen.queryByRole('button', { name: /keychain again/ })).toBeNull();
});

test('offers the archive of a lost connection', async () => {
  const orphan = {
    id: 'rack-8-0a1b2c3d',
    path: '/d/connections/rack-8-0a1b2c3d',
    bytes: 4096,
    objects: 20,
    journalEntries: 2,
    connection: { name: 'Rack 8', endpoint: 'https://s3.example.com', accessKeyId: 'A' },
  };
  const core = fakeCluster()
    .on('connections.orphans', () => [orphan])
    .on('connections.recover', () => fakeConnection());
  renderConsole(core, '/connections');
  await userEvent.click(await screen.findByRole('button', { name: 'Restore connection Rack 8' }));
  expect(core.inputsOf('connections.recover')).toEqual([{ id: orphan.id }]);
});

test('says of a cluster over plain http, for as long as it is, that all travels in clear', async () => {
  const core = fakeCluster().on('connections.list', () => [
    fakeConnection({ endpoint: 'http://s3.site.example' }),
  ]);
  renderConsole(core, '/connections');
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  expect(within(row).getByText('Plain http')).toBeVisible();
});

const more = async (item: string) => {
  await userEvent.click(await screen.findByRole('button', { name: 'More for all connections' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: item }));
};

test('exports connections only with a passphrase that was typed twice alike', async () => {
  const core = fakeCluster().on('connections.export', () => ({
    fileName: 'connections.ostorconnections',
    mediaType: 'application/json',
    content: '{}',
    connections: 1,
    withoutSecret: ['Rack 7'],
  }));
  renderConsole(core, '/connections');
  await more('Export to a file…');
  const dialog = await screen.findByRole('dialog', { name: 'Export connections' });
  const button = within(dialog).getByRole('button', { name: 'Export connections' });
  await fill(within(dialog).getByLabelText('Passphrase'), 'correct horse');
  await fill(within(dialog).getByLabelText('Passphrase, repeated'), 'correct hors');
  expect(within(dialog).getByText('The two differ.')).toBeVisible();
  expect(button).toBeDisabled();
  await userEvent.type(within(dialog).getByLabelText('Passphrase, repeated'), 'e');
  await userEvent.click(within(dialog).getByRole('switch'));
  await userEvent.click(button);
  expect(await screen.findByText(/The secrets of Rack 7 can’t be read now/)).toBeVisible();
  expect(core.inputsOf('connections.export')).toEqual([
    { passphrase: 'correct horse', withSecrets: true },
  ]);
});

test('imports a file, and names what was added and what was skipped', async () => {
  const core = fakeCluster().on('connections.import', () => ({
    added: [{ id: 'basel', name: 'Basel' }],
    skipped: [{ name: 'Rack 7', reason: 'A connection named "Rack 7" already exists.' }],
  }));
  renderConsole(core, '/connections');
  await more('Import from a file…');
  const dialog = await screen.findByRole('dialog', { name: 'Import connections' });
  const picker = document.querySelector<HTMLInputElement>('input[type=file]');
  if (!picker) throw new Error('no file can be selected');
  await userEvent.upload(picker, new File(['{"sealed":1}'], 'site.ostorconnections'));
  await fill(within(dialog).getByLabelText('Passphrase'), 'correct horse');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Import connections' }));
  expect(await screen.findByText('1 connection added: Basel.')).toBeVisible();
  expect(screen.getByText(/A connection named "Rack 7" already exists/)).toBeVisible();
  expect(core.inputsOf('connections.import')).toEqual([
    { content: '{"sealed":1}', passphrase: 'correct horse' },
  ]);
});

test('tests all connections, and says what each that fails found', async () => {
  const core = fakeCluster()
    .on('connections.list', () => [
      fakeConnection({ id: 'one', name: 'One' }),
      fakeConnection({ id: 'two', name: 'Two' }),
    ])
    .on('connections.test', ({ id }) => ({
      ok: id === 'one',
      steps: [
        {
          name: 'connect' as const,
          ok: id === 'one',
          state: id === 'one' ? ('passed' as const) : ('failed' as const),
          detail: 'Nothing accepts connections there.',
        },
      ],
    }));
  renderConsole(core, '/connections');
  await more('Test all');
  expect(await screen.findByText('2 of 2 connections tested, 1 failed.')).toBeVisible();
  const row = screen.getByRole('row', { name: /Two Failed/ });
  expect(row).toHaveTextContent('Nothing accepts connections there.');
  expect(screen.getByRole('row', { name: /One Passed/ })).not.toHaveTextContent('Nothing');
});

test('duplicates a connection but for its name and its secret', async () => {
  const core = fakeCluster().on('connections.list', () => [fakeConnection({ region: 'eu-7' })]);
  const view = renderConsole(core, '/connections');
  await userEvent.click(await screen.findByRole('button', { name: 'More for Rack 7' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Duplicate' }));
  expect(view.address()).toBe('/connections/new');
  expect(await screen.findByLabelText('Name')).toHaveValue('');
  expect(screen.getByLabelText('Endpoint')).toHaveValue(fakeConnection().endpoint);
  expect(screen.getByLabelText('Secret key')).toHaveAttribute('placeholder', '');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Enter the secret key of the system user')).toBeVisible();
});

test('searches, sorts and folds many connections, and keeps favourites', async () => {
  const many = Array.from({ length: 12 }, (_none, index) =>
    fakeConnection({
      id: `c-${index}`,
      name: `Cluster ${index}`,
      ...(index < 4 ? { group: 'Basel' } : {}),
    }),
  );
  const core = fakeCluster()
    .on('connections.list', () => many)
    .on('connections.save', () => fakeConnection());
  renderConsole(core, '/connections');
  const user = userEvent.setup();
  const names = () =>
    screen.getAllByRole('link', { name: /^Cluster \d+$/ }).map((a) => a.textContent);
  await screen.findByRole('link', { name: 'Cluster 11' });
  await user.click(screen.getByRole('button', { name: 'Cluster' }));
  await user.click(screen.getByRole('button', { name: /^Cluster ↑/ }));
  expect(names().slice(0, 5)).toEqual([3, 2, 1, 0, 11].map((number) => `Cluster ${number}`));
  await user.click(screen.getByRole('button', { name: /^Basel/ }));
  expect(names()).toHaveLength(8);
  await fill(screen.getByRole('textbox', { name: /^Search name/ }), 'cluster 11');
  expect(names()).toEqual(['Cluster 11']);
  await user.click(screen.getByRole('button', { name: 'Favourite: Cluster 11' }));
  expect(core.inputsOf('connections.save')[0]).toMatchObject({ id: 'c-11', favourite: true });
});

test('sorts by each column, what wants somebody first', async () => {
  const all = (
    [
      ['a', 'lab', 'KEY3', 'keychain', 'online'],
      ['b', 'production', 'KEY1', null, 'offline'],
      ['c', 'staging', 'KEY2', 'memory', 'failing'],
    ] as const
  ).map(([id, environment, accessKeyId, store, state]) => {
    const fields = { id, name: `Cluster ${id}`, environment, accessKeyId };
    const { credentialStore: _kept, ...connection } = fakeConnection(fields);
    const kept = store === null ? {} : { credentialStore: store };
    return { state, connection: { ...connection, hasCredential: store !== null, ...kept } };
  });
  const core = fakeCluster()
    .on('connections.list', () => all.map(({ connection }) => connection))
    .on('sync.status', ({ connectionId }) => {
      const { state = 'never' } =
        all.find(({ connection }) => connection.id === connectionId) ?? {};
      return fakeStatus({ state });
    });
  renderConsole(core, '/connections');
  const user = userEvent.setup();
  await screen.findByText('Gateway errors');
  const order = () =>
    screen.getAllByRole('link', { name: /^Cluster [abc]$/ }).map((a) => a.textContent?.at(-1));
  for (const [column, ascending] of [
    ['Cluster', 'abc'],
    ['Environment', 'abc'],
    ['Access key id', 'bca'],
    ['Secret key', 'bca'],
    ['State', 'bca'],
  ] as const) {
    await user.click(screen.getByRole('button', { name: column }));
    expect(order().join(''), column).toBe(ascending);
    const header = screen.getByRole('columnheader', { name: new RegExp(`^${column}`) });
    expect(header).toHaveAttribute('aria-sort', 'ascending');
    await user.click(screen.getByRole('button', { name: new RegExp(`^${column} ↑`) }));
    expect(order().join(''), column).toBe([...ascending].reverse().join(''));
  }
});

test('opens the demo cluster next to saved ones', async () => {
  const core = fakeCluster().on('connections.openDemo', () =>
    fakeConnection({ id: 'demo', demo: true }),
  );
  renderConsole(core, '/connections');
  await more('Open the demo cluster');
  await waitFor(() => expect(core.inputsOf('connections.openDemo')).toHaveLength(1));
});

test('values carry the names of their columns, for windows where they are below each other', async () => {
  renderConsole(fakeCluster(), '/connections');
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  const labels = within(row)
    .getAllByRole('cell')
    .map(({ dataset }) => dataset.label);
  expect(labels).toEqual([
    undefined,
    'Environment',
    'Access key id',
    'Secret key',
    'State',
    undefined,
  ]);
  expect(row.closest('table')).toHaveClass('oc-stacks');
});

test('the way to a new connection leads into its first field', async () => {
  renderConsole(fakeCluster(), '/connections');
  const [link] = await screen.findAllByRole('link', { name: 'Add a cluster' });
  link?.focus();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
});
