import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { openUserOperation } from '#renderer/changes/users/user-operations.tsx';
import { AppError } from '#shared/errors.ts';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';
import { renderDialogs } from '../operation/render-operation.tsx';

const page = '/c/rack-7/users/0000000000000005';

test('a user who owns buckets is refused with each of them as a link', async () => {
  const core = fakeOperations().on('operations.preview', () => {
    throw new AppError({
      code: 'USER_OWNS_BUCKETS',
      message: 'User a owns 3 buckets and cannot be removed.',
      hint: 'Delete the buckets first.',
      details: { count: 3, buckets: [{ name: 'photos', currentBytes: 2048 }] },
    });
  });
  renderDialogs(core);
  openUserOperation('users.remove', '0000000000000005');
  const link = await screen.findByRole('link', { name: 'photos' });
  expect(link).toHaveAttribute('href', '/c/rack-7/buckets/photos');
  expect(screen.getByText('2.00')).toBeVisible();
  expect(screen.getByText('and 2 more')).toBeVisible();
});

test('the user’s page has at most three actions and the rest in a menu', async () => {
  renderConsole(fakeOperations(), page);
  expect(await screen.findByRole('button', { name: 'Disable user' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Enable user' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'More actions' }));
  expect(await screen.findByRole('menuitem', { name: 'Delete user' })).toBeVisible();
});

test('an action on a read-only cluster asks for a plan', async () => {
  renderConsole(fakeOperations(fakeConnection({ readOnly: true })), page);
  await userEvent.click(await screen.findByRole('button', { name: 'Disable user' }));
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText(/is read-only/)).toBeVisible();
  expect(within(dialog).getByRole('button', { name: 'Add to plan' })).toBeVisible();
});
