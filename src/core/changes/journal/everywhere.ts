import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import type { Journal } from './journal.ts';

type Everywhere = CallOutput<'journal.everywhere'>;

export interface EveryJournal {
  journal: Pick<Journal, 'list' | 'times' | 'operators'>;
  connections: { list(): Promise<SavedConnection[]> };
}

/** One page of the journals of all clusters, merged by time; what can't be read is named. */
export async function listEverywhere(
  { journal, connections }: EveryJournal,
  { offset, limit, ...query }: ParsedInput<'journal.everywhere'>,
): Promise<Everywhere> {
  const unread: Everywhere['unread'] = [];
  const found = await inTurn(await connections.list(), unread, async ({ id }) => {
    const { total, times } = await journal.times(id, { ...query, offset, limit });
    return { connectionId: id, total, times };
  });
  const rows: Everywhere['rows'] = [];
  for (const { index, from, to } of rangesOnPage(
    found.map(({ times }) => times),
    offset,
    limit,
  )) {
    const { connectionId = '' } = found[index] ?? {};
    const page = { ...query, offset: from, limit: to - from };
    const read = await journal.list(connectionId, page);
    rows.push(...read.rows.map((row) => ({ ...row, connectionId })));
  }
  // Stable: entries of one journal stay in its order.
  rows.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  return { total: found.reduce((sum, { total }) => sum + total, 0), rows, unread };
}

export async function listOperators(
  { journal, connections }: EveryJournal,
  connectionId: string | undefined,
): Promise<string[]> {
  if (connectionId !== undefined) return journal.operators(connectionId);
  const names = await inTurn(await connections.list(), [], ({ id }) => journal.operators(id));
  return [...new Set(names.flat())].sort(compareNames);
}

/** Asks one cluster after another, so that a console of many does not open all archives at once. */
async function inTurn<Result>(
  all: readonly SavedConnection[],
  unread: Everywhere['unread'],
  ask: (connection: SavedConnection) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const connection of all) {
    try {
      results.push(await ask(connection));
    } catch (thrown) {
      const reason = toAppError(thrown).message;
      unread.push({ connectionId: connection.id, connectionName: connection.name, reason });
    }
  }
  return results;
}

/**
 * Returns which rows `[from, to)` of each list are on a page of all of them merged.
 * @param lists the times of each list's rows, newest first
 */
export function rangesOnPage(
  lists: readonly (readonly number[])[],
  offset: number,
  limit: number,
): { index: number; from: number; to: number }[] {
  const heads = lists.map(() => 0);
  const starts = new Map<number, number>();
  for (let place = 0; place < offset + limit; place += 1) {
    let newest = -1;
    let newestAt = Number.NEGATIVE_INFINITY;
    lists.forEach((times, index) => {
      const at = times[heads[index] ?? 0];
      if (at !== undefined && at > newestAt) [newest, newestAt] = [index, at];
    });
    if (newest < 0) break;
    const head = heads[newest] ?? 0;
    if (place >= offset && !starts.has(newest)) starts.set(newest, head);
    heads[newest] = head + 1;
  }
  return [...starts].map(([index, from]) => ({ index, from, to: heads[index] ?? from }));
}
