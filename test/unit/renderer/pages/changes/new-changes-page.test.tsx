import { readFileSync } from 'node:fs';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { fakeBulk, fakeRun } from '#test/fakes/fake-bulk.ts';
import { renderConsole } from '../../render-console.tsx';

type Parsed = CallOutput<'bulk.parse'>;

const good: Parsed = {
  columns: ['email', 'quota_gb'],
  ignored: [],
  lines: 1,
  changes: 1,
  badLines: 0,
  sample: [
    {
      line: 2,
      target: { kind: 'user', id: '0000000000000005', name: 'user-000005@example.com' },
      operation: 'quotas.set',
      values: 'Set quota to 100 GB',
    },
  ],
  errors: [],
};

const bad: Parsed = {
  ...good,
  changes: 0,
  badLines: 2,
  sample: [],
  errors: [
    {
      line: 2,
      column: 'email',
      message: 'More than one user has the e-mail "a@b": name them by id.',
    },
    { line: 3, column: 'quota_gb', message: '"x" is neither a whole number of GB nor \'clear\'.' },
  ],
};

function core() {
  return fakeBulk(fakeRun(), []).on('bulk.parse', ({ text }) => (text.includes('x') ? bad : good));
}

const address = '/c/rack-7/changes/new';

test('lists what is wrong with a table by line and column, next to the text', async () => {
  renderConsole(core(), address);
  const user = userEvent.setup();
  const text = await screen.findByRole('textbox', { name: 'Table' });
  await user.click(text);
  await user.paste('email,quota_gb\na@b,1\nc@d,x');
  const findings = screen.getByRole('complementary', { name: 'What the table says' });
  expect(await within(findings).findByText('2 errors')).toBeVisible();
  expect(findings).toHaveTextContent('name them by id');
  await user.click(within(findings).getByRole('button', { name: 'Line 3 quota_gb' }));
  expect(text).toHaveFocus();
  expect((text as HTMLTextAreaElement).selectionStart).toBe('email,quota_gb\na@b,1\n'.length);
  expect(screen.getByRole('button', { name: 'Preview' })).toHaveAttribute('aria-disabled', 'true');
});

test('previews the lines that can be read without those that can’t, and says so', async () => {
  const fake = fakeBulk(fakeRun(), []).on('bulk.parse', () => ({
    ...bad,
    lines: 3,
    changes: 1,
    sample: good.sample,
  }));
  const { address: now } = renderConsole(fake, address);
  const user = userEvent.setup();
  await user.click(await screen.findByRole('textbox', { name: 'Table' }));
  await user.paste('email,quota_gb\na@b,1\nc@d,x\ne@f,100');
  const findings = screen.getByRole('complementary', { name: 'What the table says' });
  expect(await within(findings).findByText('2 errors')).toBeVisible();
  expect(findings).toHaveTextContent('2 lines are skipped, and named in the preview');
  expect(findings).toHaveTextContent('1 change in 1 line');
  await user.click(screen.getByRole('button', { name: 'Preview 1 change without 2 bad lines' }));
  await waitFor(() => expect(now()).toBe('/c/rack-7/changes/run/run-1'));
});

test('opens a file, and previews what it says', async () => {
  const fake = core();
  const { address: now } = renderConsole(fake, address);
  const user = userEvent.setup();
  const file = new File(['email,quota_gb\na@b,100'], 'raise.csv', { type: 'text/csv' });
  await user.upload(await screen.findByLabelText('Open a CSV file'), file);
  expect(await screen.findByText('raise.csv')).toBeVisible();
  await user.click(await screen.findByRole('button', { name: 'Preview 1 change' }));
  await waitFor(() => expect(now()).toBe('/c/rack-7/changes/run/run-1'));
  expect(fake.inputsOf('bulk.preview')[0]?.source).toEqual({
    from: 'csv',
    text: 'email,quota_gb\na@b,100',
  });
});

test('reads a file in the encoding a spreadsheet wrote it in, and says so', async () => {
  const fake = fakeBulk(fakeRun(), []).on('bulk.parse', () => ({ ...good, ignored: ['Size'] }));
  renderConsole(fake, address);
  const bytes = readFileSync('test/fixtures/tables/windows-1252.csv');
  const file = new File([bytes], 'ansi.csv', { type: 'text/csv' });
  await userEvent.setup().upload(await screen.findByLabelText('Open a CSV file'), file);
  expect(await screen.findByText('ansi.csv, read as Windows-1252')).toBeVisible();
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Table' }).value).toContain(
    'jürgen@müller.de;100',
  );
  expect(await screen.findByText('Ignored columns: Size.')).toBeVisible();
});

test('names the columns a table may have while it is empty', async () => {
  renderConsole(core(), address);
  expect(await screen.findByText('Columns a table may have')).toBeVisible();
  expect(await screen.findByText('quota_gb')).toBeVisible();
});

test('changes every user that matches a filter', async () => {
  const fake = core();
  renderConsole(fake, `${address}?from=filter`);
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('E-mail or id contains'), '00002');
  expect(await screen.findByText('11 users')).toBeVisible();
  await user.type(screen.getByLabelText('Quota in GB'), '100');
  await user.click(screen.getByRole('button', { name: 'Preview 11 changes' }));
  await waitFor(() =>
    expect(fake.inputsOf('bulk.preview')[0]?.source).toEqual({
      from: 'filter',
      search: '00002',
      filter: { system: false },
      change: { change: 'setQuota', sizeGb: '100' },
    }),
  );
});

test('changes every bucket that matches a filter, by what buckets have', async () => {
  const fake = core();
  const { address: now } = renderConsole(fake, address);
  const user = userEvent.setup();
  await user.click(await screen.findByText('All buckets that match'));
  expect(now()).toBe(`${address}?from=buckets`);
  expect(await screen.findByText('50 buckets')).toBeVisible();
  await user.type(screen.getByLabelText('Name contains'), 'logs');
  await user.click(screen.getByRole('combobox', { name: 'Content' }));
  await user.click(await screen.findByRole('option', { name: 'Holds data' }));
  await user.click(screen.getByRole('combobox', { name: 'What changes' }));
  expect(screen.queryByRole('option', { name: 'Disable' })).toBeNull();
  await user.keyboard('{Escape}');
  await user.type(screen.getByLabelText('Quota in GB'), '100');
  await user.click(screen.getByRole('button', { name: 'Preview 50 changes' }));
  await waitFor(() =>
    expect(fake.inputsOf('bulk.preview')[0]?.source).toEqual({
      from: 'bucketFilter',
      search: 'logs',
      filter: { size: 'filled' },
      change: { change: 'setQuota', sizeGb: '100' },
    }),
  );
});
