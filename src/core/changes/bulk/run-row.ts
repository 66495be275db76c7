import { setTimeout as delay } from 'node:timers/promises';
import { AppError, toAppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import { pauseIfTurnedAway } from '../../gateway/transport/retry.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { BulkRowState, StoredRow } from '../../store/archive/queries/bulk.ts';
import { rowStates } from '../journal/journal.ts';
import { preconditionOf } from '../operations/catalogue/fields.ts';
import {
  type OperationName,
  type OperationTarget,
  parseInput,
} from '../operations/catalogue/operation.ts';
import type { OperationEngine } from '../operations/engine.ts';
import { contradicts } from '../operations/perform.ts';
import { fieldsNow, fieldsShow } from '../operations/recheck.ts';

export interface RowWork {
  connectionId: string;
  runId: string;
  ticket: string | null;
  engine: OperationEngine;
  archive: Archive;
  controls: Pick<TaskControls, 'signal' | 'checkpoint'>;
}

export interface RowEnd {
  state: BulkRowState;
  error: AppError | null;
}

/** After these errors the rest would fail the same way: the run stops, and the row stays pending. */
const endsTheRun: ReadonlySet<string> = new Set([
  'CONNECTION_LOCKED',
  'CONNECTION_READ_ONLY',
  'PLAIN_HTTP',
  'CONNECTION_OFFLINE',
  'CONNECTION_NOT_FOUND',
  'CREDENTIAL_MISSING',
  'ACCESS_KEY_UNKNOWN',
  'SIGNATURE_REFUSED',
  'CLOCK_SKEWED',
  'CANCELLED',
  'DISK_FAILED',
  'ARCHIVE_DAMAGED',
  'ARCHIVE_REPLACED',
]);

export function stopsRun(error: AppError): boolean {
  return endsTheRun.has(error.code);
}

export function targetOf(row: StoredRow): OperationTarget {
  return {
    kind: row.targetKind as OperationTarget['kind'],
    id: row.targetId,
    name: row.targetName,
  };
}

/**
 * Does one row: a row that was being sent when the console ended is first looked for, and only what
 * did not happen is sent. One that can't be looked for now stays as it is, for the next time.
 * Rejects only with what {@link stopsRun}.
 */
export async function runRow(work: RowWork, row: StoredRow): Promise<RowEnd> {
  if (row.state === 'sending') {
    try {
      const found = await foundDone(work, row);
      if (found) return found;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (stopsRun(error)) throw error;
      return { state: 'sending', error };
    }
  }
  try {
    return await sendInTime(work, row, row.state === 'sending' ? undefined : expectedOf(row));
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.details?.journalId === undefined) {
      if (stopsRun(error)) throw error;
      const step = { of: { runId: work.runId, row: row.row }, state: 'failed' } as const;
      const text = JSON.stringify(error.toData());
      await work.archive.write('stepRows', { steps: [{ ...step, error: text }] });
    } else if (stopsRun(error)) throw error;
    return { state: 'failed', error };
  }
}

function expectedOf(row: StoredRow): string | undefined {
  if (!row.beforeKnown) return undefined;
  const before = JSON.parse(row.before) as Fields;
  return preconditionOf({ target: targetOf(row), before, after: {} });
}

/** Sends a write again that the gateway refused with a rate limit, after the time it asked for. */
async function sendInTime(
  work: RowWork,
  row: StoredRow,
  expected: string | undefined,
): Promise<RowEnd> {
  const { signal, checkpoint } = work.controls;
  for (let made = 1; ; made += 1) {
    try {
      return await send(work, row, expected, (error) => pauseIfTurnedAway(error, made) !== null);
    } catch (thrown) {
      const pause = pauseIfTurnedAway(toAppError(thrown), made);
      if (pause === null) throw thrown;
      await delay(pause, undefined, { signal }).catch(() => undefined); // The checkpoint says why.
      await checkpoint();
    }
  }
}

async function send(
  { connectionId, runId, ticket, engine }: RowWork,
  row: StoredRow,
  expected: string | undefined,
  goesAgain: (error: AppError) => boolean,
): Promise<RowEnd> {
  const name = row.operation as OperationName;
  const own = JSON.parse(row.input) as Record<string, unknown>;
  const input = parseInput(name, connectionId, {
    ...own,
    ...(ticket === null ? {} : { ticket }),
    ...(expected === undefined ? {} : { expected }),
  });
  const { outcome } = await engine.run(name, input, {
    row: { runId, row: row.row },
    ...(row.reason === null ? {} : { reason: row.reason }),
    acceptDone: true,
    confirmed: true,
    quiet: true,
    keepsRow: (error) => stopsRun(error) || goesAgain(error),
  });
  return { state: rowStates[outcome.result], error: null };
}

/**
 * Resolves a row that was under way when the console ended, by reading alone.
 * @returns how it ended, or null where it did not happen
 */
async function foundDone(
  { connectionId, engine }: RowWork,
  row: StoredRow,
): Promise<RowEnd | null> {
  if (row.journalId === null) return null;
  const { journal } = engine;
  const intent = await journal.intent(connectionId, row.journalId);
  const name = row.operation as OperationName;
  const input = parseInput(name, connectionId, intent.input);
  const { lastingReader } = await engine.contextOf(connectionId);
  const now = await fieldsNow(name, input, lastingReader);
  if (fieldsShow(intent.before, intent.after, now)) {
    const outcome = { result: 'verified', requestId: null, error: null } as const;
    await journal.close(connectionId, row.journalId, outcome);
    return { state: 'verified', error: null };
  }
  const changed = contradicts(intent.before, intent.after, now);
  const error = interrupted(row, changed, row.journalId);
  const outcome = { result: 'unknown', requestId: null, error: error.toData() } as const;
  // Pending until it is sent again: the console may end again before that.
  await journal.close(connectionId, row.journalId, outcome, changed ? 'as-result' : 'pending');
  return changed ? { state: 'failed', error } : null;
}

function interrupted(row: StoredRow, changed: boolean, journalId: string): AppError {
  return new AppError({
    code: changed ? 'TARGET_CHANGED' : 'WRITE_NOT_CONFIRMED',
    message: changed
      ? `The console ended while ${row.targetName} was being changed, and its current state matches neither the old nor the intended one.`
      : `The console ended while ${row.targetName} was being changed; reading shows that it did not happen.`,
    hint: changed
      ? 'Check the target and decide again.'
      : 'It is sent again, once, under a new entry.',
    details: { journalId },
  });
}
