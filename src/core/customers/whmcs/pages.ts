import { AppError } from '#shared/errors.ts';
import type { WhmcsClient } from './client.ts';
import { rowsOf, textOf, type WhmcsAnswer } from './read-answer.ts';

/** A list that is read in pages. */
export interface PagedList {
  action: string;
  /** Name of the list, and of one row in it. */
  plural: string;
  singular: string;
  fields?: Record<string, string | number>;
}

const pageSize = 250;
const mostPages = 20_000;
const mostRounds = 3;

/**
 * Reads a list whole, in pages of 250. Offsets shift while rows come and go, so rows are told apart
 * by id, and the list is read once more where fewer came than there are.
 * @returns each row once
 * @throws AppError `BILLING_LIST_UNSTABLE` where the list changed through every round
 */
export async function* pagesOf(
  client: WhmcsClient,
  list: PagedList,
  signal?: AbortSignal,
): AsyncGenerator<WhmcsAnswer[]> {
  const seen = new Set<string>();
  for (let round = 0; round < mostRounds; round += 1) {
    let total = 0;
    let start = 0;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await client.read(
        list.action,
        { ...list.fields, limitstart: start, limitnum: pageSize },
        { signal },
      );
      const rows = rowsOf(answer[list.plural], list.singular);
      total = Number(textOf(answer.totalresults)) || seen.size;
      if (rows.length === 0) break;
      const fresh = rows.filter((row) => !seen.has(textOf(row.id)));
      for (const row of fresh) seen.add(textOf(row.id));
      if (fresh.length > 0) yield fresh;
      start += rows.length;
      if (start >= total) break;
    }
    if (seen.size >= total) return;
  }
  throw new AppError({
    code: 'BILLING_LIST_UNSTABLE',
    message: `The list of ${list.plural} in WHMCS changed while it was read, three times.`,
    hint: 'Refresh again in a while; what was read before stays.',
    retryable: true,
  });
}
