import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archivePath, openArchive } from '#core/store/archive/archive.ts';
import { restoreBackup } from '#core/store/archive/restore.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ostor-restore-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** An archive whose backup says 1 and which itself says 2. */
async function archiveWithBackup(): Promise<string> {
  const archive = await openArchive(directory);
  await archive.write('writeSetting', { name: 'n', value: 1 });
  const { fileName } = await archive.write('backUp', { reason: 'demand' });
  await archive.write('writeSetting', { name: 'n', value: 2 });
  await archive.close();
  return fileName;
}

async function valueNow(): Promise<unknown> {
  const archive = await openArchive(directory);
  const value = await archive.read('readSetting', { name: 'n' });
  await archive.close();
  return value;
}

describe('restoreBackup', () => {
  it('puts the backup in place and keeps what was there', async () => {
    const fileName = await archiveWithBackup();
    const before = readFileSync(archivePath(directory));
    const { setAside } = restoreBackup(directory, fileName);
    expect(await valueNow()).toBe(1);
    expect(readFileSync(setAside ?? '').equals(before)).toBe(true);
  });

  it('takes the place of a damaged archive, with what was not merged into it', async () => {
    const fileName = await archiveWithBackup();
    writeFileSync(archivePath(directory), 'garbage');
    writeFileSync(`${archivePath(directory)}-wal`, 'left over');
    const { setAside } = restoreBackup(directory, fileName);
    expect(await valueNow()).toBe(1);
    expect(readFileSync(`${setAside}-wal`, 'utf8')).toBe('left over');
  });

  it('changes nothing when the backup is damaged or unknown', async () => {
    const fileName = await archiveWithBackup();
    writeFileSync(join(directory, 'archive-backups', fileName), 'garbage');
    expect(() => restoreBackup(directory, fileName)).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_DAMAGED' }),
    );
    expect(() => restoreBackup(directory, '../archive.sqlite')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
    expect(await valueNow()).toBe(2);
    expect(existsSync(`${archivePath(directory)}.restoring`)).toBe(false);
  });
});
