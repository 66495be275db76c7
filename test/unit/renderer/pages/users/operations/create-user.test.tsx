import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { openCreateUser } from '../../../../../../src/renderer/pages/users/operations/create-user.tsx';
import { renderDialogs } from '../../../components/operation/render-operation.tsx';

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

test('leads to the user that has the e-mail already', async () => {
  const core = fakeOperations().on('operations.preview', () => {
    throw new AppError({
      code: 'ALREADY_EXISTS',
      message: 'A user with this e-mail exists already.',
      hint: 'Choose another e-mail.',
      details: { userId: '0000000000000005' },
    });
  });
  renderDialogs(core);
  openCreateUser();
  await userEvent.type(await screen.findByLabelText('E-mail'), 'user-000005@example.com');
  const link = await screen.findByRole('link', { name: 'Open the user that is there' });
  expect(link).toHaveAttribute('href', '/c/rack-7/users/0000000000000005');
});
