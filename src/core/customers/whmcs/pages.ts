import { AppError, toAppError } from '#shared/errors.ts';
import type { WhmcsClient } from './client.ts';
import { rowsOf, textOf, type WhmcsAnswer } from './read-answer.ts';

export interface PagedList {
  action: string;
  /** Name of the list, and of one row in it. */
  plural: string;
  singular: string;
  fields?: Record<string, string | number>;
}

const pageSize = 250;
/** Rows that each page repeats of the one before: as many can be deleted meanwhile and none is missed. */
const repeated = 10;
const mostPages = 20_000;
const mostRounds = 3;

/** Returns an answer without rows for an action that says "No … found" where others list nothing. */
export function noMatch(thrown: unknown): WhmcsAnswer {
  if (toAppError(thrown).details?.nothingListed === true) return {};
  throw thrown;
}

/**
 * Reads a list whole, in pages of 250. Offsets shift while rows come and go, so rows are distinguished
 * by id, each page begins with the last rows of the one before, and the list is read once more where
 * it begins with none of them, or fewer came than there are.
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
    // null while no answer says how many there are, or one says fewer than came
    let total: number | null = null;
    let start = 0;
    let moved = false;
    let overlaps = false;
    const ofRound = new Set<string>();
    for (let page = 0; page < mostPages; page += 1) {
      const fields = { ...list.fields, limitstart: start, limitnum: pageSize };
      const answer = await client.read(list.action, fields, { signal }).catch(noMatch);
      const rows = rowsOf(answer[list.plural], list.singular);
      const stated = textOf(answer.totalresults);
      if (stated !== '') total = Number(stated) >= start + rows.length ? Number(stated) : null;
      moved ||= overlaps && !ofRound.has(textOf(rows[0]?.id));
      const known = ofRound.size;
      for (const row of rows) ofRound.add(textOf(row.id));
      if (ofRound.size === known) break; // the end, or a page that repeats what came before
      const fresh = rows.filter((row) => !seen.has(textOf(row.id)));
      for (const row of fresh) seen.add(textOf(row.id));
      if (fresh.length > 0) yield fresh;
      if (total !== null && start + rows.length >= total) break;
      overlaps = rows.length > 1;
      start += Math.max(1, rows.length - repeated);
    }
    if (!moved && (total === null || seen.size >= total)) return;
  }
  throw new AppError({
    code: 'BILLING_LIST_UNSTABLE',
    message: `The list of ${list.plural} in WHMCS changed while it was read, three times.`,
    hint: 'Refresh again later; what was read before is kept.',
    retryable: true,
  });
}
