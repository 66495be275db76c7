import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router';
import { expect, test } from 'vitest';
import { openCreateUser } from '#renderer/pages/users/create-user.tsx';
import { AppError } from '#shared/errors.ts';
import { fakeUserDetail } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from '../../changes/operation/render-operation.tsx';

function Address() {
  const { pathname, search } = useLocation();
  return <output>{`${pathname}${search}`}</output>;
}

test('previews only what can be an e-mail', async () => {
  const core = fakeOperations().on('operations.preview', () =>
    fakePreview({ operation: 'users.create', title: 'Create user', destructive: false }),
  );
  renderDialogs(core);
  openCreateUser();
  await userEvent.type(await screen.findByLabelText('E-mail'), 'new@example.org');
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)?.input).toEqual({ email: 'new@example.org' }),
  );
  for (const { input } of core.inputsOf('operations.preview')) {
    expect(input.email).toMatch(/^[^@]+@[^@]+$/);
  }
});

test('opens the new user, in sight of the list, once its key is stored', async () => {
  const core = fakeOperations()
    .on('operations.preview', () =>
      fakePreview({ operation: 'users.create', title: 'Create user', destructive: false }),
    )
    .on('users.create', ({ email }) => ({
      ...fakeUserDetail(5),
      email,
      key: { accessKeyId: 'f0f0', secretAccessKey: 'c2VjcmV0' },
      verified: true,
      sent: true,
      journalId: 'j-1',
      requestId: 'r-1',
    }));
  renderDialogs(core, undefined, <Address />);
  openCreateUser();
  await userEvent.type(await screen.findByLabelText('E-mail'), 'new@example.org');
  const create = await screen.findByRole('button', { name: 'Create user' });
  await waitFor(() => expect(create).toBeEnabled());
  await userEvent.click(create);
  await userEvent.click(await screen.findByRole('button', { name: 'Done' }));
  await waitFor(() =>
    expect(screen.getByRole('status')).toHaveTextContent(
      '/c/rack-7/users?q=new%40example.org&open=0000000000000005',
    ),
  );
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('leads to the user that has the e-mail already', async () => {
  const core = fakeOperations().on('operations.preview', () => {
    throw new AppError({
      code: 'ALREADY_EXISTS',
      message: 'A user with this e-mail exists already.',
      hint: 'Use another e-mail.',
      details: { userId: '0000000000000005' },
    });
  });
  renderDialogs(core);
  openCreateUser();
  await userEvent.type(await screen.findByLabelText('E-mail'), 'user-000005@example.com');
  const link = await screen.findByRole('link', { name: 'Open the user that is there' });
  expect(link).toHaveAttribute('href', '/c/rack-7/users/0000000000000005');
});
