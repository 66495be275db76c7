import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router';
import { expect, test } from 'vitest';
import { openCreateUser } from '#renderer/changes/users/create-user.tsx';
import { AppError } from '#shared/errors.ts';
import { fakeUserDetail } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { fill } from '../../fill.ts';
import { renderDialogs } from '../operation/render-operation.tsx';

const created = ({ email }: { email: string }) => ({
  ...{ ...fakeUserDetail(5), email },
  key: { accessKeyId: 'f0f0', secretAccessKey: 'c2VjcmV0' },
  ...{ verified: true, sent: true, journalId: 'j-1', requestId: 'r-1' },
});

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
  await fill(await screen.findByLabelText('E-mail'), 'new@example.org');
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
    .on('users.create', created);
  renderDialogs(core, undefined, <Address />);
  openCreateUser();
  await fill(await screen.findByLabelText('E-mail'), 'new@example.org');
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
  await fill(await screen.findByLabelText('E-mail'), 'user-000005@example.com');
  const link = await screen.findByRole('link', { name: 'Open the user that is there' });
  expect(link).toHaveAttribute('href', '/c/rack-7/users/0000000000000005');
});

test('a user of a customer has its e-mail, is mapped to it at once, and again where that failed', async () => {
  let fails = true;
  const core = fakeOperations()
    .on('operations.preview', () =>
      fakePreview({ operation: 'users.create', title: 'Create user', destructive: false }),
    )
    .on('users.create', created)
    .on('customers.map', () => {
      if (fails) throw new AppError({ code: 'DISK_FAILED', message: 'Full.', hint: 'Free some.' });
      return {} as never;
    });
  renderDialogs(core, undefined, <Address />);
  openCreateUser({
    ...{ customerId: '7', name: 'Example Ltd', email: 'bob@example.com', serviceId: '41' },
    services: [{ value: '41', label: 'Storage #20000' }],
  });
  expect(await screen.findByLabelText('E-mail')).toHaveValue('bob@example.com');
  expect(screen.getByRole('combobox', { name: 'Service' })).toHaveValue('Storage #20000');
  const create = await screen.findByRole('button', { name: 'Create user' });
  await waitFor(() => expect(create).toBeEnabled());
  await userEvent.click(create);
  expect(
    await screen.findByText('The user exists, but is not mapped to Example Ltd'),
  ).toBeVisible();
  fails = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Mapped to Example Ltd.')).toBeVisible();
  const mapping = { customerId: '7', serviceId: '41', connectionId: 'rack-7' };
  const input = { ...mapping, userId: '0000000000000005' };
  expect(core.inputsOf('customers.map')).toEqual([input, input]);
  await userEvent.click(screen.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  // the customer's page stays
  expect(screen.getByRole('status')).not.toHaveTextContent('/users');
});
