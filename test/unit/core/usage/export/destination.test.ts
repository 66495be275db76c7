import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSink } from '#core/usage/export/deliver-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'export-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): Promise<string> => {
  const noGateway = () => Promise.reject(new Error('no gateway'));
  const { signal } = new AbortController();
  return openSink({ to: 'folder', path: folder }, noGateway, signal).put(
    name,
    Buffer.from(text),
    'text/csv',
  );
};

it('writes no file through a link that somebody planted, under its name or a foreseeable one', async () => {
  const precious = join(folder, 'precious');
  writeFileSync(precious, 'kept');
  for (const name of ['usage.csv', 'usage.csv.part']) symlinkSync(precious, join(folder, name));
  const path = await put('usage.csv', 'a,b');
  expect(readFileSync(precious, 'utf8')).toBe('kept');
  expect(readFileSync(path, 'utf8')).toBe('a,b');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('fails with a code where the folder is none', async () => {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  await expect(put('usage.csv', 'a,b')).rejects.toMatchObject({ code: 'DISK_FAILED' });
});

it('clears what a killed export left half written, and leaves files of others', async () => {
  const day = join(folder, 'day=01');
  mkdirSync(day);
  writeFileSync(join(day, '.part-0.parquet.4194304999-0123456789abcdef.partial'), 'half');
  writeFileSync(join(day, 'own.partial'), "somebody's");
  await put('day=01/part-0.parquet', 'whole');
  expect(readdirSync(day).sort()).toEqual(['own.partial', 'part-0.parquet']);
  expect(readFileSync(join(day, 'part-0.parquet'), 'utf8')).toBe('whole');
});

it('leaves nothing behind where a file can not get its name', async () => {
  mkdirSync(join(folder, 'report.csv'));
  await expect(put('report.csv', 'x')).rejects.toMatchObject({ code: 'DISK_FAILED' });
  expect(readdirSync(folder)).toEqual(['report.csv']);
});
