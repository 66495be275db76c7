import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import { holdsArchive } from './orphaned-folders.ts';
import type { StoredConnection } from './stored-connection.ts';

/**
 * Clears away the files of a removed connection: the snapshot goes, since it can be fetched again;
 * the archive is kept, since it can't, and moves to `archive-of-removed/`, which a notice says.
 * @param dataDir the console's data directory; nothing in the connection's own is open any more
 */
export async function clearConnectionFiles(
  dataDir: string,
  { id, name }: StoredConnection,
  notices: NoticeBoard,
): Promise<void> {
  const directory = join(dataDir, 'connections', id);
  if (holdsArchive(directory)) {
    const kept = join(dataDir, 'archive-of-removed');
    await mkdir(kept, { recursive: true, mode: 0o700 });
    const target = await freeName(join(kept, id));
    await removeRefetchable(directory);
    await rename(directory, target);
    notices.add({
      severity: 'information',
      message: `The connection "${name}" was removed; its archive of usage and journal was kept.`,
      hint: `It lies in ${target}; delete that folder when nobody will ask for its figures again.`,
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
