import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, toAppError } from '#shared/errors.ts';
import type { Fields } from '#shared/operation-fields.ts';
import type { Clusters } from '../../clusters/clusters.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import { asOffline, contradicted, notSeen, outcomeIsUnknown } from '../../gateway/outcome.ts';
import { Signal } from '../../platform/events.ts';
import type { JournalOutcome } from '../../store/archive/journal-port.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';
import { CommitQueue } from '../journal/journal.ts';
import { describeDifferences, differences } from './catalogue/fields.ts';
import type {
  Operation,
  OperationInput,
  OperationName,
  TargetReader,
} from './catalogue/operation.ts';

/** How long to wait before each reading, in milliseconds: storage is eventually consistent. */
const readBackDelays: readonly number[] = [0, 150, 400, 1000, 2000];

interface ReadBack<State> {
  happened: boolean;
  /** The last state read; null where none could be. */
  now: State | null;
  error: AppError | null;
}

/**
 * Reads until the change shows or the delays are used up. A reading that fails counts as one that
 * does not show it: what was sent stays sent.
 */
export async function readBack<State>(
  read: () => Promise<State>,
  happened: (now: State) => boolean,
  delays: readonly number[] = readBackDelays,
): Promise<ReadBack<State>> {
  let now: State | null = null;
  let error: AppError | null = null;
  for (const delay of delays) {
    if (delay > 0) await sleep(delay);
    try {
      now = await read();
      error = null;
      if (happened(now)) return { happened: true, now, error };
    } catch (thrown) {
      error = toAppError(thrown);
    }
  }
  return { happened: false, now, error };
}

/**
 * Returns whether what was read is neither the old state nor the wanted one: then something else happened
 * than what was asked for, and waiting does not help.
 */
export function contradicts(before: Fields, after: Fields, now: Fields): boolean {
  const names = Object.keys(now) as (keyof Fields)[];
  return names.some((name) => now[name] !== before[name] && now[name] !== after[name]);
}

function matches(after: Fields, now: Fields): boolean {
  return differences(after, now).length === 0;
}

interface Attempt<Name extends OperationName, State, Sent> {
  operation: Operation<Name, State, Sent>;
  input: OperationInput<Name>;
  before: State;
  gateway: Gateway;
  reader: TargetReader;
  journalId: string;
  delays?: readonly number[];
}

/** How a write ended: with what is to be shown, or with the error to be thrown. */
interface Performed<State, Sent> {
  outcome: JournalOutcome;
  sent: Sent | undefined;
  /** As read back; null where that failed. */
  now: State | null;
  error: AppError | null;
}

interface Answer<Sent> {
  sent: Sent | undefined;
  requestId: string | null;
  error: AppError | null;
}

async function send<Name extends OperationName, State, Sent>({
  operation,
  input,
  before,
  gateway,
}: Attempt<Name, State, Sent>): Promise<Answer<Sent>> {
  let requestId: string | null = null;
  const onRequestId = (id: string): void => {
    requestId = id;
  };
  try {
    const signAs = await operation.signer?.(input, before, gateway);
    let answer: unknown;
    for (const request of operation.requests(input, before)) {
      const signed = signAs === undefined ? request : { ...request, signAs };
      answer = await gateway.send(signed, { onRequestId });
    }
    return { sent: answer as Sent, requestId, error: null };
  } catch (thrown) {
    const error = toAppError(thrown);
    return { sent: undefined, requestId: error.requestId ?? requestId, error };
  }
}

function fieldsOf<Name extends OperationName, State, Sent>(
  { operation, input }: Attempt<Name, State, Sent>,
  state: State,
): Fields {
  return operation.describe(input, state).before;
}

/** Reads whether a write came to be. Sends no write. */
async function lookForIt<Name extends OperationName, State, Sent>(
  attempt: Attempt<Name, State, Sent>,
  sent: Sent | undefined,
): Promise<ReadBack<State>> {
  const { operation, input, before, reader, delays } = attempt;
  const { after } = operation.describe(input, before);
  const happened = (now: State): boolean =>
    operation.happened
      ? operation.happened(input, before, now, sent)
      : matches(after, fieldsOf(attempt, now));
  const read = (): Promise<State> =>
    operation.readBack?.(input, before, reader) ?? operation.read(input, reader);
  return readBack(read, happened, delays);
}

function refused<Name extends OperationName, State, Sent>(
  { operation, input, before }: Attempt<Name, State, Sent>,
  answer: Answer<Sent> & { error: AppError },
): Performed<State, Sent> {
  const offline = asOffline(answer.error, 'nothing was changed');
  const error = operation.explain?.(offline, input, before) ?? offline;
  const outcome = {
    result: 'refused',
    requestId: answer.requestId,
    error: error.toData(),
  } as const;
  return { outcome, sent: undefined, now: null, error };
}

/** Where several requests belong to one operation, some may have gone through before the refusal. */
async function withPartDone<Name extends OperationName, State, Sent>(
  attempt: Attempt<Name, State, Sent>,
  error: AppError,
): Promise<AppError> {
  const { operation, input, before, reader } = attempt;
  if (operation.requests(input, before).length < 2) return error;
  const { now } = await readBack(
    () => operation.read(input, reader),
    () => true,
    [0],
  );
  const done = now === null ? [] : differences(fieldsOf(attempt, before), fieldsOf(attempt, now));
  if (done.length === 0) return error;
  return new AppError({
    ...error.toData(),
    message: `${error.message} A part was done before: ${describeDifferences(done)}.`,
    details: { ...error.details, partDone: done },
  });
}

function judged<Name extends OperationName, State, Sent>(
  attempt: Attempt<Name, State, Sent>,
  answer: Answer<Sent>,
  seen: ReadBack<State>,
): Performed<State, Sent> {
  const { operation, input, before, journalId } = attempt;
  const { requestId, sent } = answer;
  const described = operation.describe(input, before);
  if (seen.happened) {
    return {
      outcome: { result: 'verified', requestId, error: null },
      sent,
      now: seen.now,
      error: null,
    };
  }
  const now = seen.now === null ? null : fieldsOf(attempt, seen.now);
  if (now && !operation.creates && contradicts(described.before, described.after, now)) {
    const found = differences(described.after, now);
    const details = { differences: found, journalId };
    const text = describeDifferences(found);
    const error = contradicted(described.target.name, text, details, requestId);
    return {
      outcome: { result: 'sent', requestId, error: error.toData() },
      sent,
      now: seen.now,
      error,
    };
  }
  if (answer.error) {
    const error = notSeen(answer.error, operation.title, described.target.name, journalId);
    const outcome = { result: 'unknown', requestId, error: error.toData() } as const;
    return { outcome, sent, now: seen.now, error };
  }
  const error = seen.error?.toData() ?? null;
  return { outcome: { result: 'sent', requestId, error }, sent, now: seen.now, error: null };
}

/**
 * Sends a write once and reads back whether it came to be. A refusal of the gateway is final; after a
 * time-out, a reset or a broken answer nothing is sent again: the target is read instead.
 */
export async function perform<Name extends OperationName, State, Sent>(
  attempt: Attempt<Name, State, Sent>,
): Promise<Performed<State, Sent>> {
  const answer = await send(attempt);
  const { error } = answer;
  // "Not found" at a removal can mean that an earlier copy of the same request got there first.
  const mayHaveHappened = !error || outcomeIsUnknown(error) || error.code === 'NOT_FOUND';
  if (error && !mayHaveHappened) {
    return refused(attempt, { ...answer, error: await withPartDone(attempt, error) });
  }
  const seen = await lookForIt(attempt, answer.sent);
  if (error?.code === 'NOT_FOUND' && !seen.happened) return refused(attempt, { ...answer, error });
  return judged(attempt, answer, seen);
}

/** What the lists of a connection hold from now on. */
export interface Kept {
  connectionId: string;
  values: readonly TargetValue[];
}

/**
 * Keeps what reading back showed, so that lists are right before the next refresh or inventory. All
 * of it can be fetched again: a failure here never fails a write that was done.
 */
export class WriteThrough {
  /** Called before the write is reported as done. */
  readonly kept = new Signal<Kept>();
  readonly #clusters: Clusters;
  readonly #queues = new Map<string, CommitQueue<TargetValue>>();

  readonly #keeping = new Set<Promise<void>>();

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
  }

  /** Resolves once everything handed over so far is kept. */
  async settled(): Promise<void> {
    await Promise.all(this.#keeping);
  }

  /** Keeps values just read of targets of a connection. Never rejects. */
  keep(connectionId: string, values: readonly TargetValue[]): Promise<void> {
    const keeping = this.#keep(connectionId, values);
    this.#keeping.add(keeping);
    void keeping.finally(() => this.#keeping.delete(keeping));
    return keeping;
  }

  async #keep(connectionId: string, values: readonly TargetValue[]): Promise<void> {
    const known = this.#queues.get(connectionId);
    const queue = known ?? new CommitQueue((batch) => this.#store(connectionId, batch));
    if (!known) this.#queues.set(connectionId, queue);
    await Promise.all(values.map((value) => queue.add(value))).catch(() => undefined);
  }

  async #store(connectionId: string, values: TargetValue[]): Promise<void> {
    const cluster = await this.#clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    await snapshot.change('save', values);
    await this.kept.tell({ connectionId, values });
  }
}
