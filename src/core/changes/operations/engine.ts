import type { DataTopic } from '#shared/contract/events.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import { assertTyped, assertWritable, nameToType } from '../../clusters/locks/guard.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import type { GatewayRequest } from '../../gateway/model/request.ts';
import { asOffline } from '../../gateway/outcome.ts';
import type { Signal } from '../../platform/events.ts';
import type {
  BulkRowReference,
  JournalOutcome,
  JournalPort,
  RowAfter,
} from '../../store/archive/journal-port.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';
import { requestUrl } from './catalogue/command-lines.ts';
import { assertUnchanged, fieldChanges } from './catalogue/fields.ts';
import { operationOf } from './catalogue/index.ts';
import { refusalOf } from './catalogue/naming.ts';
import {
  type Caller,
  type ChangeDescription,
  isDestructive,
  type Operation,
  type OperationInput,
  type OperationName,
  plainInput,
  type TargetReader,
} from './catalogue/operation.ts';
import { liveReader } from './live-reader.ts';
import type { Kept, WriteThrough } from './perform.ts';
import { perform } from './perform.ts';

interface EngineOptions extends Pick<ClusterWork, 'clusters' | 'events'> {
  journal: JournalPort;
  writeThrough: WriteThrough;
  /** Waits before each reading back, in milliseconds. */
  delays?: readonly number[];
}

interface RunOptions {
  /** Ends the readings before the write; once a write was sent it is always seen to its end. */
  signal?: AbortSignal;
  /** The row of a bulk run; it moves with the journal's entries. */
  row?: BulkRowReference;
  /** Why it is done, in words, for the journal. */
  reason?: string;
  /** A target that already is as wanted is taken as done, whatever it was in the preview. */
  acceptDone?: boolean;
  /** A bulk run was confirmed as a whole. */
  confirmed?: boolean;
  /** A bulk run tells of its changes itself, and waits for the lists at its end alone. */
  quiet?: boolean;
  /** Whether the row stays to be done after an error with which nothing was sent. */
  keepsRow?: (error: AppError) => boolean;
}

export interface OperationContext {
  cluster: Cluster;
  snapshot: Snapshot;
  gateway: Gateway;
  /** Ends with the caller. */
  reader: TargetReader;
  lastingReader: TargetReader;
  caller: Caller;
}

interface RunResult<Name extends OperationName> {
  value: CallOutput<Name>;
  outcome: JournalOutcome;
}

/** Runs every operation of the description the same way: guard, read, send, read back, journal. */
export class OperationEngine {
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get journal(): JournalPort {
    return this.#options.journal;
  }

  /** What lists hold from now on, since it was read back after a write. */
  get kept(): Signal<Kept> {
    return this.#options.writeThrough.kept;
  }

  async contextOf(connectionId: string, signal?: AbortSignal): Promise<OperationContext> {
    const cluster = await this.#options.clusters.get(connectionId);
    const [snapshot, gateway] = await Promise.all([cluster.snapshot(), cluster.gateway()]);
    const { accessKeyId, endpoint, volumeId } = cluster.connection;
    return {
      cluster,
      snapshot,
      gateway,
      reader: liveReader(gateway, snapshot, signal ? { signal } : {}),
      // What follows a write must not end with the caller: read back in any case.
      lastingReader: liveReader(gateway, snapshot),
      caller: { accessKeyId, endpoint, volumeId },
    };
  }

  /**
   * Runs one operation to its end.
   * @throws AppError whatever refused it; `details.journalId` where it got as far as the journal
   */
  async run<Name extends OperationName>(
    name: Name,
    input: OperationInput<Name>,
    options: RunOptions = {},
  ): Promise<RunResult<Name>> {
    const operation = operationOf(name);
    const { connection } = await this.#options.clusters.get(input.connectionId);
    assertWritable(connection);
    const context = await this.contextOf(input.connectionId, options.signal);
    const before = await readBefore(operation, input, context.reader);
    const described = operation.describe(input, before);
    // Of a user that could not be read nothing can be compared.
    const unreadable = operation.naming?.(input, before)?.selector === null;
    if (!unreadable && !(options.acceptDone && isUnchanged(described))) {
      assertUnchanged(input.expected, described);
    }
    const refusal = refusalOf(operation, input, before, context.caller);
    if (refusal) throw refusal;
    if (!options.confirmed) {
      const asked = nameToType(connection, isDestructive(operation, input), described.target.name);
      assertTyped(asked, input.typedName);
    }
    return this.#write(operation, input, before, described, context, options);
  }

  async #write<Name extends OperationName>(
    operation: Operation<Name, unknown, unknown>,
    input: OperationInput<Name>,
    before: unknown,
    described: ChangeDescription,
    context: OperationContext,
    options: RunOptions,
  ): Promise<RunResult<Name>> {
    const { journal, delays } = this.#options;
    const { cluster, gateway, lastingReader: reader } = context;
    const requests = isUnchanged(described) ? [] : operation.requests(input, before);
    const intent = intentOf(operation, input, { ...described, requests }, cluster, options);
    const journalId = await journal.open(intent, options.row);
    const close = (outcome: JournalOutcome, row?: RowAfter): Promise<void> =>
      journal.close(input.connectionId, journalId, outcome, row).catch((thrown: unknown) => {
        throw notRecorded(toAppError(thrown), operation.title, described.target.name, outcome);
      });
    const finish = async (
      now: unknown,
      sent: unknown,
      outcome: JournalOutcome,
    ): Promise<RunResult<Name>> => {
      const value = await operation.value(input, { before, now, sent, gateway, reader });
      const { result, requestId } = outcome;
      const said = {
        verified: result !== 'sent',
        sent: result !== 'unchanged',
        journalId,
        requestId,
        reversible: result !== 'unchanged' && operation.inverse(input, described.before) !== null,
      };
      return { value: { ...value, ...said } as CallOutput<Name>, outcome };
    };
    if (isUnchanged(described)) {
      const outcome = { result: 'unchanged', requestId: null, error: null } as const;
      await close(outcome);
      return finish(before, undefined, outcome);
    }
    const done = await perform({
      operation,
      input,
      before,
      gateway,
      reader,
      journalId,
      ...(delays ? { delays } : {}),
    });
    const target = operation.madeTarget?.(input, done.now, done.sent) ?? null;
    const isLeft =
      done.outcome.result === 'refused' && done.error && options.keepsRow?.(done.error);
    const outcome = { ...done.outcome, ...(target ? { target } : {}) };
    await close(outcome, isLeft ? 'pending' : 'as-result');
    if (done.now !== null) {
      const learned = operation.learned(input, done.now, Date.now());
      const kept = this.#options.writeThrough.keep(input.connectionId, learned);
      if (!options.quiet) await kept;
    }
    if (!options.quiet) this.tell(input.connectionId, operation.topics);
    if (done.error) throw withJournalId(done.error, journalId);
    return finish(done.now ?? before, done.sent, done.outcome);
  }

  /** Lets the lists hold what a later reading of a write showed. */
  learn(connectionId: string, learned: TargetValue[]): Promise<void> {
    return this.#options.writeThrough.keep(connectionId, learned);
  }

  /** Resolves once the lists hold what was written. */
  settled(): Promise<void> {
    return this.#options.writeThrough.settled();
  }

  tell(connectionId: string, topics: readonly DataTopic[]): void {
    this.#options.events.emit('data.changed', { connectionId, topics: [...topics, 'journal'] });
  }
}

export function isUnchanged({ before, after }: ChangeDescription): boolean {
  return fieldChanges(before, after).every(({ changed }) => !changed);
}

async function readBefore<Name extends OperationName>(
  operation: Operation<Name, unknown, unknown>,
  input: OperationInput<Name>,
  reader: TargetReader,
): Promise<unknown> {
  try {
    return await operation.read(input, reader);
  } catch (thrown) {
    throw asOffline(toAppError(thrown), 'nothing can be changed now');
  }
}

function intentOf<Name extends OperationName>(
  operation: Operation<Name, unknown, unknown>,
  input: OperationInput<Name>,
  { target, before, after, requests }: ChangeDescription & { requests: GatewayRequest[] },
  { connection }: Cluster,
  { row, reason }: RunOptions,
) {
  const { connectionId, expected: _expected, ticket, typedName: _typed, ...own } = input;
  return {
    connectionId,
    connectionName: connection.name,
    endpoint: connection.endpoint,
    operation: operation.name,
    title: operation.title,
    target,
    before,
    after,
    input: plainInput(own),
    requests: requests.map(
      (request) => `${request.method} ${requestUrl(connection.endpoint, request)}`,
    ),
    ticket: ticket ?? null,
    runId: row?.runId ?? null,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The write is done, its outcome is not on record: the entry stays open, which shows in the journal. */
function notRecorded(
  error: AppError,
  title: string,
  name: string,
  { result }: JournalOutcome,
): AppError {
  return new AppError({
    ...error.toData(),
    message: `${title} ${name} ended "${result}", but that could not be put on record: ${error.message}`,
    retryable: false,
    details: { ...error.details, result },
  });
}

function withJournalId(error: AppError, journalId: string): AppError {
  return new AppError({ ...error.toData(), details: { ...error.details, journalId } });
}
