import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { NewPair } from '#renderer/changes/operation/new-pair.tsx';
import { OperationDialog } from '#renderer/changes/operation/operation-dialog.tsx';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf } from '#test/fakes/fake-cluster.ts';
import { fakeEntry, fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';
import { openOne, renderDialogs } from './render-operation.tsx';

const userId = '0000000000000005';
const madePair = { userId, accessKeyId: 'AKIDLOST' };

/** A core whose answer to "generate" was lost; reading again finds the pair. */
function lostAnswer() {
  return fakeOperations()
    .on('operations.preview', () =>
      fakePreview({ operation: 'keys.generate', title: 'Generate access key', destructive: false }),
    )
    .on('keys.generate', () => {
      throw new AppError({
        code: 'TIMED_OUT',
        message: 'No answer came.',
        hint: 'Check again in a moment.',
        details: { outcome: 'unknown', journalId: 'entry-3' },
      });
    })
    .on('operations.recheck', ({ journalId }) => ({
      verified: true,
      journalId,
      fields: [],
      asOf: fakeAsOf,
      madePair,
    }))
    .on('keys.reveal', ({ accessKeyId }) => ({
      accessKeyId,
      secretAccessKey: 'not-a-real-secret',
    }));
}

test('a pair found after its answer was lost is revealed right there, once', async () => {
  const core = lostAnswer();
  renderDialogs(core);
  await openOne((close) => (
    <OperationDialog operation="keys.generate" input={{ userId }} onClose={close} />
  ));
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Generate access key' }));
  await user.click(await screen.findByRole('button', { name: 'Check again' }));
  const dialog = await screen.findByRole('dialog', { name: 'The key pair was made' });
  expect(dialog).toHaveTextContent('AKIDLOST');
  expect(core.inputsOf('keys.reveal')).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Reveal the pair' }));
  expect(core.inputsOf('keys.reveal')).toEqual([{ connectionId: 'rack-7', ...madePair }]);
  await user.click(await within(dialog).findByRole('button', { name: /Show secret/ }));
  expect(within(dialog).getByText('not-a-real-secret')).toBeVisible();
  await user.click(within(dialog).getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(document.body).not.toHaveTextContent('not-a-real-secret');
  expect(core.inputsOf('keys.generate')).toHaveLength(1);
});

test('the journal offers it too, where an entry is read again; a failure can be tried again', async () => {
  const entry = fakeEntry({ operation: 'keys.generate', result: 'unknown' });
  const core = lostAnswer()
    .on('journal.list', () => ({ total: 1, rows: [entry] }))
    .on('keys.reveal', () => {
      throw new AppError({ code: 'TIMED_OUT', message: 'No answer came.', hint: 'Try again.' });
    });
  renderConsole(core, '/c/rack-7/journal?open=entry-1');
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Check again' }));
  const dialog = await screen.findByRole('dialog', { name: 'The key pair was made' });
  expect(dialog).toHaveTextContent('new access key of user-000005@example.com');
  await user.click(within(dialog).getByRole('button', { name: 'Reveal the pair' }));
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('No answer came.');
  expect(within(dialog).getByRole('button', { name: 'Reveal the pair' })).toBeEnabled();
  await user.click(within(dialog).getByRole('button', { name: 'Later' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a pair that came without its secret is revealed in the dialog that made it', async () => {
  let asked = 0;
  const core = lostAnswer().on('keys.reveal', ({ accessKeyId }) => {
    asked += 1;
    if (asked > 1) return { accessKeyId, secretAccessKey: 'not-a-real-secret' };
    throw new AppError({ code: 'TIMED_OUT', message: 'No answer came.', hint: 'Try again.' });
  });
  renderDialogs(core);
  const pair = { accessKeyId: 'AKIDLOST', secretAccessKey: null };
  const holder = { userId, accountName: 'backup' };
  const dialog = await openOne((close) => (
    <div role="dialog">
      <NewPair pair={pair} holder={holder} owner="backup of ada" onStored={close} />
    </div>
  ));
  const user = userEvent.setup();
  await user.click(within(dialog).getByRole('button', { name: 'Reveal the pair' }));
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('No answer came.');
  await user.click(within(dialog).getByRole('button', { name: 'Reveal the pair' }));
  await user.click(await within(dialog).findByRole('button', { name: /Show secret/ }));
  expect(within(dialog).getByText('not-a-real-secret')).toBeVisible();
  expect(core.inputsOf('keys.reveal')[1]).toMatchObject({ ...holder, accessKeyId: 'AKIDLOST' });
  await user.click(within(dialog).getByRole('button', { name: 'Done' }));
  expect(document.body).not.toHaveTextContent('not-a-real-secret');
});
