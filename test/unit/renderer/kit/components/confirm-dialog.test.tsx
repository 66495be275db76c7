import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ConfirmDialog } from '#renderer/kit/components/confirm-dialog.tsx';
import { AppError } from '#shared/errors.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

test('does not run what destroys by Enter alone: the focus is on Cancel', async () => {
  const onConfirm = vi.fn(async () => undefined);
  const onClose = vi.fn();
  renderPart(
    new FakeTransport(),
    <ConfirmDialog verb="Delete user" destructive onConfirm={onConfirm} onClose={onClose}>
      gone
    </ConfirmDialog>,
  );
  await eventually(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
  await userEvent.keyboard('{Enter}');
  expect(onConfirm).not.toHaveBeenCalled();
  expect(onClose).toHaveBeenCalled();
});

test('takes the focus also while its button is off', async () => {
  const onClose = vi.fn();
  renderPart(
    new FakeTransport(),
    <ConfirmDialog verb="Read field pack" disabled onConfirm={vi.fn()} onClose={onClose}>
      <p>No file is selected.</p>
    </ConfirmDialog>,
  );
  await eventually(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
  await userEvent.keyboard('{Escape}');
  expect(onClose).toHaveBeenCalled();
});

test('waits for the name where one is asked for', async () => {
  const onConfirm = vi.fn(async () => undefined);
  renderPart(
    new FakeTransport(),
    <ConfirmDialog verb="Delete user" typedName="a@b.c" onConfirm={onConfirm} onClose={vi.fn()}>
      gone
    </ConfirmDialog>,
  );
  const button = screen.getByRole('button', { name: 'Delete user' });
  expect(button).toBeDisabled();
  await eventually(() => expect(screen.getByLabelText(/^Type/)).toHaveFocus());
  await userEvent.type(screen.getByLabelText(/^Type/), 'a@b.c');
  await userEvent.click(button);
  expect(onConfirm).toHaveBeenCalledWith('a@b.c');
});

test('stays open with the error where it failed', async () => {
  const onClose = vi.fn();
  const fail = async () => {
    throw new AppError({ code: 'CONFLICT', message: 'It changed.', hint: 'Look again.' });
  };
  renderPart(
    new FakeTransport(),
    <ConfirmDialog verb="Delete user" onConfirm={fail} onClose={onClose}>
      gone
    </ConfirmDialog>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Delete user' }));
  expect(await screen.findByText('It changed.')).toBeVisible();
  expect(screen.getByText('Look again.')).toBeVisible();
  expect(onClose).not.toHaveBeenCalled();
});
