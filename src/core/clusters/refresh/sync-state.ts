import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { timestamp } from '#shared/contract/define.ts';
import { appErrorData } from '#shared/contract/error-data.ts';
import { heldBack, proxyRoute, setAsideRows } from '#shared/contract/sync.ts';

const syncState = z.object({
  offlineSince: timestamp.optional(),
  failingSince: timestamp.optional(),
  /** When the gateway first answered anything, a connection test included. */
  answeredAt: timestamp.optional(),
  error: appErrorData.optional(),
  heldBack: heldBack.optional(),
  /** Proxies that the last lists came through. */
  route: proxyRoute.optional(),
  /** Statistics objects that could not be read, as of the last collection. */
  objects: setAsideRows.optional(),
});

/** What is remembered of the last attempt to reach the gateway; no error when it answered. */
export type SyncState = z.output<typeof syncState>;

function statePath(directory: string): string {
  return join(directory, 'sync-state.json');
}

/** Reads what was remembered in a connection's directory. A file that can't be read says nothing. */
export async function readSyncState(directory: string): Promise<SyncState> {
  try {
    return syncState.parse(JSON.parse(await readFile(statePath(directory), 'utf8')));
  } catch {
    return {};
  }
}

/** Remembers it, whole or not at all. */
export async function writeSyncState(directory: string, state: SyncState): Promise<void> {
  const path = statePath(directory);
  await writeFile(`${path}.part`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.part`, path);
}
