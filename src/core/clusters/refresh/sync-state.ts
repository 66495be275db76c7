import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { appErrorData, timestamp } from '#shared/contract/define.ts';
import { heldBack, proxyRoute, setAsideRows } from '#shared/contract/sync.ts';
import { AppError, invalidInput, toAppError } from '#shared/errors.ts';
import { measureSkew } from '../../gateway/answers/clock-skew.ts';
import type { Gateway, RawList, Route } from '../../gateway/model/gateway.ts';
import { aboutConnection, type JournalIntent } from '../../store/archive/journal-port.ts';
import type { TakenAway } from '../../store/snapshot/refresh/taken-away.ts';
import type { RefreshFeed, Snapshot } from '../../store/snapshot/snapshot.ts';
import type { SavedConnection } from '../clusters.ts';

interface ListFetch extends Pick<RefreshFeed, 'onProgress' | 'mayTakeAway'> {
  gateway: Pick<Gateway, 'streamUsers' | 'streamBuckets' | 'certificateUntil'>;
  snapshot: Pick<Snapshot, 'refresh'>;
  signal: AbortSignal;
}

/**
 * Fetches both lists into the snapshot, as bytes: nothing of them is parsed in this thread. Returns what
 * was taken in, the proxies that the answers name, and what was seen of certificate and clock.
 * Rejects with an `AppError` that names the request whose answer could not be read.
 */
export async function fetchLists({
  gateway,
  snapshot,
  signal,
  mayTakeAway,
  onProgress,
}: ListFetch) {
  let requestId: string | undefined;
  let route: Route | null = null;
  let skewSeconds: number | undefined;
  const onDate = (date: string | undefined): void => {
    skewSeconds ??= measureSkew(date, new Date()) ?? undefined;
  };
  const certificate = gateway.certificateUntil?.(signal).catch(() => null);
  // A list is asked for when it is about to be read, so that no answer waits until it times out.
  async function* chunksOf(ask: () => Promise<RawList>): AsyncGenerator<Uint8Array> {
    const list = await ask();
    requestId = list.requestId;
    if (list.route && !route?.transformed) route = list.route;
    yield* list.chunks;
  }
  try {
    const refreshed = await snapshot.refresh({
      users: chunksOf(() => gateway.streamUsers({ signal, onDate })),
      buckets: chunksOf(() => gateway.streamBuckets({ signal })),
      signal,
      mayTakeAway,
      ...(onProgress ? { onProgress } : {}),
    });
    const certificateUntil = (await certificate) ?? undefined;
    return { refreshed, route: route as Route | null, seen: { certificateUntil, skewSeconds } };
  } catch (thrown) {
    const error = toAppError(thrown);
    const unreadable = error.code.startsWith('ANSWER_') && error.requestId === undefined;
    if (!unreadable || requestId === undefined) throw error;
    throw new AppError({ ...error.toData(), requestId });
  }
}

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
  /** When the certificate of the gateway expires, as of the last refresh over https. */
  certificateUntil: timestamp.optional(),
  /** By how many seconds this computer's clock was ahead of the gateway's. */
  skewSeconds: z.int().optional(),
});

/** The state after the last attempt to reach the gateway; no error if it answered. */
export type SyncState = z.output<typeof syncState>;

function statePath(directory: string): string {
  return join(directory, 'sync-state.json');
}

/** Reads the saved state of a connection. An unreadable file counts as empty. */
export async function readSyncState(directory: string): Promise<SyncState> {
  try {
    return syncState.parse(JSON.parse(await readFile(statePath(directory), 'utf8')));
  } catch {
    return {};
  }
}

/** Writes the state atomically. */
export async function writeSyncState(directory: string, state: SyncState): Promise<void> {
  const path = statePath(directory);
  await writeFile(`${path}.part`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.part`, path);
}

/** Records what the console does on its own, before and after. */
export type RecordEntry = (entry: JournalIntent, act: () => Promise<void>) => Promise<void>;

const details = heldBack.omit({ at: true });

/** Returns what held-back lists would remove; null for any other error. */
export function takenAwayIn(error: AppError): TakenAway | null {
  if (error.code !== 'REFRESH_HELD_BACK') return null;
  return details.parse(error.details?.takenAway);
}

/** Returns what the journal says of lists that are taken in although they are much shorter. */
export function acceptedEntry(
  connection: SavedConnection,
  { users, buckets }: TakenAway,
): JournalIntent {
  return {
    ...aboutConnection(connection),
    operation: 'sync.acceptShorter',
    title: 'Accept shorter lists',
    before: { users: String(users.before), buckets: String(buckets.before) },
    after: { users: String(users.after), buckets: String(buckets.after) },
  };
}

export function nothingHeldBack(): AppError {
  return invalidInput(
    'No shorter lists of this cluster are held back.',
    'Refresh the cluster; what the gateway answers is shown if it lacks more than half.',
  );
}
