import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import { fakeOperations } from '#test/fakes/fake-operations.ts';
import { renderConsole } from '../../render-console.tsx';
import { savedFiles } from '../../saved-files.ts';

async function exportAs(format: 'As CSV' | 'As JSON') {
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Export' }));
  await user.click(await screen.findByRole('menuitem', { name: format }));
}

test('exports what search and filters leave, as the format that was selected', async () => {
  const core = fakeOperations().on('journal.export', ({ format }) => ({
    fileName: `journal.${format}`,
    mediaType: 'application/json',
    content: '[]',
  }));
  renderConsole(core, '/c/rack-7/journal?q=T-42&result=sent');
  await exportAs('As JSON');
  expect(await screen.findByText('The journal was exported to journal.json.')).toBeVisible();
  expect(core.inputsOf('journal.export')).toEqual([
    { connectionId: 'rack-7', search: 'T-42', filter: { result: 'sent' }, format: 'json' },
  ]);
  expect(savedFiles.map(({ name }) => name)).toEqual(['journal.json']);
  expect(await savedFiles[0]?.content.text()).toBe('[]');
});

test('says why an export failed, and hands over nothing', async () => {
  const core = fakeOperations().on('journal.export', () => {
    throw new AppError({
      code: 'ARCHIVE_DAMAGED',
      message: 'The archive could not be read.',
      hint: 'Restore a backup.',
    });
  });
  renderConsole(core, '/c/rack-7/journal');
  await exportAs('As CSV');
  expect(await screen.findByText('The archive could not be read.')).toBeVisible();
  expect(screen.getByText('Restore a backup.')).toBeVisible();
  expect(savedFiles).toEqual([]);
});
