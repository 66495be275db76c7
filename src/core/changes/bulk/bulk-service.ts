import { randomUUID } from 'node:crypto';
import type { DataTopic } from '#shared/contract/events.ts';
import { AppError, conflict, notFound } from '#shared/errors.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import { assertTyped, assertWritable, nameToType } from '../../clusters/locks/guard.ts';
import type {
  BulkRowState,
  RunFigures,
  StoredRow,
  StoredRun,
} from '../../store/archive/queries/bulk.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import { operatorName } from '../journal/journal.ts';
import { type CachedSources, cachedReader } from '../operations/cached-reader.ts';
import type { OperationEngine } from '../operations/engine.ts';
import { type PreparedRows, prepareRows } from './prepare-rows.ts';
import { type Canary, recheckRows, runBulk } from './run-bulk.ts';
import { type BulkRun, runScript, runView } from './run-summary.ts';
import type { SourceCall } from './source-calls.ts';
import { SystemUserGuard } from './system-users.ts';

interface BulkOptions extends ClusterWork {
  engine: OperationEngine;
}

interface NewRun {
  title: string;
  calls: readonly SourceCall[];
  warnings: readonly string[];
  readFrom: 'gateway' | 'snapshot';
  reverses?: string | null;
  /** Adjusts the prepared rows at the end: a plan compares its preconditions. */
  adjust?: (rows: StoredRow[]) => void;
}

interface RunStart {
  canary: Canary;
  /** Rows in one of these states are done. */
  states: readonly BulkRowState[];
  ticket?: string | undefined;
  typedName?: string | undefined;
}

export class BulkService {
  /** Keeps system users out of bulk changes. */
  readonly guard: SystemUserGuard;
  readonly #options: BulkOptions;

  constructor(options: BulkOptions) {
    this.#options = options;
    const lookUp = (connectionId: string): Promise<Snapshot> => this.lookUp(connectionId);
    this.guard = new SystemUserGuard({ ...options, lookUp });
  }

  /** Returns the snapshot, to look up targets without asking the gateway. */
  async lookUp(connectionId: string): Promise<Snapshot> {
    const cluster = await this.#options.clusters.get(connectionId);
    return cluster.snapshot();
  }

  /** Reads every target, describes every row, and keeps the run; progress is reported as a task. */
  async prepare(connectionId: string, run: NewRun, signal?: AbortSignal): Promise<BulkRun> {
    const { archives } = this.#options;
    const prepared = await this.readTargets(connectionId, `Preview: ${run.title}`, run, signal);
    run.adjust?.(prepared.rows);
    const stored: StoredRun = {
      runId: randomUUID(),
      createdAt: Date.now(),
      createdBy: operatorName(),
      endedAt: null,
      title: run.title,
      state: 'previewed',
      source: run.readFrom,
      destructive: prepared.destructive,
      impact: prepared.impact === null ? null : JSON.stringify(prepared.impact),
      warnings: JSON.stringify([...run.warnings, ...prepared.warnings]),
      reverses: run.reverses ?? null,
      ticket: null,
      mergedAt: null,
    };
    const archive = await archives.get(connectionId);
    await archive.write('createRun', { run: stored, rows: prepared.rows });
    this.tell(connectionId);
    return this.get(connectionId, stored.runId);
  }

  /** Reads targets and describes their rows as a task with progress. */
  async readTargets(
    connectionId: string,
    title: string,
    run: Pick<NewRun, 'calls' | 'readFrom'>,
    signal?: AbortSignal,
  ): Promise<PreparedRows> {
    const { tasks } = this.#options;
    const { finished, taskId } = tasks.start({
      kind: 'bulk.preview',
      title,
      connectionId,
      total: run.calls.length,
      run: (controls) =>
        this.prepareRows(connectionId, run, controls.signal, (done) => controls.progress({ done })),
    });
    const cancel = (): void => tasks.cancel(taskId);
    signal?.addEventListener('abort', cancel, { once: true });
    return finished.finally(() => {
      signal?.removeEventListener('abort', cancel);
      tasks.markRead(taskId);
    });
  }

  /** Rows of a run that is not kept yet. */
  async prepareRows(
    connectionId: string,
    { calls, readFrom }: Pick<NewRun, 'calls' | 'readFrom'>,
    signal?: AbortSignal,
    onProgress?: (done: number) => void,
  ): Promise<PreparedRows> {
    const { clusters, engine } = this.#options;
    const { connection } = await clusters.get(connectionId);
    const common = {
      connectionId,
      calls,
      concurrency: connection.maxConnections,
      caller: {
        accessKeyId: connection.accessKeyId,
        endpoint: connection.endpoint,
        volumeId: connection.volumeId,
      },
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    };
    if (readFrom === 'gateway') {
      const { reader } = await engine.contextOf(connectionId, signal);
      return prepareRows({ ...common, reader: () => reader });
    }
    const sources = await this.#cached(connectionId);
    return prepareRows({ ...common, reader: () => cachedReader(sources) });
  }

  /** The command lines of a run, for its targets as last seen. Throws `NOT_FOUND`. */
  async script(connectionId: string, runId: string, signal: AbortSignal) {
    const { clusters, archives } = this.#options;
    const run = await this.stored(connectionId, runId);
    const { connection } = await clusters.get(connectionId);
    const archive = await archives.get(connectionId);
    const reader = cachedReader(await this.#cached(connectionId));
    return runScript({ connection, archive, run, reader, signal });
  }

  /** The context of an offline preview: targets as last seen. */
  async cachedContext(connectionId: string) {
    const cluster = await this.#options.clusters.get(connectionId);
    const sources = await this.#cached(connectionId);
    const { accessKeyId, endpoint, volumeId } = cluster.connection;
    const asOf = (await sources.snapshot.ask('summary'))?.asOf;
    const caller = { accessKeyId, endpoint, volumeId };
    return { cluster, reader: cachedReader(sources), caller, ...(asOf ? { asOf } : {}) };
  }

  async #cached(connectionId: string): Promise<CachedSources> {
    const { connection } = await this.#options.clusters.get(connectionId);
    const snapshot = await this.lookUp(connectionId);
    return { snapshot, selectors: connection.detectedSelectors };
  }

  /** One run. Throws `NOT_FOUND`. */
  async get(connectionId: string, runId: string): Promise<BulkRun> {
    const { connection } = await this.#options.clusters.get(connectionId);
    return runView(await this.stored(connectionId, runId), connection, this.#taskOf(runId));
  }

  /** One run as it is kept. Throws `NOT_FOUND`. */
  async stored(connectionId: string, runId: string): Promise<StoredRun & RunFigures> {
    const archive = await this.#options.archives.get(connectionId);
    const run = await archive.read('findRun', { runId });
    if (run) return run;
    throw notFound(
      'This connection has no bulk run of that id.',
      'Look at the list of runs; a preview that was discarded is gone.',
    );
  }

  /** Runs, newest first. */
  async list(
    connectionId: string,
    page: { offset: number; limit: number },
  ): Promise<{ total: number; rows: BulkRun[] }> {
    const { connection } = await this.#options.clusters.get(connectionId);
    const archive = await this.#options.archives.get(connectionId);
    const { total, rows } = await archive.read('listRuns', page);
    return { total, rows: rows.map((run) => runView(run, connection, this.#taskOf(run.runId))) };
  }

  /**
   * Starts a run or continues it.
   * @returns the task's id
   */
  async start(connectionId: string, runId: string, start: RunStart): Promise<string> {
    const { clusters, archives, tasks, engine } = this.#options;
    const cluster = await clusters.get(connectionId);
    const run = await this.stored(connectionId, runId);
    assertOwn(run);
    this.#assertIdle(runId);
    assertWritable(cluster.connection);
    const asked = nameToType(cluster.connection, run.destructive, cluster.connection.name);
    assertTyped(asked, start.typedName);
    const archive = await archives.get(connectionId);
    this.#assertIdle(runId);
    const { taskId } = tasks.start({
      kind: 'bulk.apply',
      title: run.title,
      connectionId,
      canPause: true,
      about: runId,
      writesTo: [connectionId],
      run: async (controls) => {
        const ticket = start.ticket ?? run.ticket;
        const state = { runId, state: 'running', endedAt: null, ticket } as const;
        await archive.write('updateRun', state);
        this.tell(connectionId);
        await runBulk({
          connectionId,
          runId,
          ticket,
          engine,
          archive,
          controls,
          states: start.states,
          canary: start.canary,
          // A row waits for the disk twice: half as many more keep the connections busy meanwhile.
          concurrency: Math.ceil(cluster.connection.maxConnections * 1.5),
          pause: () => tasks.pause(controls.taskId),
        }).finally(() => this.#end(connectionId, runId));
        return this.get(connectionId, runId);
      },
    });
    return taskId;
  }

  /**
   * Reads every unconfirmed row of a run again; sends no write.
   * @returns the task's id
   */
  async recheck(connectionId: string, runId: string): Promise<string> {
    const { clusters, archives, tasks, engine } = this.#options;
    const { connection } = await clusters.get(connectionId);
    const run = await this.stored(connectionId, runId);
    assertOwn(run);
    const archive = await archives.get(connectionId);
    this.#assertIdle(runId);
    const { taskId } = tasks.start({
      kind: 'bulk.recheck',
      title: `Check again: ${run.title}`,
      connectionId,
      about: runId,
      run: (controls) => {
        const concurrency = connection.maxConnections;
        const work = { connectionId, runId, engine, archive, controls, concurrency };
        return recheckRows(work).finally(() => this.#tellAll(connectionId));
      },
    });
    return taskId;
  }

  #assertIdle(runId: string): void {
    if (!this.#options.tasks.runningAbout(runId, 'bulk.apply', 'bulk.recheck')) return;
    throw new AppError({
      code: 'TASK_BUSY',
      message: 'This run is under way already.',
      hint: 'Wait for its task, or cancel it first.',
    });
  }

  /** Saves how a run ended, and announces what is stale. */
  async #end(connectionId: string, runId: string): Promise<void> {
    await this.#options.engine.settled();
    const archive = await this.#options.archives.get(connectionId);
    const { counts } = await this.stored(connectionId, runId);
    const left = (counts.pending ?? 0) + (counts.sending ?? 0);
    const state = left === 0 ? 'finished' : 'stopped';
    await archive.write('updateRun', { runId, state, endedAt: Date.now() });
    this.#tellAll(connectionId);
  }

  #tellAll(connectionId: string): void {
    this.tell(connectionId, ['users', 'keys', 'accounts', 'limits', 'quotas', 'journal']);
  }

  /** Announces that runs changed. */
  tell(connectionId: string, topics: readonly DataTopic[] = []): void {
    this.#options.events.emit('data.changed', { connectionId, topics: [...topics, 'bulk'] });
  }

  #taskOf(runId: string): string | null {
    return this.#options.tasks.runningAbout(runId, 'bulk.apply')?.taskId ?? null;
  }
}

/** A merged run of another workstation is read-only: resumed in both places, its rows would be sent twice. */
function assertOwn({ mergedAt, createdBy }: StoredRun): void {
  if (mergedAt === null) return;
  throw conflict(
    'This run belongs to another workstation, and was taken over by a merge of archives.',
    `Resume it where ${createdBy} started it, then merge that archive again; or make a new preview here.`,
  );
}
