import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, type ErrorCode, toAppError } from '#shared/errors.ts';
import { Signal } from '../../platform/events.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import { refreshCancelled } from '../../store/snapshot/open-snapshot.ts';
import type { RefreshTroubles } from '../../store/snapshot/queries/read-figures.ts';
import type { MayTakeAway } from '../../store/snapshot/refresh/taken-away.ts';
import type { ClusterWork } from '../archives.ts';
import {
  acceptedEntry,
  fetchLists,
  nothingHeldBack,
  type RecordEntry,
  readSyncState,
  type SyncState,
  takenAwayIn,
  writeSyncState,
} from './sync-state.ts';

export type RefreshResult = CallOutput<'sync.refresh'>;
export type SyncStatus = CallOutput<'sync.status'>;

type SetAside = NonNullable<SyncState['objects']>;

type Refreshing = NonNullable<SyncStatus['refreshing']>;

interface SyncDependencies extends Pick<ClusterWork, 'clusters' | 'tasks' | 'events'> {
  /** Records what the console does on its own. */
  record: RecordEntry;
}

interface RunningRefresh {
  taskId: string;
  finished: Promise<RefreshResult>;
  progress: Omit<Refreshing, 'taskId'>;
}

const announceEvery = 200;
const noRows: { total: number; rows: never[] } = { total: 0, rows: [] };
const nothingGone: MayTakeAway = { users: 0, buckets: 0 };

/** Refreshes snapshots and knows, for every cluster, whether its gateway answered last time. */
export class SyncService {
  /** The id of a connection whose refresh is in the snapshot. */
  readonly refreshed = new Signal<string>();
  /** The id of a connection whose gateway answers again after it could not be reached. */
  readonly reconnected = new Signal<string>();
  readonly #dependencies: SyncDependencies;
  readonly #running = new Map<string, RunningRefresh>();
  readonly #states = new Map<string, SyncState>();

  constructor(dependencies: SyncDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Fetches users and buckets again. A refresh of the same cluster that is under way is joined.
   * Rejects with the gateway's error; the snapshot is then as it was.
   */
  async refresh(connectionId: string): Promise<RefreshResult> {
    const running = this.#running.get(connectionId) ?? (await this.#start(connectionId));
    return running.finished;
  }

  /**
   * Begins a refresh on its own, since the snapshot was lost. How it ends is in the task and the status;
   * a cluster that can't be reached now is fetched at the operator's next refresh.
   */
  refetch(connectionId: string): void {
    this.refresh(connectionId).catch(() => undefined);
  }

  /** Whether the gateway answered last time, how old the data is, and what a running refresh has done. */
  async status(connectionId: string): Promise<SyncStatus> {
    const cluster = await this.#dependencies.clusters.get(connectionId);
    const snapshot = await cluster.snapshot();
    const [summary, stored] = await Promise.all([
      snapshot.ask('summary'),
      this.#state(connectionId),
    ]);
    const { answeredAt, objects, certificateUntil: _until, skewSeconds: _skew, ...state } = stored;
    const running = this.#running.get(connectionId);
    return {
      state: state.error ? kindOf(state.error) : summary || answeredAt ? 'online' : 'never',
      asOf: summary?.asOf ?? null,
      users: summary?.users ?? 0,
      buckets: summary?.buckets ?? 0,
      ...troublesOf(summary?.troubles, objects),
      ...state,
      ...(running ? { refreshing: { taskId: running.taskId, ...running.progress } } : {}),
    };
  }

  /** Why a connection's gateway could not be reached last time; null where it answered, or was never asked. */
  async whyOffline(connectionId: string): Promise<{ message: string } | null> {
    return offlineError(await this.#state(connectionId)) ?? null;
  }

  /** What the last refresh saw of the gateway's certificate and clock. */
  async seen(connectionId: string): Promise<Pick<SyncState, 'certificateUntil' | 'skewSeconds'>> {
    const { certificateUntil, skewSeconds } = await this.#state(connectionId);
    return { certificateUntil, skewSeconds };
  }

  async noteAnswer(connectionId: string): Promise<void> {
    const { error, answeredAt } = await this.#state(connectionId);
    if (error || answeredAt === undefined) await this.#rememberAnswer(connectionId);
  }

  async noteObjects(connectionId: string, objects: SetAside): Promise<void> {
    const { objects: before, ...state } = await this.#state(connectionId);
    if (objects.total === 0 && before === undefined) return;
    await this.#remember(connectionId, { ...state, ...(objects.total > 0 ? { objects } : {}) });
  }

  /**
   * Notes that the gateway could not be asked, or answered with an internal error. A cancellation
   * and a failure of this machine say nothing of the gateway.
   */
  async noteFailure(connectionId: string, error: AppError): Promise<void> {
    if (error.code === 'CANCELLED' || ours.has(error.code)) return;
    const { offlineSince, failingSince, answeredAt, ...state } = await this.#state(connectionId);
    const now = new Date().toISOString();
    const since =
      kindOf(error) === 'failing'
        ? { failingSince: failingSince ?? now, answeredAt: answeredAt ?? now }
        : { offlineSince: offlineSince ?? now, ...(answeredAt ? { answeredAt } : {}) };
    await this.#remember(connectionId, { ...state, ...since, error: error.toData() });
  }

  /** Clears the error and merges new facts into the known ones. */
  async #rememberAnswer(connectionId: string, found: Partial<SyncState> = {}): Promise<void> {
    const { error, offlineSince, failingSince, ...state } = await this.#state(connectionId);
    const answeredAt = state.answeredAt ?? new Date().toISOString();
    await this.#remember(connectionId, { ...state, answeredAt, ...found });
  }

  /**
   * Fetches the lists again and takes them in although they are much shorter, which goes on record.
   * Lists that lack more than what was shown are held back again.
   * @throws AppError `INPUT_INVALID` where nothing was held back
   */
  async acceptShorter(connectionId: string): Promise<RefreshResult> {
    await this.#running.get(connectionId)?.finished.catch(() => undefined);
    const { heldBack } = await this.#state(connectionId);
    if (!heldBack) throw nothingHeldBack();
    const { connection } = await this.#dependencies.clusters.get(connectionId);
    const mayTakeAway = { users: heldBack.users.missing, buckets: heldBack.buckets.missing };
    let result: RefreshResult | undefined;
    await this.#dependencies.record(acceptedEntry(connection, heldBack), async () => {
      result = await (await this.#start(connectionId, mayTakeAway)).finished;
    });
    return result as RefreshResult;
  }

  /** Keeps what was seen, and forgets that shorter lists were held back. */
  async keepSeen(connectionId: string): Promise<SyncStatus> {
    const { heldBack: _heldBack, ...state } = await this.#state(connectionId);
    await this.#remember(connectionId, state);
    return this.status(connectionId);
  }

  async #start(connectionId: string, mayTakeAway = nothingGone): Promise<RunningRefresh> {
    const cluster = await this.#dependencies.clusters.get(connectionId);
    const joined = this.#running.get(connectionId);
    if (joined) return joined;
    const progress: RunningRefresh['progress'] = { stage: 'users', done: 0 };
    const { taskId, finished } = this.#dependencies.tasks.start({
      kind: 'sync.refresh',
      title: `Refresh ${cluster.connection.name}`,
      connectionId,
      run: (controls) => this.#run(connectionId, controls, progress, mayTakeAway),
    });
    const running = { taskId, finished, progress };
    this.#running.set(connectionId, running);
    return running;
  }

  async #run(
    connectionId: string,
    { signal, progress: report }: TaskControls,
    progress: RunningRefresh['progress'],
    mayTakeAway: MayTakeAway,
  ): Promise<RefreshResult> {
    const announcing = setInterval(() => void this.#announce(connectionId), announceEvery);
    try {
      const cluster = await this.#dependencies.clusters.get(connectionId);
      const [snapshot, gateway] = await Promise.all([cluster.snapshot(), cluster.gateway()]);
      const before = await snapshot.ask('summary');
      const { refreshed, route, seen } = await fetchLists({
        gateway,
        snapshot,
        signal,
        mayTakeAway,
        onProgress: (stage, done) => {
          Object.assign(progress, { stage, done });
          // As many as there were last time, until it is known better.
          const total = stage === 'storing' ? undefined : before?.[stage];
          report({ stage, done, total: total === undefined ? null : Math.max(total, done) });
        },
      });
      await this.#rememberAnswer(connectionId, {
        ...{ heldBack: undefined, route: route ?? undefined },
        ...seen,
      });
      this.#dependencies.events.emit('data.changed', {
        connectionId,
        topics: ['users', 'buckets'],
      });
      void this.refreshed.tell(connectionId);
      return { ...refreshed, ...(route?.transformed ? { transformed: route.said } : {}) };
    } catch (thrown) {
      const error = signal.aborted ? refreshCancelled() : toAppError(thrown);
      // whoever asks from now on asks again, and does not join what failed
      this.#running.delete(connectionId);
      const takenAway = takenAwayIn(error);
      if (takenAway) {
        const at = new Date().toISOString();
        await this.#rememberAnswer(connectionId, { heldBack: { at, ...takenAway } });
      } else await this.noteFailure(connectionId, error);
      throw error;
    } finally {
      clearInterval(announcing);
      this.#running.delete(connectionId);
      await this.#announce(connectionId);
    }
  }

  async #state(connectionId: string): Promise<SyncState> {
    const known = this.#states.get(connectionId);
    if (known) return known;
    const read = await readSyncState(await this.#dependencies.clusters.directory(connectionId));
    // what was noted while the file was read is newer
    const newer = this.#states.get(connectionId);
    if (newer) return newer;
    this.#states.set(connectionId, read);
    return read;
  }

  async #remember(connectionId: string, { ...state }: SyncState): Promise<void> {
    if (state.heldBack === undefined) delete state.heldBack;
    for (const name of ['route', 'certificateUntil', 'skewSeconds'] as const) {
      if (state[name] === undefined) delete state[name];
    }
    const before = this.#states.get(connectionId);
    this.#states.set(connectionId, state);
    const isOffline = offlineError(state) !== null;
    const wasOffline = offlineError(before ?? {}) !== null;
    if (isOffline !== wasOffline) {
      // whether changes are held back depends on it
      this.#dependencies.events.emit('connections.changed', {});
    }
    await writeSyncState(await this.#dependencies.clusters.directory(connectionId), state);
    if (wasOffline && !isOffline) void this.reconnected.tell(connectionId);
    if (!this.#running.has(connectionId)) await this.#announce(connectionId);
  }

  async #announce(connectionId: string): Promise<void> {
    try {
      const status = await this.status(connectionId);
      this.#dependencies.events.emit('sync.changed', { connectionId, status });
    } catch {
      // the connection was removed meanwhile: nobody is left to notify
    }
  }
}

/** Errors of something else in the gateway's place: a portal, a proxy, another server. */
const foreign: ReadonlySet<ErrorCode> = new Set([
  'REDIRECTED',
  'ANSWER_NOT_JSON',
  'ANSWER_FOREIGN',
  'PROXY_FAILED',
]);

/** Failures of this machine, which say nothing about the gateway. */
const ours: ReadonlySet<ErrorCode> = new Set([
  'DISK_FAILED',
  'SNAPSHOT_MISSING',
  'SNAPSHOT_DAMAGED',
  'ARCHIVE_DAMAGED',
  'ARCHIVE_NEWER',
  'CREDENTIAL_MISSING',
  'SECRET_UNREADABLE',
  'SECRET_STORE_UNAVAILABLE',
  'INTERNAL',
]);

function offlineError({ error }: SyncState): SyncState['error'] | null {
  return error && kindOf(error) === 'offline' ? error : null;
}

function kindOf(error: { code: ErrorCode; status?: number | undefined }): 'failing' | 'offline' {
  return error.status === undefined || foreign.has(error.code) ? 'offline' : 'failing';
}

function troublesOf(lists: RefreshTroubles | null | undefined, objects: SetAside = noRows) {
  const { setAside, implausible } = lists ?? { setAside: noRows, implausible: noRows };
  const total = setAside.total + objects.total;
  return {
    ...(total > 0 ? { setAside: { total, rows: [...setAside.rows, ...objects.rows] } } : {}),
    ...(implausible.total > 0 ? { implausible } : {}),
  };
}
