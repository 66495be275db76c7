import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { archivePath, openArchive } from '#core/store/archive/archive.ts';
import { listBackups } from '#core/store/archive/file/backups.ts';
import { restoreBackup } from '#core/store/archive/restore.ts';
import type { AppError } from '#shared/errors.ts';
import { SeededRandom } from '#simulator/model/seeded-random.ts';
import { fetchedObject } from '#test/fakes/statistics-object.ts';
import { programPath } from '#test/program-path.ts';
import type { BackupOrder } from './backup-until-killed.ts';

const begin = Date.UTC(2026, 9, 1) / 1000;
const [few, many] = [200, 1200];
const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** An archive of many objects with a backup of when there were few. */
async function filled(): Promise<{ directory: string; ofFew: string; ofMany: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'ostor-backup-kills-'));
  directories.push(directory);
  const archive = await openArchive(directory);
  const objects = Array.from({ length: many }, (_, index) =>
    fetchedObject('8000000000000065', begin + index * 1800, 1800, [
      { bucket: `bucket-${index % 7}`, userId: `a${index % 5}`, put: 1 },
    ]),
  );
  const now = Date.UTC(2026, 11, 1);
  await archive.write('ingestObjects', { objects: objects.slice(0, few), now });
  const { fileName: ofFew } = await archive.write('backUp', { reason: 'demand' });
  await archive.write('ingestObjects', { objects: objects.slice(few), now });
  const { fileName: ofMany } = await archive.write('backUp', { reason: 'demand' });
  await archive.close();
  return { directory, ofFew, ofMany };
}

/** Kills the program some milliseconds into one of its steps. */
async function killed(order: BackupOrder, step: number, after: number): Promise<void> {
  const child = fork(programPath(import.meta.url, './backup-until-killed.ts'), {
    stdio: 'inherit',
  });
  await once(child, 'message');
  const exited = once(child, 'exit');
  child.send(order);
  for (let steps = 0; steps < step; steps += 1) await once(child, 'message');
  await pause(after);
  child.kill('SIGKILL');
  await exited;
}

function objectsIn(path: string): number {
  const database = new DatabaseSync(path);
  try {
    expect(database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check).toBe('ok');
    return Number(database.prepare('SELECT count(*) AS n FROM usage_object').get()?.n);
  } finally {
    database.close();
  }
}

it('lists no part of a backup that was killed, and clears it at the next opening', async () => {
  const { directory } = await filled();
  const random = new SeededRandom(7);
  const folder = join(directory, 'archive-backups');
  const partial = () => readdirSync(folder).filter((name) => name.includes('.partial'));
  let parts = 0;
  // until one was killed in the middle of its file
  for (let kill = 0; kill < 4 || parts === 0; kill += 1) {
    const order = { archive: archivePath(directory), restore: [] };
    await killed(order, 1 + random.below(3), random.below(25));
    parts += partial().length;
    for (const { path } of listBackups(directory)) {
      expect(path).not.toContain('partial');
      expect([few, many]).toContain(objectsIn(path));
    }
    const archive = await openArchive(directory);
    expect(await archive.read('extent', undefined as never)).toMatchObject({ objects: many });
    await archive.close();
    expect(partial()).toEqual([]);
  }
});

it('loses nothing by a restore that is killed in the middle', async () => {
  const { directory, ofFew, ofMany } = await filled();
  const random = new SeededRandom(7);
  const path = archivePath(directory);
  for (let kill = 0; kill < 5; kill += 1) {
    await killed(
      { archive: path, restore: [ofFew, ofMany] },
      1 + random.below(4),
      random.below(25),
    );
    expect(existsSync(path)).toBe(true);
    // Old or new, whole; where it is neither sure nor whole it is refused by name, never begun again.
    const found = await openArchive(directory).then(
      async (archive) => {
        const { objects } = await archive.read('extent', undefined as never);
        await archive.close();
        return objects;
      },
      (thrown: unknown) => thrown,
    );
    if (found instanceof Error) expect((found as AppError).code).toBe('ARCHIVE_DAMAGED');
    else expect([few, many]).toContain(found);
    const backups = listBackups(directory);
    expect(backups.map(({ fileName }) => fileName)).toContain(ofMany);
    restoreBackup(directory, ofMany);
    expect(existsSync(`${path}.restoring`)).toBe(false);
    expect(objectsIn(path)).toBe(many);
  }
});
