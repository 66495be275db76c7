import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { fieldText } from '#renderer/changes/operation/field-words.tsx';
import { tellOutcome } from '#renderer/changes/operation/outcome-toast.tsx';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeEntry, fakeOperations, fakePreview } from '#test/fakes/fake-operations.ts';
import { renderDialogs } from './render-operation.tsx';

describe('field words', () => {
  test.each([
    ['quota', 'GB', null, 'not set'],
    ['quota', 'GB', '0', '0 GB'],
    ['quota', 'GB', '12000', '12,000 GB'],
    ['opsGet', 'operations/s', null, 'not set'],
    ['opsGet', 'operations/s', '0', 'unlimited'],
    ['opsGet', 'operations/s', '1500.25', '1,500.25 operations/s'],
    ['quota', 'GB', '9007199254740993', '9,007,199,254,740,993 GB'],
  ])('%s in %s of %s reads "%s"', (field, unit, value, words) => {
    expect(fieldText({ field, unit }, value, 'after')).toBe(words);
  });

  test('what is not there reads by what it is: to be made, or gone', () => {
    expect(fieldText({ field: 'email' }, null, 'before')).toBe('does not exist');
    expect(fieldText({ field: 'email' }, null, 'after')).toBe('deleted');
    expect(fieldText({ field: 'keys' }, null, 'after')).toBe('no access key');
  });

  test('sizes are in binary units, without going through a double', () => {
    expect(fieldText({ field: 'currentBytes' }, '36893488147419103232', 'before')).toBe('32.0 EiB');
  });
});

describe('outcome toast', () => {
  test('the newest of many verified changes is shown at once: older news makes room', async () => {
    renderDialogs(fakeOperations());
    const common = { connection: fakeConnection(), verified: true, sent: true };
    for (let count = 1; count <= 8; count += 1) {
      const title = `Change ${count}`;
      act(() => tellOutcome({ ...common, title, name: 'u', journalId: `entry-${count}` }));
      expect(await screen.findByText(`${title}: verified`)).toBeVisible();
    }
    await waitFor(() => expect(screen.getAllByText(/: verified$/)).toHaveLength(3));
    expect(screen.getByText('Change 6: verified')).toBeVisible();
  });

  test('what can be brought back is undone from it: previewed with the values before', async () => {
    const inverse = {
      operation: 'users.enable',
      title: 'Enable user',
      input: { userId: '0000000000000005' },
    } as const;
    const core = fakeOperations()
      .on('journal.list', () => ({ total: 1, rows: [fakeEntry({ inverse })] }))
      .on('operations.preview', () =>
        fakePreview({ operation: 'users.enable', title: 'Enable user', destructive: false }),
      );
    renderDialogs(core);
    const outcome = { connection: fakeConnection(), verified: true, sent: true, name: 'u' };
    act(() =>
      tellOutcome({ ...outcome, title: 'Disable user', journalId: 'entry-1', reversible: true }),
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Undo: Disable user, u' }));
    expect(await screen.findByText(/Reverses “Disable user”/)).toBeVisible();
    expect(core.inputsOf('journal.list')[0]).toMatchObject({ filter: { journalId: 'entry-1' } });
    expect(core.inputsOf('operations.preview')[0]).toMatchObject({
      operation: 'users.enable',
      input: { userId: '0000000000000005' },
    });
    act(() => tellOutcome({ ...outcome, title: 'Delete user', journalId: 'entry-2' }));
    expect(await screen.findByText('Delete user: verified')).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Undo: Delete user/ })).toBeNull();
  });
});
