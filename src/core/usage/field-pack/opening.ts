import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { holdsArchive } from '../../clusters/connections/connection-folders.ts';
import { isProcessRunning } from '../../platform/files/write-file-atomically.ts';

const pattern = /^opening-(\d+)-[0-9a-f-]{36}$/;
const underWay = new Set<string>();

/** Names an opening after its process, to recognise leftovers of a killed one. */
export function beginOpening(): string {
  const name = `opening-${process.pid}-${randomUUID()}`;
  underWay.add(name);
  return name;
}

export function endOpening(name: string): void {
  underWay.delete(name);
}

/** Whether a name is that of an abandoned opening. */
function isLeft(name: string): boolean {
  const processId = pattern.exec(name)?.[1];
  if (processId === undefined) return false;
  // an earlier process may have had this one's number
  if (Number(processId) === process.pid) return !underWay.has(name);
  return !isProcessRunning(Number(processId));
}

/** Deletes folders that killed consoles unpacked packs into. */
export async function dropLeft(dataDir: string): Promise<void> {
  for (const name of (await readdir(dataDir)).filter(isLeft)) {
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/**
 * Takes the folders of clusters away that were being added when a console was killed: each holds the
 * name of its opening.
 * @param known ids of the saved connections
 */
export async function dropUnsaved(dataDir: string, known: ReadonlySet<string>): Promise<void> {
  const parent = join(dataDir, 'connections');
  for (const id of await readdir(parent).catch(() => [])) {
    const path = join(parent, id);
    if (known.has(id) || holdsArchive(path)) continue;
    const names = await readdir(path).catch(() => []);
    if (names.some(isLeft)) await rm(path, { recursive: true, force: true });
  }
}
