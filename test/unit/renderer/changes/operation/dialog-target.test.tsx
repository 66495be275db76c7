import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { openChangeDialog } from '#renderer/changes/bulk/change-dialog.tsx';
import { editQuotaOf } from '#renderer/changes/limits/edit-when-read.tsx';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { everyDialog } from './every-dialog.ts';
import { renderDialogs } from './render-operation.tsx';

/** What each dialog must name before anything of its target was read. */
const named: Record<string, string> = {
  'keys.generate': 'backup of user-000005@example.com',
  'accounts.remove': 'backup of user-000005@example.com',
  'buckets.remove': 'bucket-1',
  'limits.clear': 'bucket-1',
  'quotas.clear': 'bucket-1',
  'quotas.set': 'of every user',
};

// a new user has no name but the one that is typed
const about = everyDialog.filter(({ operation }) => operation !== 'users.create');

describe.each(about)('the dialog of $operation', (one) => {
  test('names its target while its preview is still being read', async () => {
    const core = fakeOperations().on('operations.preview', () => new Promise(() => undefined));
    renderDialogs(core);
    act(() => one.open());
    // in the frame in which the dialog is there
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toMatch(/User|Account|Bucket|Default/);
    const name = named[one.operation] ?? 'user-000005@example.com';
    expect(await within(dialog).findByText(name)).toBeVisible();
    expect(core.inputsOf(one.operation)).toEqual([]);
  });
});

/** Which field is typed into first. */
const typedInto: Record<string, string> = {
  'users.create': 'E-mail',
  'accounts.create': 'Name of the account',
  'limits.set': 'Default, operations/s',
  'limits.clear': 'Default, operations/s',
  'quotas.set': 'Quota in GB',
  'quotas.clear': 'Quota in GB',
};

test.each(everyDialog)(
  'the dialog of $operation has the focus where it is typed, else on what sends nothing',
  async (one) => {
    renderDialogs(fakeOperations().on('operations.preview', () => new Promise(() => undefined)));
    act(() => one.open());
    const dialog = await screen.findByRole('dialog');
    const label = typedInto[one.operation];
    const button = () => within(dialog).getByRole('button', { name: 'Cancel' });
    await waitFor(() => {
      if (label !== undefined) expect(within(dialog).getByLabelText(label)).toHaveFocus();
      else if (one.operation === 'keys.rotate') {
        expect(within(dialog).getByRole('radio', { name: 'KEY1' })).toHaveFocus();
      } else expect(button()).toHaveFocus();
    });
  },
);

test.each([
  ['quota', 'Quota in GB'],
  ['limits', 'Default'],
  ['revoke', /^Revoke access keys/],
] as const)('a change of many (%s) names how many and focuses its field', async (kind, label) => {
  renderDialogs(fakeOperations());
  act(() => openChangeDialog({ kind: 'user', ids: ['1', '2'] }, kind));
  const dialog = await screen.findByRole('dialog', { name: 'Change 2 users' });
  await waitFor(() => expect(within(dialog).getByLabelText(label)).toHaveFocus());
});

test('a form whose values could not be read names its target, too', async () => {
  const core = fakeOperations().on('quotas.get', () => {
    throw new Error('no answer');
  });
  renderDialogs(core);
  act(() => editQuotaOf({ bucket: 'bucket-9' }));
  const dialog = await screen.findByRole('dialog', { name: 'Set quota' });
  expect(within(dialog).getByText('bucket-9')).toBeVisible();
});
