import { agreeing, formatCounted } from '#shared/counted.ts';
import { AppError, notFound, toAppError } from '#shared/errors.ts';
import type { TaskRegistry } from '../../platform/tasks/task-registry.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';
import type { OperationEngine } from '../operations/engine.ts';
import { inTurn } from './in-turn.ts';
import {
  allPages,
  type BulkSource,
  callsOf,
  type SourceCall,
  type SourceCalls,
} from './source-calls.ts';

interface GuardOptions {
  tasks: TaskRegistry;
  engine: OperationEngine;
  lookUp(connectionId: string): Promise<Snapshot>;
}

/**
 * How the gateway is asked for what no list said. `if-reachable`: where it can't be reached, who may be a
 * system user is skipped in all that match, and refused where it was named.
 */
export interface Asking {
  ask: 'yes' | 'if-reachable';
  signal: AbortSignal;
}

/** Named targets, and warnings about system users among them. */
interface NamedTargets {
  calls: SourceCall[];
  warnings: string[];
}

/**
 * Keeps system users out of bulk changes. Lists as the guide prints them have no flags: whoever may
 * be one is read first, omitted of all that match, and said where the target was named.
 */
export class SystemUserGuard {
  readonly #options: GuardOptions;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  async callsOf(connectionId: string, source: BulkSource, asking: Asking): Promise<SourceCalls> {
    const snapshot = await this.#options.lookUp(connectionId);
    await this.#learn(connectionId, await unknownInFilter(source, snapshot), asking);
    const found = await callsOf(source, snapshot);
    if (source.from === 'filter') return found;
    const { calls, warnings } = await this.named(connectionId, found.calls, asking);
    return { ...found, calls, warnings: [...found.warnings, ...warnings] };
  }

  /** Refuses rows of possible system users that can't be read; names the known ones. */
  async named(
    connectionId: string,
    calls: readonly SourceCall[],
    asking: Asking,
  ): Promise<NamedTargets> {
    const snapshot = await this.#options.lookUp(connectionId);
    const userIds = [...new Set(calls.map(userOf).filter((id) => id !== null))];
    const before = await snapshot.ask('kinds', userIds);
    const isRead = await this.#learn(connectionId, [...before.unknown, ...before.unlisted], asking);
    const { system, unknown: silent, unlisted } = await snapshot.ask('kinds', userIds);
    // Whom no list named and the gateway does not have is refused for that.
    const unknown = isRead ? silent : [...silent, ...unlisted];
    const warnings: string[] = [];
    if (system.length > 0) {
      const first = system.slice(0, namedAtMost);
      const names = await Promise.all(
        first.map(async (id) => (await snapshot.ask('nameOf', id))?.email || id),
      );
      if (system.length > first.length) names.push('…');
      const many = formatCounted(system.length, 'system user');
      warnings.push(`The targets include ${many}: ${names.join(', ')}.`);
    }
    if (unknown.length > 0) {
      const many = formatCounted(unknown.length, 'target');
      const kind = agreeing(unknown.length, 'it is a system user', 'they are system users');
      const refused = isRead ? '' : ' and the gateway can’t be asked: refused';
      warnings.push(`Nothing read so far says of ${many} whether ${kind}${refused}.`);
    }
    const refused = new Set(isRead ? unlisted : unknown);
    const checked = calls.map((source) => {
      const userId = userOf(source) ?? '';
      if (!refused.has(userId)) return source;
      return { ...source, refusal: isRead ? noSuchUser(userId) : kindUnknown() };
    });
    return { calls: checked, warnings };
  }

  /** Reads users, and says whether the gateway could be asked. */
  async #learn(
    connectionId: string,
    userIds: readonly string[],
    { ask, signal }: Asking,
  ): Promise<boolean> {
    const [first, ...others] = userIds;
    if (first === undefined) return true;
    try {
      // Asked once: who is on a train does not wait for every attempt.
      await this.#read(connectionId, [first], { signal, once: ask === 'if-reachable' });
      await this.#read(connectionId, others, { signal, once: false });
      return true;
    } catch (thrown) {
      if (ask === 'yes' || signal.aborted) throw thrown;
      return false;
    }
  }

  /** Reads users as a task; one that is gone stays unknown. */
  async #read(
    connectionId: string,
    userIds: readonly string[],
    { signal, once }: { signal: AbortSignal; once: boolean },
  ): Promise<void> {
    if (userIds.length === 0) return;
    const { tasks, engine, lookUp } = this.#options;
    const snapshot = await lookUp(connectionId);
    const { gateway, cluster } = await engine.contextOf(connectionId, signal);
    const { finished, taskId } = tasks.start({
      kind: 'bulk.preview',
      title: 'Read which users are system users',
      connectionId,
      total: userIds.length,
      run: async ({ signal: ending, progress }) => {
        const options = { signal: AbortSignal.any([ending, signal]), once };
        const read: TargetValue[] = [];
        const keep = (): Promise<void> => snapshot.change('save', read.splice(0));
        let done = 0;
        await inTurn(userIds, cluster.connection.maxConnections, async (userId) => {
          const { user } = await gateway.findUser(userId, options).catch(unknownIfGone);
          if (user) read.push({ part: 'keys', user, readAt: Date.now() });
          if (read.length >= keptAtOnce) await keep();
          progress({ done: ++done });
        }).finally(keep);
      },
    });
    await finished.finally(() => tasks.markRead(taskId));
  }
}

const keptAtOnce = 500;

/** The number of system users that a warning names. */
const namedAtMost = 5;

/** A target that can't be read is refused when its row is prepared, with the reason. */
function unknownIfGone(thrown: unknown): { user: null } {
  const { code } = toAppError(thrown);
  if (['NOT_FOUND', 'TARGET_CHANGED', 'TARGET_AMBIGUOUS'].includes(code)) return { user: null };
  throw thrown;
}

/** The users that match a filter and whose kind is not known. */
async function unknownInFilter(source: BulkSource, snapshot: Snapshot): Promise<string[]> {
  if (source.from !== 'filter' || source.filter?.system === true) return [];
  const { search, filter } = source;
  const unknown: string[] = [];
  await allPages(async (page) => {
    const { rows } = await snapshot.ask('users', { search, filter, ...page });
    for (const { userId, flagsUnknown } of rows) if (flagsUnknown) unknown.push(userId);
    return rows.map(({ userId }) => userId);
  });
  return unknown;
}

/** The user that a call changes; none where its row is refused already. */
function userOf({ call: { input }, refusal }: SourceCall): string | null {
  if (refusal) return null;
  if ('userId' in input) return input.userId;
  return 'target' in input && 'user' in input.target ? input.target.user : null;
}

function noSuchUser(userId: string): AppError {
  return notFound(
    `The gateway has no user with the id ${userId}.`,
    'Refresh the list of users, and preview again.',
  );
}

function kindUnknown(): AppError {
  return new AppError({
    code: 'CONNECTION_OFFLINE',
    message:
      'Nothing read so far says whether this is a system user, and the gateway can’t be asked.',
    hint: 'Preview again while the gateway can be reached; nothing was sent.',
    retryable: true,
  });
}
