import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing, formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import type { Journal } from '../../changes/journal/journal.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { assertWritable, guardOf } from '../../clusters/locks/guard.ts';
import type { SyncService } from '../../clusters/refresh/sync-service.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { CollectFailure } from '../../store/archive/queries/listing.ts';
import { millisecondsToIso } from '../coverage/report-period.ts';
import type { CollectOptions, CollectOutcome, CollectResult } from './collect-options.ts';
import { collectUsage } from './collector.ts';
import {
  completeDiscards,
  completeRemovals,
  removalIntent,
  removalJournal,
} from './removal-record.ts';

export interface CollectDependencies extends ClusterWork {
  journal: Pick<Journal, 'open' | 'close' | 'intent' | 'list'>;
  /** Called with what could not be read, so that it is shown with other odd rows. */
  sync: Pick<SyncService, 'noteObjects'>;
}

export type CollectRequest = Pick<
  CollectOptions,
  'removeCollected' | 'verify' | 'only' | 'onlyArchived'
> & {
  /** Why nothing is deleted though it was to be. */
  removalHeldBack?: CallOutput<'usage.schedule'>['removalHeldBack'];
};

const kind = 'usage.collect';

/** Runs collections as tasks, one at a time for each connection. */
export class CollectService {
  readonly #dependencies: CollectDependencies;

  constructor(dependencies: CollectDependencies) {
    this.#dependencies = dependencies;
  }

  isRunning(connectionId: string): boolean {
    return this.#dependencies.tasks.running(connectionId, kind) !== undefined;
  }

  /**
   * Starts a collection. Rejects with `TASK_BUSY` while one of this connection, or a merge, runs, and with
   * `CONNECTION_READ_ONLY` or `CONNECTION_LOCKED` where it is to delete and may not.
   */
  async start(
    connectionId: string,
    title: string,
    { removalHeldBack = null, ...request }: CollectRequest,
  ): Promise<{ taskId: string; finished: Promise<CollectResult> }> {
    const { clusters, archives, tasks, events, journal } = this.#dependencies;
    const cluster = await clusters.get(connectionId);
    if (request.removeCollected) assertWritable(cluster.connection);
    const archive = await archives.get(connectionId);
    const gateway = await cluster.gateway();
    const busy = tasks.running(connectionId, kind);
    if (busy) throw taskBusy(busy.taskId);
    const merge = tasks.running(connectionId, 'archive.merge');
    if (merge) throw merging(merge.taskId);
    return tasks.start({
      kind,
      title: `${title} of ${cluster.connection.name}`,
      connectionId,
      canPause: true,
      writesTo: request.removeCollected ? [connectionId] : [],
      run: async (controls): Promise<CollectResult> => {
        try {
          const { maxConnections } = cluster.connection;
          const outcome = await collectUsage({
            gateway,
            archive,
            maxConnections,
            controls,
            removalHold: () => guardOf(cluster.connection),
            removalJournal: removalJournal(
              journal,
              cluster.connection,
              removalIntent(cluster.connection, removalTitle),
            ),
            ...request,
          });
          await this.#noteSetAside(connectionId, archive);
          await this.#completeRecords(connectionId, archive, outcome.listComplete);
          if (request.removeCollected && request.onlyArchived) assertSomethingRemoved(outcome);
          return toResult(outcome, removalHeldBack);
        } finally {
          events.emit('data.changed', { connectionId, topics: ['usage', 'journal'] });
        }
      },
    });
  }

  /** Entries of deletions that a kill left open, once the gateway's list was read again. */
  async #completeRecords(id: string, archive: Archive, complete: boolean): Promise<void> {
    const { journal, tasks } = this.#dependencies;
    await completeRemovals(journal, archive, id, complete);
    if (tasks.running(id, 'usage.discard')) return;
    await completeDiscards(journal, id, async () => {
      const listing = await archive.read('readListing');
      return { complete, names: new Set(listing?.objects.map(({ name }) => name)) };
    });
  }

  async #noteSetAside(connectionId: string, archive: Pick<Archive, 'read'>): Promise<void> {
    const asked = { offset: 0, limit: named, stage: 'read' } as const;
    const { total, rows } = await archive.read('readFailures', asked);
    await this.#dependencies.sync.noteObjects(connectionId, {
      total,
      rows: rows.map(({ name, error }) => ({
        list: 'statistics objects',
        name,
        cause: error.message,
      })),
    });
  }
}

/** This many statistics objects that could not be read are named. */
const named = 20;

const removalTitle = 'Delete collected statistics from the gateway';

export function toWireFailure({
  failedAt,
  ...failure
}: CollectFailure): CallOutput<'usage.failures'>['rows'][number] {
  return { ...failure, failedAt: millisecondsToIso(failedAt) };
}

/** @param before why not even the first deletion was to be sent */
function toResult(
  { failures, ...outcome }: CollectOutcome,
  before: CollectRequest['removalHeldBack'] = null,
): CollectResult {
  return {
    ...outcome,
    removalHeldBack: before ?? outcome.removalHeldBack,
    failures: failures.map(toWireFailure),
  };
}

function merging(taskId: string): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Another archive is being merged into the one of this cluster.',
    hint: 'Wait for the merge under way, or cancel it, then collect. Nothing was changed.',
    retryable: true,
    details: { taskId },
  });
}

function taskBusy(taskId: string): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Statistics of this cluster are being collected already.',
    hint: 'Wait for the task under way, or cancel it.',
    details: { taskId },
  });
}

const whyNothing = {
  locked: 'the connection was locked',
  'read-only': 'the connection was made read-only',
  'no-date': 'the gateway sent no Date, so nobody can tell what may still grow',
};

/**
 * A removal that deleted nothing is no success.
 * @throws `NOTHING_REMOVED` with every reason there is
 */
function assertSomethingRemoved(outcome: CollectOutcome): void {
  if (outcome.removed > 0) return;
  const { growing, unsettled, removalHeldBack } = outcome;
  const failed = outcome.failures.filter(({ stage }) => stage === 'remove').length;
  throw new AppError({
    code: 'NOTHING_REMOVED',
    message: `${failed > 0 ? 'Nothing was deleted' : 'Nothing was sent'}: ${reasonsOf(outcome).join('; ')}.`,
    hint: 'Everything is on the gateway as before. See the objects and their states under Pending on gateway.',
    details: { growing, unsettled, removalHeldBack, failed: outcome.failed },
  });
}

function reasonsOf(outcome: CollectOutcome): string[] {
  const { growing, unsettled, skipped, removalHeldBack: hold, failures } = outcome;
  const notArchived = skipped - growing;
  const conflicts = failures.filter(({ stage }) => stage === 'conflict').length;
  const others = failures.filter(({ stage }) => stage !== 'conflict');
  const reasons = [
    hold && whyNothing[hold],
    growing > 0 && `${formatCounted(growing, 'object')} may still grow`,
    unsettled > 0 &&
      hold !== 'no-date' &&
      `${formatCounted(unsettled, 'object')} ${agreeing(unsettled, 'was', 'were')} read too soon after the period`,
    conflicts > 0 &&
      `${formatCounted(conflicts, 'object')} ${agreeing(conflicts, 'differs', 'differ')} from the archive`,
    others.length > 0 &&
      `${formatCounted(others.length, 'object')} failed (${others[0]?.error.message})`,
  ].filter((reason) => typeof reason === 'string');
  if (reasons.length > 0) return reasons;
  return [
    notArchived > 0
      ? `${formatCounted(notArchived, 'object')} on the gateway ${agreeing(notArchived, 'is', 'are')} not archived`
      : 'none of the objects is on the gateway',
  ];
}
