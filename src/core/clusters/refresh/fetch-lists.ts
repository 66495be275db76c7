import { AppError, toAppError } from '#shared/errors.ts';
import type { Gateway, RawList, Route } from '../../gateway/model/gateway.ts';
import type { RefreshFeed, Snapshot } from '../../store/snapshot/snapshot.ts';

/** What {@link fetchLists} works with. */
export interface ListFetch extends Pick<RefreshFeed, 'onProgress' | 'mayTakeAway'> {
  gateway: Pick<Gateway, 'streamUsers' | 'streamBuckets'>;
  snapshot: Pick<Snapshot, 'refresh'>;
  signal: AbortSignal;
}

/**
 * Fetches both lists into the snapshot, as bytes: nothing of them is parsed in this thread. Returns what
 * was taken in, and the proxies that the answers name.
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
  // A list is asked for when it is about to be read, so that no answer waits until it times out.
  async function* chunksOf(ask: () => Promise<RawList>): AsyncGenerator<Uint8Array> {
    const list = await ask();
    requestId = list.requestId;
    if (list.route && !route?.transformed) route = list.route;
    yield* list.chunks;
  }
  try {
    const refreshed = await snapshot.refresh({
      users: chunksOf(() => gateway.streamUsers({ signal })),
      buckets: chunksOf(() => gateway.streamBuckets({ signal })),
      signal,
      mayTakeAway,
      ...(onProgress ? { onProgress } : {}),
    });
    return { refreshed, route: route as Route | null };
  } catch (thrown) {
    const error = toAppError(thrown);
    const unreadable = error.code.startsWith('ANSWER_') && error.requestId === undefined;
    if (!unreadable || requestId === undefined) throw error;
    throw new AppError({ ...error.toData(), requestId });
  }
}
