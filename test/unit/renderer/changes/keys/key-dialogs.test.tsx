import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { openHandover } from '#renderer/changes/keys/handover-dialog.tsx';
import type { KeyHolder } from '#renderer/changes/keys/key-dialogs.tsx';
import { openGenerate, openRotate } from '#renderer/changes/keys/key-dialogs.tsx';
import { openReveal } from '#renderer/changes/keys/reveal-secret.tsx';
import { useDialogs } from '#renderer/kit/stores/dialogs.ts';
import { useRecentWrites } from '#renderer/kit/stores/recent-writes.ts';
import { fakeOperations, fakeOutcome, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from '../operation/render-operation.tsx';

const secret = 'not-a-real-secret';
const holder: KeyHolder = {
  userId: '0000000000000005',
  email: 'user-000005@example.com',
  accessKeyIds: ['KEY1'],
};

function keysPreview(operation: 'keys.generate' | 'keys.rotate' | 'keys.revoke', title: string) {
  return fakePreview({
    operation,
    title,
    destructive: operation === 'keys.revoke',
    impact: null,
    fields: [
      { field: 'keys', label: 'Access keys', before: 'KEY1', after: 'KEY1, (new)', changed: true },
    ],
  });
}

test('a new pair is masked until asked, stays until it is stored, and is gone after that', async () => {
  const core = fakeOperations()
    .on('operations.preview', () => keysPreview('keys.generate', 'Generate access key'))
    .on('keys.generate', () => ({ ...fakeOutcome, accessKeyId: 'KEY2', secretAccessKey: secret }));
  renderDialogs(core);
  openGenerate(holder);
  await userEvent.click(await screen.findByRole('button', { name: 'Generate access key' }));
  await screen.findByText('KEY2');
  expect(document.body).not.toHaveTextContent(secret);
  await userEvent.keyboard('{Escape}');
  expect(screen.getByText('KEY2')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Show secret access key' }));
  expect(document.body).toHaveTextContent(secret);
  const stores = [useDialogs.getState(), useRecentWrites.getState()];
  expect(JSON.stringify(stores)).not.toContain(secret);
  await userEvent.click(screen.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(document.body.innerHTML).not.toContain(secret);
});

test('a rotation asks whether the new key is in use before the old one is revoked', async () => {
  const core = fakeOperations()
    .on('operations.preview', ({ operation }) =>
      operation === 'keys.rotate'
        ? keysPreview('keys.rotate', 'Rotate access key')
        : keysPreview('keys.revoke', 'Revoke access key'),
    )
    .on('keys.rotate', () => ({
      ...fakeOutcome,
      accessKeyId: 'KEY2',
      secretAccessKey: secret,
      oldAccessKeyIds: ['KEY1'],
    }))
    .on('keys.revoke', ({ accessKeyId }) => ({ ...fakeOutcome, accessKeyId }));
  renderDialogs(core);
  openRotate(holder, 'KEY1');
  await userEvent.click(await screen.findByRole('button', { name: 'Rotate access key' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Done' }));
  const inUse = await screen.findByRole('checkbox', { name: /KEY2 is in use/ });
  expect(core.inputsOf('keys.revoke')).toEqual([]);
  await userEvent.click(inUse);
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke access key' }));
  await waitFor(() =>
    expect(core.inputsOf('keys.revoke')).toMatchObject([
      { userId: holder.userId, accessKeyId: 'KEY1' },
    ]),
  );
});

test('with both slots taken it asks which to give up, and sends nothing before', async () => {
  const core = fakeOperations().on('operations.preview', () =>
    keysPreview('keys.rotate', 'Rotate access key'),
  );
  renderDialogs(core);
  openRotate({ ...holder, accessKeyIds: ['KEY1', 'KEY2'] }, 'KEY1');
  const group = await screen.findByRole('radiogroup', { name: /Maximum of two keys reached/ });
  expect(core.inputsOf('operations.preview')).toEqual([]);
  await userEvent.click(within(group).getByRole('radio', { name: 'KEY2' }));
  await waitFor(() =>
    expect(core.inputsOf('operations.preview').at(-1)?.input).toEqual({
      userId: holder.userId,
      giveUp: 'KEY2',
    }),
  );
});

test('a secret is fetched when asked for alone, and forgotten when its dialog closes', async () => {
  const core = fakeOperations().on('keys.reveal', ({ accessKeyId }) => ({
    accessKeyId,
    secretAccessKey: secret,
  }));
  renderDialogs(core);
  openReveal({ ...holder, accountName: 'backup' }, 'KEY1');
  const reveal = await screen.findByRole('button', { name: 'Reveal secret' });
  expect(core.inputsOf('keys.reveal')).toEqual([]);
  await userEvent.click(reveal);
  await userEvent.click(await screen.findByRole('button', { name: 'Show secret access key' }));
  expect(document.body).toHaveTextContent(secret);
  expect(core.inputsOf('keys.reveal')).toEqual([
    {
      connectionId: 'rack-7',
      userId: holder.userId,
      accountName: 'backup',
      accessKeyId: 'KEY1',
    },
  ]);
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(document.body.innerHTML).not.toContain(secret);
});

test('a handover sheet forgets its secret when the console is secured, also one on its way', async () => {
  const withSecret = Promise.withResolvers<void>();
  const core = fakeOperations().on('onboarding.handover', async (input) => {
    if (input.withSecret && core.inputsOf('onboarding.handover').length > 3)
      await withSecret.promise;
    return {
      ...{ endpoint: 'https://s3.example', region: 'us-east-1', email: holder.email },
      ...{ accessKeyId: 'KEY1', secretAccessKey: input.withSecret ? secret : null },
      ...{ tools: [], text: 'sheet', fileName: 'handover.txt' },
    };
  });
  renderDialogs(core);
  openHandover({ userId: holder.userId, email: holder.email });
  const include = { name: 'Include secret' };
  await userEvent.click(await screen.findByRole('button', include));
  expect(await screen.findByRole('button', { name: 'Save sheet with secret' })).toBeVisible();
  act(() => core.emit({ name: 'app.secured', payload: {} }));
  expect(screen.queryByRole('button', { name: 'Save sheet with secret' })).toBeNull();
  await userEvent.click(await screen.findByRole('button', include));
  act(() => core.emit({ name: 'app.secured', payload: {} }));
  await act(async () => withSecret.resolve());
  expect(await screen.findByRole('button', include)).toBeEnabled();
  expect(screen.queryByRole('button', { name: 'Save sheet with secret' })).toBeNull();
});

test('a revealed secret is forgotten when the console is secured', async () => {
  const core = fakeOperations().on('keys.reveal', ({ accessKeyId }) => ({
    accessKeyId,
    secretAccessKey: secret,
  }));
  renderDialogs(core);
  openReveal(holder, 'KEY1');
  await userEvent.click(await screen.findByRole('button', { name: 'Reveal secret' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Show secret access key' }));
  expect(document.body).toHaveTextContent(secret);
  act(() => core.emit({ name: 'app.secured', payload: {} }));
  expect(await screen.findByRole('button', { name: 'Reveal secret' })).toBeVisible();
  expect(document.body.innerHTML).not.toContain(secret);
});
