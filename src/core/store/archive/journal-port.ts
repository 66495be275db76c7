import type { z } from 'zod';
import type { journalResult, journalTarget } from '#shared/contract/journal.ts';
import type { JournalOperation } from '#shared/contract/journal-operations.ts';
import type { AppErrorData } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';

type JournalResult = z.output<typeof journalResult>;

/** What is about to be done. Holds no secret: no operation's input has one. */
export interface JournalIntent {
  connectionId: string;
  connectionName: string;
  endpoint: string;
  operation: JournalOperation;
  title: string;
  target: z.output<typeof journalTarget>;
  before: Fields;
  after: Fields;
  /** The operation's input, for a later reading of the same target. */
  input: Record<string, unknown>;
  /** Method and URL of each request that writes, without signature. */
  requests?: string[];
  ticket: string | null;
  runId: string | null;
  /** Why a row of a bulk run is done, in words; omitted where nobody said. */
  reason?: string;
}

/** Returns what entries about a connection itself have in common: no ticket, no bulk run. */
export function aboutConnection({
  id,
  name,
  endpoint,
}: {
  id: string;
  name: string;
  endpoint: string;
}) {
  return {
    connectionId: id,
    connectionName: name,
    endpoint,
    target: { kind: 'connection', id, name },
    input: {},
    ticket: null,
    runId: null,
  } as const;
}

export interface JournalOutcome {
  result: Exclude<JournalResult, 'open'>;
  requestId: string | null;
  error: AppErrorData | null;
  /** What came of it, where the intent could not say it; takes the place of the intent's. */
  after?: Fields;
  /** What was made, where only the answer names it (a new user's id); takes the place of the intent's. */
  target?: z.output<typeof journalTarget>;
}

/** The state of a row after its entry ends: by the result, or still pending. */
export type RowAfter = 'as-result' | 'pending';

/** The row of a bulk run that moves with an entry. */
export interface BulkRowReference {
  runId: string;
  row: number;
}

/** Records writes: the intent before anything is sent, the outcome after. */
export interface JournalPort {
  /**
   * On the disk when it resolves, and with it that the row is being sent.
   * @returns the entry's id
   */
  open(intent: JournalIntent, row?: BulkRowReference): Promise<string>;
  /** With it every row of a bulk run moves on whose newest entry this is. */
  close(
    connectionId: string,
    journalId: string,
    outcome: JournalOutcome,
    row?: RowAfter,
  ): Promise<void>;
  /** Throws `NOT_FOUND`. */
  intent(connectionId: string, journalId: string): Promise<JournalIntent>;
}
