import { randomUUID } from 'node:crypto';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { type AppError, conflict, invalidInput, notFound, toAppError } from '#shared/errors.ts';
import { type LimitResource, limitResources } from '#shared/limit-resources.ts';
import type { Fields } from '#shared/operation-fields.ts';
import { operatorName } from '../changes/journal/journal.ts';
import { preconditionOf } from '../changes/operations/catalogue/fields.ts';
import { operationOf } from '../changes/operations/catalogue/index.ts';
import {
  type OperationInput,
  type OperationName,
  parseInput,
  plainInput,
} from '../changes/operations/catalogue/operation.ts';
import { isUnchanged, type OperationEngine } from '../changes/operations/engine.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { assertWritable } from '../clusters/locks/guard.ts';
import { aboutConnection, type JournalIntent } from '../store/archive/journal-port.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { StoredRaise } from './store/temporary-raises.ts';

/** A raise as the interface sees it. */
export type TemporaryRaise = CallOutput<'pressure.raises'>[number];
type Raised = CallOutput<'pressure.raise'>;
type RaiseInput = ParsedInput<'pressure.raise'>;
type RaiseOperation = 'quotas.set' | 'limits.set';
type Outcome = Pick<Raised, 'verified' | 'sent' | 'journalId' | 'requestId'>;
type WriteInput = Pick<RaiseInput, 'expected' | 'ticket' | 'typedName'>;

export interface TemporaryRaisesOptions extends Pick<ClusterWork, 'clusters' | 'events'> {
  store: CustomerStore;
  engine: OperationEngine;
  journal: { note(intent: JournalIntent): Promise<void> };
}

/**
 * Quotas and limits that are raised until a time. The way back is stored before the raise is sent, so
 * that no end of the console separates them; a user that is raised may differ from its plan until then.
 */
export class TemporaryRaises {
  readonly #options: TemporaryRaisesOptions;
  /** Raises between the store and the gateway's answer. */
  readonly #underWay = new Set<string>();

  constructor(options: TemporaryRaisesOptions) {
    this.#options = options;
  }

  /** Open raises of a cluster. One whose value was restored in another way ends here. */
  async list(connectionId: string): Promise<TemporaryRaise[]> {
    await this.#options.clusters.get(connectionId);
    const stored = await this.#options.store.ask('listRaises', { connectionId });
    const open: TemporaryRaise[] = [];
    for (const raise of stored) {
      const settled = await this.#settled(raise);
      if (settled) open.push(toView(settled));
    }
    if (open.length < stored.length) this.#changed(connectionId);
    return open;
  }

  /** Open raises of every cluster that can be opened, by connection. */
  async byCluster(): Promise<Map<string, TemporaryRaise[]>> {
    const stored = await this.#options.store.ask('listRaises', {});
    const found = new Map<string, TemporaryRaise[]>();
    for (const id of new Set(stored.map(({ connectionId }) => connectionId))) {
      const open = await this.list(id).catch(() => []); // a connection that was removed
      if (open.length > 0) found.set(id, open);
    }
    return found;
  }

  /** @throws AppError what refuses a write, and `INPUT_INVALID` where nothing would change */
  async raise({ target, change, until, reason, ...input }: RaiseInput): Promise<Raised> {
    const { connectionId } = input;
    await this.#options.clusters.get(connectionId);
    if (Date.parse(until) <= Date.now()) throw notInFuture();
    const operation = 'sizeGb' in change ? 'quotas.set' : 'limits.set';
    const own = plainInput({ target, ...change, ...writeOf(input) });
    const about = { until: Date.parse(until), reason };
    const { raise, previous, expected } = await this.#open(connectionId, operation, own, about);
    this.#underWay.add(raise.raiseId);
    try {
      const ran = await this.#run(connectionId, operation, { ...own, expected }).catch((thrown) =>
        this.#notRaised(raise, previous, toAppError(thrown)),
      );
      await this.#confirm(raise, ran.journalId, ran.verified);
      await this.#note(raise, input.ticket, {
        title: 'Raise temporarily',
        before: { raisedUntil: previous ? toTime(previous.until) : null },
        after: { raisedUntil: until, reason },
      });
      return { raiseId: raise.raiseId, until, ...ran };
    } finally {
      this.#underWay.delete(raise.raiseId);
      this.#changed(connectionId);
    }
  }

  /** Keeps the way back if anything may have been sent, else drops it. */
  async #notRaised(
    raise: StoredRaise,
    previous: StoredRaise | null,
    error: AppError,
  ): Promise<never> {
    const { outcome, partDone, result, journalId } = error.details ?? {};
    // a result that could not be put on record is one of what was sent
    const mayBe =
      outcome === 'unknown' ||
      partDone !== undefined ||
      (result !== undefined && result !== 'refused') ||
      error.code === 'WRITE_NOT_CONFIRMED';
    if (mayBe) await this.#confirm(raise, typeof journalId === 'string' ? journalId : null, false);
    else await this.#options.store.ask('undoRaise', { raiseId: raise.raiseId, previous });
    throw error;
  }

  /** Sends the way back. @throws AppError `NOT_FOUND`, and what refuses a write */
  async putBack({
    connectionId,
    raiseId,
    ...input
  }: ParsedInput<'pressure.putBack'>): Promise<Raised> {
    const raise = await this.#stored(connectionId, raiseId);
    const { operation, input: own } = raise.back;
    const ran = await this.#run(connectionId, operation, { ...own, ...writeOf(input) });
    // one that is not confirmed stays until a reading shows it
    if (ran.verified) await this.#end(raise, 'returned', input.ticket);
    return { raiseId, until: toTime(raise.until), ...ran };
  }

  /** Ends a raise and sends nothing. @throws AppError `NOT_FOUND` */
  async keep({ connectionId, raiseId, reason }: ParsedInput<'pressure.keep'>) {
    const raise = await this.#stored(connectionId, raiseId);
    await this.#end(raise, 'kept', undefined, reason);
    return { ended: true };
  }

  /** Stores the inverse of the change about to be sent. */
  async #open<Name extends RaiseOperation>(
    connectionId: string,
    name: Name,
    own: Record<string, unknown>,
    about: Pick<StoredRaise, 'until' | 'reason'>,
  ) {
    const input: OperationInput<Name> = parseInput(name, connectionId, own);
    const operation = operationOf(name);
    const { reader, cluster } = await this.#options.engine.contextOf(connectionId);
    assertWritable(cluster.connection);
    const state = await operation.read(input, reader);
    const described = operation.describe(input, state);
    const { kind, id, name: targetName } = described.target;
    const part = name === 'quotas.set' ? 'quota' : 'limits';
    const stored = (await this.#options.store.ask('listRaises', { connectionId })).find(
      (one) => one.kind === kind && one.targetId === id && one.part === part,
    );
    if (stored && this.#underWay.has(stored.raiseId)) throw underWay(stored);
    const open = stored && (await this.#settledBy(stored, described.before));
    // one that is not confirmed may have been sent in part
    if (open?.confirmed && !sameFields(open.after, described.before)) throw changedSince(open);
    const back = open?.back ?? operation.inverse(input, described.before);
    // an open raise can be prolonged with the value it has
    if ((isUnchanged(described) && !open) || back === null) throw nothingChanges(targetName);
    const opened = await this.#options.store.ask('openRaise', {
      ...{ raiseId: randomUUID(), connectionId, kind: kind as StoredRaise['kind'], targetId: id },
      ...{ targetName, part, ...about },
      ...{ createdAt: Date.now(), createdBy: operatorName() },
      ...{ before: described.before, after: described.after, back },
      ...{ confirmed: false, journalId: null },
    });
    // the value that the way back leads to is the one that is changed
    return { ...opened, expected: input.expected ?? preconditionOf(described) };
  }

  async #run<Name extends OperationName>(
    connectionId: string,
    name: Name,
    own: Record<string, unknown>,
  ): Promise<Outcome> {
    const input: OperationInput<Name> = parseInput(name, connectionId, own);
    const { value } = await this.#options.engine.run(name, input, { acceptDone: true });
    const { verified, sent, journalId, requestId } = value as Outcome;
    return { verified, sent, journalId, requestId };
  }

  /** The raise after the newest reading; null if its value was restored, or never set. */
  async #settled(raise: StoredRaise): Promise<StoredRaise | null> {
    if (this.#underWay.has(raise.raiseId)) return raise;
    const now = await this.#seen(raise).catch(() => null);
    return now === null ? raise : this.#settledBy(raise, now);
  }

  async #settledBy(raise: StoredRaise, now: Fields): Promise<StoredRaise | null> {
    const isRaised = sameFields(raise.after, now);
    const isCleared = raise.back.operation.endsWith('.clear');
    if (!isRaised && sameFields(raise.before, now, isCleared)) {
      const how = raise.confirmed ? 'returned' : 'not-sent';
      await this.#options.store.ask('endRaise', {
        ...{ raiseId: raise.raiseId, how, operator: operatorName() },
      });
      return null;
    }
    if (raise.confirmed || !isRaised) return raise;
    await this.#confirm(raise, null, true);
    return { ...raise, confirmed: true };
  }

  /** The latest reading of the target since it was raised. */
  async #seen({
    connectionId,
    kind,
    targetId,
    part,
    createdAt,
  }: StoredRaise): Promise<Fields | null> {
    const cluster = await this.#options.clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const found = await snapshot.ask('limitsAndQuota', { kind, id: targetId });
    const value = part === 'quota' ? found.quota : found.limits;
    if (value === null || Date.parse(value.asOf) < createdAt) return null;
    if ('sizeGb' in value) return { quota: value.set ? String(value.sizeGb) : null };
    const rate = (resource: LimitResource): string | null =>
      value.set ? String(value.limits[resource] ?? 0) : null;
    return Object.fromEntries(limitResources.map((resource) => [resource, rate(resource)]));
  }

  async #confirm({ raiseId }: StoredRaise, journalId: string | null, confirmed: boolean) {
    await this.#options.store.ask('confirmRaise', { raiseId, journalId, confirmed });
  }

  async #end(
    raise: StoredRaise,
    how: 'returned' | 'kept',
    ticket: string | undefined,
    reason?: string,
  ): Promise<void> {
    const { raiseId, connectionId } = raise;
    await this.#note(raise, ticket, {
      title: how === 'kept' ? 'Keep raised value' : 'End temporary raise',
      before: { raisedUntil: toTime(raise.until) },
      after: { raisedUntil: null, ...(reason === undefined ? {} : { reason }) },
    });
    await this.#options.store.ask('endRaise', { raiseId, how, operator: operatorName() });
    this.#changed(connectionId);
  }

  async #note(
    { connectionId, raiseId, kind, targetId, targetName }: StoredRaise,
    ticket: string | undefined,
    entry: Pick<JournalIntent, 'title' | 'before' | 'after'>,
  ): Promise<void> {
    const { connection } = await this.#options.clusters.get(connectionId);
    await this.#options.journal.note({
      ...aboutConnection(connection),
      operation: 'pressure.raise',
      target: { kind, id: targetId, name: targetName },
      input: { raiseId },
      ticket: ticket ?? null,
      ...entry,
    });
  }

  async #stored(connectionId: string, raiseId: string): Promise<StoredRaise> {
    await this.#options.clusters.get(connectionId);
    const open = await this.#options.store.ask('listRaises', { connectionId });
    const raise = open.find((one) => one.raiseId === raiseId);
    if (raise) return raise;
    throw notFound(
      'There is no open raise of that id on this cluster.',
      'It may have ended: look at the Pressure page.',
    );
  }

  #changed(connectionId: string): void {
    const { events } = this.#options;
    events.emit('data.changed', { connectionId, topics: ['pressure', 'journal'] });
    events.emit('customers.changed', {}); // who is raised may differ from its plan
  }
}

const toTime = (at: number): string => new Date(at).toISOString();

function writeOf({ expected, ticket, typedName }: WriteInput): WriteInput {
  return {
    ...(expected === undefined ? {} : { expected }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(typedName === undefined ? {} : { typedName }),
  };
}

/** @param zeroIsNone some gateways leave a zero behind where a value was cleared */
function sameFields(wanted: Fields, found: Fields, zeroIsNone = false): boolean {
  const plain = (value: string | null | undefined): string | null =>
    value == null || (zeroIsNone && Number(value) === 0) ? null : String(Number(value));
  return (Object.keys(found) as (keyof Fields)[]).every(
    (name) => plain(wanted[name]) === plain(found[name]),
  );
}

function toView({ kind, targetId, targetName, connectionId: _of, ...raise }: StoredRaise) {
  return {
    ...raise,
    target: { kind, id: targetId, name: targetName },
    until: toTime(raise.until),
    createdAt: toTime(raise.createdAt),
    overdue: raise.until <= Date.now(),
    before: raise.before as Record<string, string | null>,
    after: raise.after as Record<string, string | null>,
    back: raise.back as TemporaryRaise['back'],
  };
}

function notInFuture(): AppError {
  return invalidInput('The raise would already have ended.', 'Enter a time in the future.');
}

function underWay({ targetName }: StoredRaise): AppError {
  return conflict(
    `${targetName} is being raised at this moment.`,
    'Wait until that has ended, then look at the value there is.',
  );
}

function changedSince({ targetName, until }: StoredRaise): AppError {
  return conflict(
    `${targetName} was raised until ${toTime(until)}, and changed in another way since.`,
    'Put its old value back or keep the value there is (Limits & quotas, Pressure); then raise it.',
  );
}

function nothingChanges(name: string): AppError {
  return invalidInput(
    `${name} already has this value: there is nothing to put back later.`,
    'Enter another value.',
  );
}
