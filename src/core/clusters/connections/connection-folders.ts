import { existsSync, statSync } from 'node:fs';
import { access, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOutput } from '#shared/contract/index.ts';
import { ensurePrivateDirectory } from '../../platform/files/data-directory.ts';
import { makeFolder } from '../../platform/files/make-folder.ts';
import { writeFileAtomically } from '../../platform/files/write-file-atomically.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import { readRecord } from '../../store/archive/file/archive-record.ts';
import { type StoredConnection, storedConnection } from './connection-file.ts';

type OrphanedFolder = CallOutput<'connections.orphans'>[number];

/** What can't be fetched again, or says that it was there. */
const precious = [
  'archive.sqlite',
  'archive.sqlite-wal',
  'archive-backups',
  'archive-record.json',
  'journal-head.json',
];

const idPattern = /^[a-z0-9-]{1,64}$/;

export function holdsArchive(directory: string): boolean {
  return precious.some((name) => existsSync(join(directory, name)));
}

/** The folders with archives that no connection in `known` names: `connections.json` may be lost. */
export async function findOrphans(
  dataDir: string,
  known: ReadonlySet<string>,
): Promise<OrphanedFolder[]> {
  const parent = join(dataDir, 'connections');
  const names = await readdir(parent).catch(() => []);
  const orphans = names.filter(
    (id) => idPattern.test(id) && !known.has(id) && holdsArchive(join(parent, id)),
  );
  return Promise.all(orphans.map((id) => lookInto(join(parent, id), id)));
}

/** Says that archives are there which no connection names, as after `connections.json` was lost. */
export async function noticeOrphans(
  dataDir: string,
  known: ReadonlySet<string>,
  notices: NoticeBoard,
): Promise<void> {
  const orphans = await findOrphans(dataDir, known);
  if (orphans.length === 0) return;
  const names = orphans.map(({ id, connection }) => connection?.name ?? id).join(', ');
  notices.add({
    severity: 'warning',
    message: `Archives without a connection were found: ${names}.`,
    hint: 'Restore their connections on the Connections page to use them again.',
  });
}

async function lookInto(path: string, id: string): Promise<OrphanedFolder> {
  const archive = join(path, 'archive.sqlite');
  const record = readRecord(archive);
  const copy = await readCopy(path, id);
  return {
    id,
    path,
    bytes: statSync(archive, { throwIfNoEntry: false })?.size ?? 0,
    objects: record?.objects ?? null,
    journalEntries: record?.entries ?? null,
    connection: copy
      ? { name: copy.name, endpoint: copy.endpoint, accessKeyId: copy.accessKeyId }
      : null,
  };
}

/** The copy of a connection in its own folder; null where there is none that can be read. */
export async function readCopy(path: string, id: string): Promise<StoredConnection | null> {
  try {
    const text = await readFile(join(path, 'connection.json'), 'utf8');
    const parsed = storedConnection.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.id === id ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Keeps a copy of a connection, without its secret, in its own folder, should the common file be lost. */
export async function keepCopy(dataDir: string, connection: StoredConnection): Promise<void> {
  const path = join(dataDir, 'connections', connection.id);
  const content = `${JSON.stringify(connection, null, 2)}\n`;
  const file = join(path, 'connection.json');
  if ((await readFile(file, 'utf8').catch(() => null)) === content) return;
  await ensurePrivateDirectory(path);
  await writeFileAtomically(file, content);
}

/**
 * Clears away the files of a removed connection: the snapshot goes, since it can be fetched again;
 * the archive is kept, since it can't, and moves to `archive-of-removed/`, which a notice says.
 * @param dataDir the console's data directory; nothing in the connection's own is still open
 */
export async function clearConnectionFiles(
  dataDir: string,
  { id, name }: StoredConnection,
  notices: NoticeBoard,
): Promise<void> {
  const directory = join(dataDir, 'connections', id);
  if (holdsArchive(directory)) {
    const kept = join(dataDir, 'archive-of-removed');
    makeFolder(kept);
    const target = await freeName(join(kept, id));
    await removeRefetchable(directory);
    await rename(directory, target);
    notices.add({
      severity: 'information',
      message: `The connection "${name}" was removed; its archive of usage and journal was kept.`,
      hint: `It is in ${target}; delete that folder when nobody will ask for its figures again.`,
    });
    return;
  }
  await rm(directory, { recursive: true, force: true });
}

/** The snapshot's files (of earlier consoles those of the sweep, too), and how the last refresh ended. */
async function removeRefetchable(directory: string): Promise<void> {
  const names = await readdir(directory);
  const refetchable = names.filter((name) => /^(snapshot|sweep|sync-state)\b/.test(name));
  await Promise.all(refetchable.map((name) => rm(join(directory, name), { force: true })));
}

async function freeName(path: string): Promise<string> {
  let candidate = path;
  for (let number = 2; await exists(candidate); number += 1) candidate = `${path}-${number}`;
  return candidate;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
