import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { SecretField } from '#renderer/kit/components/secret-field.tsx';
import { FakeTransport } from '#test/fakes/fake-transport.ts';
import { renderPart } from '../../render-console.tsx';

test('masks the secret until asked, copies it, and offers to clear the clipboard', async () => {
  const user = userEvent.setup();
  renderPart(new FakeTransport(), <SecretField value="not-a-real-secret" label="Secret key" />);
  expect(screen.queryByText('not-a-real-secret')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Show secret key' }));
  expect(screen.getByText('not-a-real-secret')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Copy secret key' }));
  expect(await navigator.clipboard.readText()).toBe('not-a-real-secret');
  await user.click(await screen.findByRole('button', { name: 'Clear the clipboard' }));
  // an emptied clipboard holds no text at all, which reading tells by failing
  expect(await navigator.clipboard.readText().catch(() => '')).toBe('');
  expect(screen.queryByRole('button', { name: 'Clear the clipboard' })).toBeNull();
});

test('hides the secret again when the console is secured', async () => {
  const core = new FakeTransport();
  renderPart(core, <SecretField value="not-a-real-secret" label="Secret key" />);
  await userEvent.click(screen.getByRole('button', { name: 'Show secret key' }));
  expect(screen.getByText('not-a-real-secret')).toBeVisible();
  act(() => core.emit({ name: 'app.secured', payload: {} }));
  expect(screen.queryByText('not-a-real-secret')).toBeNull();
});
