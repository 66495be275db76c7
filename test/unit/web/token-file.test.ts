import {
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
import { writeTokenFile } from '../../../src/web/listen.ts';

let folder: string;
let path: string;
const token = 'a'.repeat(43);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-file-'));
  path = join(folder, 'token');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is for its owner alone and goes with the console', () => {
  const remove = writeTokenFile(path, token);
  expect(readFileSync(path, 'utf8')).toBe(`${token}\n`);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  remove();
  expect(readdirSync(folder)).toEqual([]);
});

it('takes the place of an earlier one of any mode, which an earlier console then leaves alone', () => {
  writeFileSync(path, `${'b'.repeat(43)}\n`, { mode: 0o644 });
  const removeEarlier = writeTokenFile(path, token);
  writeTokenFile(path, 'c'.repeat(43));
  removeEarlier();
  expect(readFileSync(path, 'utf8')).toBe(`${'c'.repeat(43)}\n`);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('never writes through a link that somebody planted', () => {
  const target = join(folder, 'target');
  writeFileSync(target, '');
  symlinkSync(target, path);
  writeTokenFile(path, token);
  expect(readFileSync(target, 'utf8')).toBe('');
  expect(readFileSync(path, 'utf8')).toContain(token);
});

it('leaves a file that holds anything else', () => {
  writeFileSync(path, '-----BEGIN KEY-----');
  expect(() => writeTokenFile(path, token)).toThrow(/holds something else/);
  expect(readFileSync(path, 'utf8')).toBe('-----BEGIN KEY-----');
  expect(readdirSync(folder)).toEqual(['token']);
});
