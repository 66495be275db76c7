import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeAsOf, fakeConnection, fakeUser } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakeOutcome, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const user5 = fakeUser(5);
const page = `/c/rack-7/users/${user5.userId}`;

function withAccounts(
  accounts: CallOutput<'users.get'>['accounts'],
  connection = fakeConnection(),
  keysAsOf: string | null = fakeAsOf,
) {
  return fakeOperations(connection).on('users.get', () => ({
    ...user5,
    keys: [],
    accounts,
    keysAsOf,
    asOf: fakeAsOf,
    source: 'gateway',
  }));
}

const section = () => screen.findByRole('region', { name: 'Accounts' });

test('shows each account with its keys, and how many slots are taken', async () => {
  renderConsole(
    withAccounts([
      { name: 'backup', keys: [{ accessKeyId: 'KEYA' }, { accessKeyId: 'KEYB' }] },
      { name: 'spare', keys: [] },
    ]),
    page,
  );
  const accounts = await section();
  expect(await within(accounts).findByText('backup')).toBeVisible();
  expect(accounts).toHaveTextContent('2 of 2');
  expect(accounts).toHaveTextContent('KEYA');
  expect(accounts).toHaveTextContent('KEYB');
  expect(accounts).toHaveTextContent('0 of 2');
  expect(within(accounts).getByText('No access key.')).toBeVisible();
});

test('says what an account is where there is none, and nothing where they were never read', async () => {
  const { unmount } = renderConsole(withAccounts([]), page);
  expect(await within(await section()).findByText(/further set of access keys/)).toBeVisible();
  unmount();
  renderConsole(withAccounts([], fakeConnection(), null), page);
  await section();
  expect(screen.queryByText(/further set of access keys/)).toBeNull();
});

test('says why the keys of a user that nothing names alone can not be read', async () => {
  const core = fakeOperations(fakeConnection()).on('users.get', () => ({
    ...user5,
    keys: [],
    accounts: [],
    keysAsOf: null,
    asOf: fakeAsOf,
    source: 'snapshot',
    keysUnreadable: {
      code: 'TARGET_AMBIGUOUS',
      message: 'More than one user has the e-mail, and this gateway accepts no user ids.',
      hint: 'Run on a storage node: `ostor-s3-admin query-user-info -i 5`.',
      retryable: false,
    },
  }));
  renderConsole(core, page);
  expect(await section()).toHaveTextContent(/can’t be read. More than one user has the e-mail/);
  expect(await section()).toHaveTextContent('query-user-info -i 5');
  expect(screen.queryByText(/never read/)).toBeNull();
});

test('creates an account by a name that is one, and shows its first pair once', async () => {
  const core = withAccounts([])
    .on('operations.preview', () =>
      fakePreview({
        operation: 'accounts.create',
        title: 'Create account',
        destructive: false,
        impact: null,
      }),
    )
    .on('accounts.create', ({ accountName }) => ({
      ...fakeOutcome,
      name: accountName,
      key: { accessKeyId: 'KEYNEW', secretAccessKey: 'not-a-real-secret' },
    }));
  renderConsole(core, page);
  const user = userEvent.setup();
  await user.click(await within(await section()).findByRole('button', { name: 'Create account' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Name of the account'), 'backup');
  const create = await within(dialog).findByRole('button', { name: 'Create account' });
  await waitFor(() => expect(create).toBeEnabled());
  await user.click(create);
  expect(await within(dialog).findByText('KEYNEW')).toBeVisible();
  expect(dialog).toHaveTextContent(`New access key of backup of ${user5.email}`);
  expect(core.inputsOf('accounts.create')).toEqual([
    expect.objectContaining({ userId: user5.userId, accountName: 'backup' }),
  ]);
});

test('leads to the removal of one, on a read-only cluster by a plan', async () => {
  const accounts = [{ name: 'backup', keys: [] }];
  const core = withAccounts(accounts).on('operations.preview', () =>
    fakePreview({ operation: 'accounts.remove', title: 'Delete account' }),
  );
  const { unmount } = renderConsole(core, page);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Actions on account backup' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete account' }));
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)).toMatchObject({
      operation: 'accounts.remove',
      input: { userId: user5.userId, accountName: 'backup' },
    }),
  );
  unmount();
  renderConsole(withAccounts(accounts, fakeConnection({ readOnly: true })), page);
  await user.click(await screen.findByRole('button', { name: 'Actions on account backup' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Delete account' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByRole('button', { name: 'Add to plan' })).toBeVisible();
  expect(within(dialog).queryByRole('button', { name: 'Delete account' })).toBeNull();
});
