import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { OperationDialog } from '#renderer/changes/operation/operation-dialog.tsx';
import { useRecentWrites } from '#renderer/kit/stores/recent-writes.ts';
import { AppError } from '#shared/errors.ts';
import { fakeAsOf, fakeConnection, offlineConnection } from '#test/fakes/fake-cluster.ts';
import { fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import type { FakeTransport } from '#test/fakes/fake-transport.ts';
import { fill } from '../../fill.ts';
import { openOne, renderDialogs } from './render-operation.tsx';

const userId = '0000000000000005';

async function openDisable(core: FakeTransport, connection = fakeConnection()) {
  renderDialogs(core, connection);
  return openOne((close) => (
    <OperationDialog operation="users.disable" input={{ userId }} onClose={close} />
  ));
}

const verb = () => screen.findByRole('button', { name: 'Disable user' });

function failing(core: FakeTransport, error: AppError): FakeTransport {
  return core.on('users.disable', () => {
    throw error;
  });
}

describe('the preview', () => {
  test('shows target, both sides, impact, and the same by command line', async () => {
    const dialog = await openDisable(fakeOperations());
    await screen.findByRole('rowheader', { name: 'State' });
    expect(dialog).toHaveTextContent('user-000005@example.com');
    const state = screen.getByRole('row', { name: /^State/ });
    expect(state).toHaveTextContent('Enabled');
    expect(state).toHaveTextContent('Disabled');
    expect(screen.getByRole('row', { name: /^E-mail/ })).toHaveTextContent('unchanged');
    expect(dialog).toHaveTextContent('3 buckets with 2.00 KiB and 1 access key');
    await userEvent.click(screen.getByRole('button', { name: /Show commands/ }));
    expect(dialog).toHaveTextContent('ostor-s3-admin disable-user -i 0000000000000005');
    expect(dialog).toHaveTextContent('s3_curl POST');
    expect(screen.getByRole('button', { name: 'Copy s3_curl lines' })).toBeVisible();
  });

  test('has its way out focused, and Enter in a field sends nothing that destroys', async () => {
    const core = fakeOperations();
    await openDisable(core);
    await verb();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus());
    await userEvent.type(screen.getByLabelText(/Ticket or reason/), 'T-1{Enter}');
    expect(core.inputsOf('users.disable')).toEqual([]);
  });

  test('says so where nothing has to be sent', async () => {
    const core = fakeOperations().on('operations.preview', () => fakePreview({ unchanged: true }));
    const dialog = await openDisable(core);
    await waitFor(() => expect(dialog).toHaveTextContent('nothing will be sent'));
    expect(await verb()).toBeDisabled();
  });

  test('shows a refusal that is certain, coded and with its hint', async () => {
    const core = fakeOperations().on('operations.preview', () => {
      throw new AppError({
        code: 'SELF_LOCKOUT_REFUSED',
        message: 'User a is what this connection signs in with.',
        hint: 'Sign in with another system user.',
        requestId: 'req-9',
      });
    });
    await openDisable(core);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('SELF_LOCKOUT_REFUSED');
    expect(alert).toHaveTextContent('Sign in with another system user.');
    expect(alert).toHaveTextContent('req-9');
    expect(within(alert).getByRole('button', { name: 'Copy details' })).toBeVisible();
    expect(await verb()).toBeDisabled();
  });
});

describe('the write', () => {
  test('hands over what was seen and the ticket, tells that it is verified, and marks the row', async () => {
    const core = fakeOperations();
    await openDisable(core);
    await userEvent.type(await screen.findByLabelText(/Ticket or reason/), ' T-42 ');
    await userEvent.click(await verb());
    const toast = await screen.findByText('Disable user: verified');
    expect(toast).toBeVisible();
    expect(screen.getByRole('link', { name: 'Journal entry' })).toHaveAttribute(
      'href',
      '#/c/rack-7/journal?open=entry-1',
    );
    expect(core.inputsOf('users.disable')).toEqual([
      { connectionId: 'rack-7', userId, expected: 'seen-state-1', ticket: 'T-42' },
    ]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const { writes, flashing } = useRecentWrites.getState();
    expect(writes[`rack-7/user/${userId}`]).toMatchObject({ result: 'verified' });
    expect(flashing.has(`rack-7/user/${userId}`)).toBe(true);
  });

  test('stops where somebody changed the target, shows the difference, and previews again', async () => {
    const core = failing(
      fakeOperations(),
      new AppError({
        code: 'TARGET_CHANGED',
        message: 'It is no longer what the preview showed.',
        hint: 'Make a new preview.',
        details: {
          differences: [{ field: 'state', label: 'State', expected: 'enabled', found: 'disabled' }],
        },
      }),
    );
    await openDisable(core);
    await userEvent.type(await screen.findByLabelText(/Ticket or reason/), 'T-7');
    await userEvent.click(await verb());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('State: the preview showed enabled, it is now disabled');
    const previews = core.inputsOf('operations.preview').length;
    await userEvent.click(within(alert).getByRole('button', { name: 'Make a new preview' }));
    await waitFor(() => expect(core.inputsOf('operations.preview')).toHaveLength(previews + 1));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByLabelText(/Ticket or reason/)).toHaveValue('T-7');
  });

  test('that is sent, not confirmed, is read again and never sent again', async () => {
    const core = fakeOperations();
    failing(
      core,
      new AppError({
        code: 'TIMED_OUT',
        message: 'No answer came.',
        hint: 'Check again in a moment.',
        details: { outcome: 'unknown', journalId: 'entry-3' },
      }),
    );
    let verified = false;
    core.on('operations.recheck', ({ journalId }) => ({
      verified,
      journalId,
      fields: fakePreview().fields,
      asOf: fakeAsOf,
    }));
    await openDisable(core);
    await userEvent.click(await verb());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Sent, not confirmed');
    expect(alert).toHaveTextContent('No answer came.');
    expect(screen.queryByRole('button', { name: 'Disable user' })).toBeNull();
    await userEvent.click(within(alert).getByRole('button', { name: 'Check again' }));
    await waitFor(() => expect(alert).toHaveTextContent('the change did not take effect'));
    verified = true;
    await userEvent.click(within(alert).getByRole('button', { name: 'Check again' }));
    await screen.findByText('Disable user: verified');
    expect(core.inputsOf('users.disable')).toHaveLength(1);
    expect(core.inputsOf('operations.recheck').at(-1)).toEqual({
      connectionId: 'rack-7',
      journalId: 'entry-3',
    });
  });

  test('that is refused leaves everything as it was entered', async () => {
    const core = failing(
      fakeOperations(),
      new AppError({
        code: 'TOO_MANY_REQUESTS',
        message: 'The gateway is busy.',
        hint: 'Wait.',
        retryable: true,
        status: 503,
        requestId: 'req-5',
      }),
    );
    await openDisable(core);
    await userEvent.type(await screen.findByLabelText(/Ticket or reason/), 'T-8');
    await userEvent.click(await verb());
    expect(await screen.findByRole('alert')).toHaveTextContent('req-5');
    expect(screen.getByLabelText(/Ticket or reason/)).toHaveValue('T-8');
    expect(await verb()).toBeEnabled();
  });
});

describe('the guards', () => {
  test('production wants the name typed, exactly', async () => {
    const name = 'user-000005@example.com';
    const connection = fakeConnection({
      environment: 'production',
      unlockedUntil: new Date(Date.now() + 600_000).toISOString(),
    });
    const core = fakeOperations(connection).on('operations.preview', () =>
      fakePreview({ needsTypedName: name }),
    );
    await openDisable(core, connection);
    expect(await verb()).toBeDisabled();
    const field = await screen.findByLabelText(/to confirm on production/);
    await waitFor(() => expect(field).toHaveFocus());
    await fill(field, 'user-000005');
    expect(await verb()).toBeDisabled();
    await fill(field, '@example.com');
    await userEvent.click(await verb());
    await screen.findByText('Disable user: verified');
    expect(core.inputsOf('users.disable')[0]).toMatchObject({ typedName: name });
  });

  test('a locked cluster is unlocked in the dialog, for as long as selected', async () => {
    const connection = fakeConnection({ environment: 'production' });
    const core = fakeOperations(connection).on('connections.unlock', () => connection);
    await openDisable(core, connection);
    expect(await verb()).toBeDisabled();
    await userEvent.click(await screen.findByLabelText('30 min'));
    await userEvent.click(screen.getByRole('button', { name: 'Unlock for 30 min' }));
    await waitFor(() =>
      expect(core.inputsOf('connections.unlock')).toEqual([{ id: 'rack-7', minutes: 30 }]),
    );
  });

  test.each([
    ['offline', offlineConnection(), /can't be reached.*Nothing listens on port 8443/],
    ['no secret', fakeConnection({ hasCredential: false }), /No secret key is stored/],
  ] as const)(
    '%s leaves a plan in place of the verb and says why',
    async (_name, connection, reason) => {
      const dialog = await openDisable(fakeOperations(connection), connection);
      await waitFor(() => expect(dialog).toHaveTextContent(reason));
      expect(await screen.findByRole('button', { name: 'Add to plan' })).toBeVisible();
      expect(screen.queryByRole('button', { name: 'Disable user' })).toBeNull();
    },
  );
});
