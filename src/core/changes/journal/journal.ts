import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, type AppErrorData, notFound, toAppError } from '#shared/errors.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type {
  BulkRowReference,
  JournalIntent,
  JournalOutcome,
  JournalPort,
  RowAfter,
} from '../../store/archive/journal-port.ts';
import type { JournalSummary } from '../../store/archive/merge/merge-journals.ts';
import type { RowStep } from '../../store/archive/queries/bulk.ts';
import type { JournalBody } from '../../store/archive/queries/journal-head.ts';
import type { JournalPair, JournalQuery } from '../../store/archive/queries/journal-lists.ts';

/**
 * Gathers what is to be stored while an earlier commit is under way, so that many writers share one
 * durable commit. Each `add` resolves once its own item is on the disk.
 */
export class CommitQueue<Item> {
  readonly #commit: (items: Item[]) => Promise<unknown>;
  #waiting: { item: Item; resolve(): void; reject(error: unknown): void }[] = [];
  #committing = false;

  /** @param commit stores all or none of the items */
  constructor(commit: (items: Item[]) => Promise<unknown>) {
    this.#commit = commit;
  }

  /** Stores one item; rejects with what the commit rejected with. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#committing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#commit(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    this.#committing = false;
  }
}

export type JournalRow = CallOutput<'journal.list'>['rows'][number];

type ArchiveOf = (connectionId: string) => Promise<Archive>;

/** The operation that reverses an entry; undefined if there is none. */
export type InverseOf = (intent: JournalIntent) => JournalRow['inverse'];

/** An entry and the row of a bulk run that moves with it. */
interface JournalRecord {
  body: JournalBody;
  step?: RowStep;
}

/** State of a bulk run's row after each result of its write. */
export const rowStates: Record<JournalOutcome['result'], RowStep['state']> = {
  verified: 'verified',
  sent: 'sent',
  unchanged: 'unchanged',
  done: 'verified',
  unknown: 'failed',
  refused: 'failed',
};

/** The operator's name in the operating system, or the user's number. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Intent and outcome of a change that is done by the transaction that records it. */
export function doneEntries(intent: JournalIntent, at: number): JournalBody[] {
  const journalId = randomUUID();
  const outcome: JournalOutcome = { result: 'done', requestId: null, error: null };
  return [
    { ...intent, journalId, kind: 'intent', at, operator: operatorName() },
    { ...outcome, journalId, kind: 'outcome', at },
  ];
}

/** The journal: intents and outcomes of every write, in the archive of the connection. */
export class Journal implements JournalPort {
  readonly #archiveOf: ArchiveOf;
  readonly #inverseOf: InverseOf;
  readonly #queues = new WeakMap<Archive, CommitQueue<JournalRecord>>();
  /** Changes between intent and outcome, by connection. */
  readonly #underWay = new Map<string, Set<string>>();

  constructor(archiveOf: ArchiveOf, inverseOf: InverseOf = () => undefined) {
    this.#archiveOf = archiveOf;
    this.#inverseOf = inverseOf;
  }

  async open(intent: JournalIntent, row?: BulkRowReference): Promise<string> {
    const journalId = randomUUID();
    const { connectionId } = intent;
    const at = Date.now();
    const body = { ...intent, journalId, kind: 'intent', at, operator: operatorName() } as const;
    this.#begin(connectionId, journalId);
    try {
      await this.#append(connectionId, {
        body,
        ...(row ? { step: { of: row, state: 'sending', journalId } } : {}),
      });
    } catch (thrown) {
      this.#end(connectionId, journalId);
      throw thrown;
    }
    return journalId;
  }

  async close(
    connectionId: string,
    journalId: string,
    outcome: JournalOutcome,
    row: RowAfter = 'as-result',
  ): Promise<void> {
    const { result, requestId, error } = outcome;
    const toDo = row === 'pending';
    const appended = this.#append(connectionId, {
      body: { ...outcome, journalId, kind: 'outcome', at: Date.now() },
      step: {
        of: { journalId },
        state: toDo ? 'pending' : rowStates[result],
        error: error === null || toDo ? null : JSON.stringify(error),
        requestId,
      },
    });
    await appended.finally(() => this.#end(connectionId, journalId));
  }

  /** Whether a change of this connection is between intent and outcome. */
  isUnderWay(connectionId: string): boolean {
    return this.#underWay.has(connectionId);
  }

  /** Throws `TASK_BUSY`, saying what was not done, while a change of this connection is between intent and outcome. */
  assertIdle(connectionId: string, notDone: string): void {
    if (!this.isUnderWay(connectionId)) return;
    throw new AppError({
      code: 'TASK_BUSY',
      message: `A change of this cluster is in progress, so ${notDone}.`,
      hint: 'Wait until it has ended, then try again.',
      retryable: true,
    });
  }

  /**
   * Puts on record what the console does on its own: nothing is sent for it.
   * @param act does it once the intent is on record; where it rejects, so does this
   */
  async note(intent: JournalIntent, act?: () => Promise<void>): Promise<void> {
    const journalId = await this.open(intent);
    const close = (result: 'done' | 'refused', error: AppErrorData | null): Promise<void> =>
      this.close(intent.connectionId, journalId, { result, requestId: null, error });
    try {
      await act?.();
    } catch (thrown) {
      await close('refused', toAppError(thrown).toData());
      throw thrown;
    }
    await close('done', null);
  }

  async intent(connectionId: string, journalId: string): Promise<JournalIntent> {
    const archive = await this.#archiveOf(connectionId);
    const pair = await archive.read('findJournal', { journalId });
    if (pair) return JSON.parse(pair.intent) as JournalIntent;
    throw notFound(
      'The journal of this connection has no entry of that id.',
      'Take the id from the Journal page of the same connection.',
    );
  }

  /** One page, newest first. */
  async list(
    connectionId: string,
    query: JournalQuery,
  ): Promise<{ total: number; rows: JournalRow[] }> {
    const archive = await this.#archiveOf(connectionId);
    const { chain, total, rows } = await archive.read('listJournal', query);
    // What another workstation did is reversed there: it may have done so since.
    const inverseOf: InverseOf = chain === null ? this.#inverseOf : () => undefined;
    return {
      total,
      rows: rows.map((pair) => toRow(pair, inverseOf)),
    };
  }

  /** How many rows a list has, and when the first of them were put on record, newest first. */
  async times(connectionId: string, query: JournalQuery) {
    const archive = await this.#archiveOf(connectionId);
    return archive.read('journalTimes', query);
  }

  async operators(connectionId: string): Promise<string[]> {
    const archive = await this.#archiveOf(connectionId);
    return archive.read('journalOperators');
  }

  /** Recomputes the chain. */
  async verify(connectionId: string): Promise<CallOutput<'journal.verify'>> {
    const archive = await this.#archiveOf(connectionId);
    const { entries, head, sealed, problems } = await archive.read('verifyJournal');
    const { total: acts } = await archive.read('listJournal', { offset: 0, limit: 1 });
    return { ok: problems.length === 0, entries, acts, head, sealed, problems };
  }

  async chains(connectionId: string): Promise<CallOutput<'journal.chains'>> {
    const archive = await this.#archiveOf(connectionId);
    const chains = await archive.read('mergedJournals');
    return chains.map(({ source, mergedAt, ...journal }) => ({
      ...toWireChain(journal),
      source,
      mergedAt: new Date(mergedAt).toISOString(),
    }));
  }

  #begin(connectionId: string, journalId: string): void {
    const known = this.#underWay.get(connectionId) ?? new Set();
    this.#underWay.set(connectionId, known.add(journalId));
  }

  #end(connectionId: string, journalId: string): void {
    const known = this.#underWay.get(connectionId);
    known?.delete(journalId);
    if (known?.size === 0) this.#underWay.delete(connectionId);
  }

  async #append(connectionId: string, record: JournalRecord): Promise<void> {
    const archive = await this.#archiveOf(connectionId);
    const known = this.#queues.get(archive);
    const queue =
      known ??
      new CommitQueue((records) =>
        archive.write('appendJournal', {
          bodies: records.map(({ body }) => body),
          steps: records.flatMap(({ step }) => (step ? [step] : [])),
        }),
      );
    if (!known) this.#queues.set(archive, queue);
    await queue.add(record);
  }
}

export function toWireChain({
  chain,
  entries,
  from,
  to,
  operators,
  problems,
}: Omit<JournalSummary, 'new'>) {
  const [begin, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
  return { chain, entries, from: begin, to: end, operators, ok: problems.length === 0 };
}

function toRow({ sequence, intent, outcome, run }: JournalPair, inverseOf: InverseOf): JournalRow {
  const opened = JSON.parse(intent) as JournalIntent & {
    journalId: string;
    at: number;
    operator: string;
  };
  const closed = outcome === null ? null : (JSON.parse(outcome) as JournalOutcome & { at: number });
  const tookEffect = closed?.result === 'verified' || closed?.result === 'sent';
  const inverse = tookEffect ? inverseOf(opened) : undefined;
  return {
    journalId: opened.journalId,
    sequence,
    at: new Date(opened.at).toISOString(),
    endedAt: closed ? new Date(closed.at).toISOString() : null,
    operator: opened.operator,
    connectionName: opened.connectionName,
    endpoint: opened.endpoint,
    operation: opened.operation,
    title: opened.title,
    target: closed?.target ?? opened.target,
    before: opened.before as Record<string, string | null>,
    after: (closed?.after ?? opened.after) as Record<string, string | null>,
    requests: opened.requests ?? [],
    result: closed?.result ?? 'open',
    requestId: closed?.requestId ?? null,
    ticket: opened.ticket,
    runId: opened.runId,
    reason: opened.reason ?? null,
    error: closed?.error ?? null,
    ...(inverse ? { inverse } : {}),
    ...(run ? { run } : {}),
  };
}
