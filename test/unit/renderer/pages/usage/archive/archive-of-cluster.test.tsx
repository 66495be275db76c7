import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ArchiveOfCluster } from '#renderer/pages/usage/archive/archive-of-cluster.tsx';
import { fakeConnection } from '#test/fakes/fake-cluster.ts';
import { fakeArchive, fakeUsage } from '#test/fakes/fake-usage.ts';
import { fill } from '../../../fill.ts';
import { renderPart } from '../../../render-console.tsx';

const backup = {
  fileName: 'archive-20261101T000000000Z-demand.sqlite',
  path: '/home/operator/console/archive-20261101T000000000Z-demand.sqlite',
  takenAt: '2026-11-01T00:00:00.000Z',
  reason: 'demand',
  bytes: 1024,
};

test('says where the archive is and backs it up', async () => {
  const core = fakeUsage().on('archive.backup', () => backup);
  renderPart(core, <ArchiveOfCluster connection={fakeConnection()} />);
  expect(await screen.findByText(fakeArchive().path)).toBeVisible();
  expect(screen.getByText('Intact')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Back up now' }));
  expect(await screen.findByText(`Backed up to ${backup.path}.`)).toBeVisible();
});

test('restores a backup only after its cluster was named', async () => {
  const core = fakeUsage()
    .on('archive.status', () => fakeArchive({ newestBackup: backup }))
    .on('archive.backups', () => [backup])
    .on('archive.restore', () => ({ restored: backup, setAside: 'archive-before.sqlite' }));
  renderPart(core, <ArchiveOfCluster connection={fakeConnection()} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Backups' }));
  await userEvent.click(await screen.findByRole('button', { name: /^Restore / }));
  const dialog = await screen.findByRole('dialog');
  const restore = within(dialog).getByRole('button', { name: 'Restore backup' });
  expect(restore).toBeDisabled();
  await userEvent.type(within(dialog).getByRole('textbox'), 'Rack 7');
  await userEvent.click(restore);
  await waitFor(() =>
    expect(core.inputsOf('archive.restore')).toEqual([
      { connectionId: 'rack-7', fileName: backup.fileName },
    ]),
  );
});

test.each([
  ['damaged', 'ARCHIVE_DAMAGED', 'Damaged'],
  ['newer', 'ARCHIVE_NEWER', 'Of a newer console'],
] as const)('an archive that is %s is said to be and not backed up', async (state, code, word) => {
  const error = { code, message: 'What happened.', hint: 'What to do.', retryable: false };
  const core = fakeUsage().on('archive.status', () => fakeArchive({ state, error }));
  renderPart(core, <ArchiveOfCluster connection={fakeConnection()} />);
  expect(await screen.findByText(word)).toBeVisible();
  expect(screen.getByText('What to do.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Back up now' })).toBeDisabled();
});

test('previews an archive of another workstation before it merges it', async () => {
  const path = '/media/usb/archive.sqlite';
  const core = fakeUsage()
    .on('archive.mergePreview', () => ({
      path,
      digest: 'd'.repeat(64),
      bytes: 1024,
      cluster: 'unknown',
      evidence: 'This archive holds no users yet to compare.',
      objects: { new: 30, same: 2, conflicting: 1, grown: 0, unreadable: 0 },
      from: '2026-10-01T00:00:00.000Z',
      to: '2026-11-01T00:00:00.000Z',
      journals: [
        {
          chain: 'a'.repeat(64),
          entries: 4,
          new: 1,
          ok: false,
          operators: ['bo'],
          from: '2026-10-01T00:00:00.000Z',
          to: '2026-11-01T00:00:00.000Z',
        },
      ],
      sizes: { all: 3, new: 2 },
      registers: { statements: 2, runs: 0, plans: 3, campaigns: 1 },
    }))
    .on('archive.merge', () => ({ taskId: 'task-1' }));
  renderPart(core, <ArchiveOfCluster connection={fakeConnection()} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Merge archive' }));
  const dialog = await screen.findByRole('dialog');
  await fill(within(dialog).getByRole('textbox'), path);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Preview' }));
  const preview = await within(dialog).findByRole('region', { name: 'Preview' });
  expect(preview).toHaveTextContent('1: both contents are kept, decide under Coverage');
  expect(preview).toHaveTextContent('Not intact 1 new of 4 records by bo');
  expect(preview).toHaveTextContent('Change plans3 new or changedKey campaigns1 new or changed');
  expect(core.inputsOf('archive.merge')).toEqual([]);
  const merge = within(dialog).getByRole('button', { name: 'Merge archive' });
  expect(merge).toBeDisabled();
  await userEvent.click(within(dialog).getByRole('checkbox'));
  await userEvent.click(merge);
  await waitFor(() =>
    expect(core.inputsOf('archive.merge')).toEqual([
      { connectionId: 'rack-7', path, digest: 'd'.repeat(64), sameCluster: true },
    ]),
  );
});

test('an archive that is missing begins again only after its cluster was named', async () => {
  const error = {
    code: 'ARCHIVE_DAMAGED' as const,
    message: 'It is missing.',
    hint: 'Put it back.',
    retryable: false,
  };
  const core = fakeUsage()
    .on('archive.status', () => fakeArchive({ state: 'damaged', damage: 'missing', error }))
    .on('archive.decide', () => ({ setAside: null }));
  renderPart(core, <ArchiveOfCluster connection={fakeConnection()} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Start a new archive' }));
  expect(screen.queryByRole('button', { name: 'Continue with this file' })).toBeNull();
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByRole('textbox'), 'Rack 7');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Start a new archive' }));
  await waitFor(() =>
    expect(core.inputsOf('archive.decide')).toEqual([
      { connectionId: 'rack-7', decision: 'begin-new' },
    ]),
  );
});
