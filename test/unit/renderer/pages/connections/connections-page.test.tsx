import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeCluster, fakeConnection, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { renderConsole } from '../../render-console.tsx';

const reason = 'The keychain is locked, or has no keyring to keep secrets in.';

test('says why a secret is only in memory, and tries the keychain again', async () => {
  let store: Pick<CallOutput<'app.info'>, 'secretStore' | 'secretStoreReason'> = {
    secretStore: 'memory',
    secretStoreReason: reason,
  };
  const core = fakeCluster();
  core
    .on('app.info', () => ({ version: '0', shell: 'web', ...store, dataDir: '/d', notices: [] }))
    .on('connections.list', () => [fakeConnection({ credentialStore: store.secretStore })])
    .on('app.retryKeychain', () => {
      core.emit({ name: 'connections.changed', payload: {} });
      return store;
    });
  renderConsole(core, '/connections');
  const row = await screen.findByRole('row', { name: /Rack 7/ });
  expect(row).toHaveTextContent('In memory');
  expect(await within(row).findByText(reason, { exact: false })).toBeVisible();
  const user = userEvent.setup();
  await user.click(within(row).getByRole('button', { name: 'Try the keychain again' }));
  expect(await screen.findByText('The keychain still can’t be used')).toBeVisible();
  store = { secretStore: 'keychain' };
  await user.click(within(row).getByRole('button', { name: 'Try the keychain again' }));
  expect(await within(row).findByText('In the keychain')).toBeVisible();
  expect(within(row).queryByRole('button', { name: /keychain again/ })).toBeNull();
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
  expect(within(row).queryByRole('button', { name: /keychain again/ })).toBeNull();
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
