import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const inventory: CallOutput<'inventory.status'> = {
  users: 30,
  usersKnown: 12,
  buckets: 50,
  bucketsKnown: 0,
  oldest: fakeAsOf,
  newest: fakeAsOf,
  taskId: null,
  unfinished: true,
};

function coreWithKeys(rows: CallOutput<'keys.list'>['rows']) {
  return fakeOperations()
    .on('inventory.status', () => inventory)
    .on('keys.list', () => ({ total: rows.length, rows, inventory }));
}

const key = {
  accessKeyId: '0000000000000005KEY1',
  ownerId: '0000000000000005',
  ownerEmail: 'user-000005@example.com',
  ownerState: 'disabled',
  accountName: 'backup',
  pairs: 2,
  firstSeen: fakeAsOf,
  asOf: fakeAsOf,
} as const;

test('shows every key with its owner, and how much of the cluster was read', async () => {
  renderConsole(coreWithKeys([key]), '/c/rack-7/keys');
  const row = await screen.findByRole('row', { name: /0000000000000005KEY1/ });
  expect(row).toHaveTextContent('user-000005@example.com');
  expect(row).toHaveTextContent('backup');
  expect(row).toHaveTextContent('Disabled');
  expect(row).toHaveTextContent('2 of 2');
  expect(screen.getByText(/12 of 30 users/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('narrows by slots, owner and age', async () => {
  const core = coreWithKeys([key]);
  renderConsole(
    core,
    '/c/rack-7/keys?owner=*acme&slots=both&state=disabled&older=90&holder=account',
  );
  await waitFor(() =>
    expect(core.inputsOf('keys.list').map(({ filter }) => filter)).toContainEqual({
      owner: 'acme',
      bothSlots: true,
      ownerState: 'disabled',
      olderThanDays: 90,
      holder: 'account',
    }),
  );
});

test('says why it is empty before the first inventory', async () => {
  renderConsole(coreWithKeys([]), '/c/rack-7/keys');
  expect(await screen.findByText('No keys known yet')).toBeVisible();
});
