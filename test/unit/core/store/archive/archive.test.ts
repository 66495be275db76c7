import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Archive,
  type ArchiveOptions,
  archivePath,
  openArchive,
} from '#core/store/archive/archive.ts';
import { readRecord } from '#core/store/archive/file/archive-record.ts';
import { listBackups } from '#core/store/archive/file/backups.ts';
import { archiveMigrations } from '#core/store/archive/migrations/index.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';

let directory: string;
let archive: Archive | null = null;

async function open(options?: ArchiveOptions): Promise<Archive> {
  archive = await openArchive(directory, options);
  return archive;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ostor-archive-'));
});

afterEach(async () => {
  await archive?.close();
  archive = null;
  rmSync(directory, { recursive: true, force: true });
});

describe('reading on a thread of its own', () => {
  /** Whether what one reads sees temporary tables of the other: they are of one thread. */
  async function sharesThread(opened: Archive, options?: { always: boolean }): Promise<boolean> {
    const make = { sql: 'CREATE TEMP TABLE here AS SELECT 1 AS one', values: {} };
    await opened.onOwnThread((read) => read('makeTemporary', [make]), options);
    const look = { sql: 'SELECT one FROM temp.here', values: {} };
    return opened.read('selectRows', look).then(
      () => true,
      () => false,
    );
  }

  it('takes a thread of its own where the file is large, or where that is asked for', async () => {
    const opened = await open();
    expect(await sharesThread(opened, { always: true })).toBe(false);
    await opened.write('writeSetting', { name: 'large', value: 'x'.repeat(9 * 1024 ** 2) });
    expect(await sharesThread(opened)).toBe(false);
  });

  it('takes the standing thread where the file is small', async () => {
    expect(await sharesThread(await open())).toBe(true);
  });
});

describe('openArchive', () => {
  it('makes a new archive, durable and of the newest format', async () => {
    const opened = await open();
    const file = await opened.read('describeFile', undefined as never);
    expect(file.version).toBe(archiveMigrations.length);
    const peek = new DatabaseSync(archivePath(directory), { readOnly: true });
    expect(peek.prepare('PRAGMA journal_mode').get()?.journal_mode).toBe('wal');
    peek.close();
  });

  it('keeps what was written over a closing and opening', async () => {
    const first = await open();
    await first.write('writeSetting', { name: 'schedule', value: { everyMinutes: 30 } });
    await first.close();
    const second = await open();
    expect(await second.read('readSetting', { name: 'schedule' })).toEqual({ everyMinutes: 30 });
  });

  it('keeps on record how many objects it holds, counted again when it is opened', async () => {
    const start = Date.UTC(2026, 9, 1) / 1000;
    const entry = { bucket: 'photos', userId: 'a1', put: 1, get: 0, uploaded: 0, downloaded: 0 };
    const objectAt = (hour: number) =>
      fetchedObject('8000000000000065', start + hour * 3600, 3600, [entry]);
    const ingest = (...hours: number[]) =>
      archive?.write('ingestObjects', { objects: hours.map(objectAt), now: Date.UTC(2026, 9, 5) });
    const onRecord = () => readRecord(archivePath(directory));
    await open();
    await ingest(0, 1);
    expect(onRecord()).toMatchObject({ objects: 2, lastObject: 2 });
    await ingest(1, 2, 3);
    expect(onRecord()).toMatchObject({ objects: 4, lastObject: 4 });
    await archive?.close();
    await open();
    await ingest(4);
    expect(onRecord()).toMatchObject({ objects: 5, lastObject: 5 });
  });

  it('leaves a newer archive untouched', async () => {
    await (await open()).close();
    const database = new DatabaseSync(archivePath(directory));
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 9999');
    database.close();
    const before = readFileSync(archivePath(directory));
    await expect(open()).rejects.toMatchObject({ code: 'ARCHIVE_NEWER' });
    archive = null;
    expect(readFileSync(archivePath(directory)).equals(before)).toBe(true);
  });

  it('leaves a file that is no database untouched and names the newest backup', async () => {
    const first = await open();
    const backup = await first.write('backUp', { reason: 'demand' });
    await first.close();
    const garbage = Buffer.alloc(20_000, 'x');
    writeFileSync(archivePath(directory), garbage);
    await expect(open()).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
      hint: expect.stringContaining(backup.path),
    });
    archive = null;
    expect(readFileSync(archivePath(directory)).equals(garbage)).toBe(true);
  });

  it('finds damage inside a page, and opens such an archive for reading only', async () => {
    const first = await open();
    for (let index = 0; index < 400; index += 1) {
      await first.write('writeSetting', { name: `n${index}`, value: 'x'.repeat(400) });
    }
    await first.close();
    const bytes = readFileSync(archivePath(directory));
    bytes.fill(0xff, bytes.length - 3 * 4096, bytes.length - 4096);
    writeFileSync(archivePath(directory), bytes);
    await expect(open()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
    const readOnly = await open({ readOnly: true });
    expect(await readOnly.read('readSetting', { name: 'n0' })).toBe('x'.repeat(400));
    await expect(readOnly.write('writeSetting', { name: 'a', value: 1 })).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
    });
  });

  it('checks a large archive while it is used, and refuses writes once damage is found', async () => {
    const first = await open();
    for (let index = 0; index < 100; index += 1) {
      await first.write('writeSetting', { name: `n${index}`, value: 'x'.repeat(400) });
    }
    await first.close();
    const sound = await open({ checkedAtOpen: 0 });
    expect(sound.check).toEqual({ state: 'checking' });
    await sound.sound();
    expect(sound.check).toEqual({ state: 'sound' });
    await sound.close();
    const bytes = readFileSync(archivePath(directory));
    bytes.fill(0xff, bytes.length - 3 * 4096, bytes.length - 4096);
    writeFileSync(archivePath(directory), bytes);
    const damaged = await open({ checkedAtOpen: 0 });
    await expect(damaged.sound()).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
    await expect(damaged.write('writeSetting', { name: 'a', value: 1 })).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
    });
  });

  it('takes a backup that opens as a separate archive', async () => {
    const first = await open();
    await first.write('writeSetting', { name: 'a', value: 1 });
    const backup = await first.write('backUp', { reason: 'demand' });
    expect(listBackups(directory)).toEqual([backup]);
    const copy = new DatabaseSync(backup.path, { readOnly: true });
    expect(copy.prepare('SELECT value FROM setting').get()?.value).toBe('1');
    copy.close();
  });
});
