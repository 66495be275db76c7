import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { WriteMark } from '#renderer/changes/operation/write-mark.tsx';
import { useRecentWrites, writeKey } from '#renderer/kit/stores/recent-writes.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from './render-operation.tsx';

test('a row that was sent, not confirmed, is read again on request until it is verified', async () => {
  let verified = false;
  const core = fakeOperations().on('operations.recheck', ({ journalId }) => ({
    verified,
    journalId,
    fields: [],
    asOf: fakeAsOf,
  }));
  renderDialogs(core, undefined, <WriteMark kind="user" id="5" />);
  const write = { title: 'Disable user', result: 'sent', journalId: 'entry-3' } as const;
  act(() => {
    useRecentWrites.getState().note(writeKey('rack-7', 'user', '5'), { ...write, at: Date.now() });
  });
  await userEvent.click(await screen.findByRole('button', { name: 'sent, not confirmed' }));
  expect(await screen.findByText('Disable user: still not confirmed')).toBeVisible();
  verified = true;
  await userEvent.click(await screen.findByRole('button', { name: 'sent, not confirmed' }));
  expect(await screen.findByRole('link', { name: 'verified' })).toHaveAttribute(
    'href',
    '/c/rack-7/journal?open=entry-3',
  );
  expect(core.inputsOf('operations.recheck')).toHaveLength(2);
});

test('a row flashes once', async () => {
  renderDialogs(fakeOperations());
  const key = writeKey('rack-7', 'bucket', 'photos');
  useRecentWrites
    .getState()
    .note(key, { title: 'Set quota', result: 'verified', journalId: 'e', at: Date.now() });
  expect(useRecentWrites.getState().flashing.has(key)).toBe(true);
  await waitFor(() => expect(useRecentWrites.getState().flashing.has(key)).toBe(false));
});
