import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf, fakeStatus } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';

const user = '/c/rack-7/users/0000000000000005';
const offline = {
  code: 'CONNECTION_OFFLINE',
  message: 'The gateway can’t be reached, so this cannot be read.',
  hint: 'Nothing was sent.',
} as const;

function unread(core: ReturnType<typeof fakeOperations>, code?: 'GATEWAY_FAILED') {
  const fail = () => {
    throw new AppError(code ? { ...offline, code } : offline);
  };
  return core.on('quotas.get', fail).on('limits.get', fail);
}

test('never read and out of reach is one quiet line, and is read once the gateway is back', async () => {
  const core = unread(fakeOperations()).on('sync.status', () => fakeStatus({ state: 'offline' }));
  renderConsole(core, user);
  const line = await screen.findByText('Not read yet; the gateway can’t be reached.');
  expect(line).toHaveAttribute('title', expect.stringContaining('cannot be read'));
  expect(screen.queryByText(/could not be read/)).toBeNull();
  core.on('quotas.get', () => ({ set: true, sizeGb: 500, asOf: fakeAsOf, source: 'gateway' }));
  core.on('limits.get', () => ({ set: false, limits: {}, asOf: fakeAsOf, source: 'gateway' }));
  const status = fakeStatus();
  core.on('sync.status', () => status);
  core.emit({ name: 'sync.changed', payload: { connectionId: 'rack-7', status } });
  expect(await screen.findByText('500')).toBeVisible();
  await waitFor(() => expect(screen.queryByText(/Not read yet/)).toBeNull());
});

test('what the gateway itself refused is shown in full, each with its own retry', async () => {
  renderConsole(unread(fakeOperations(), 'GATEWAY_FAILED'), user);
  expect(await screen.findByText('Quota could not be read')).toBeVisible();
  expect(screen.getByText('Rate limits could not be read')).toBeVisible();
});
