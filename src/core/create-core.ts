import { join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { appHandlers } from './app/handlers.ts';
import { NoticeBoard } from './app/notice-board.ts';
import { ConnectionStore } from './connections/connection-store.ts';
import { ConnectionViews } from './connections/connection-views.ts';
import { Credentials } from './connections/credentials.ts';
import { DemoHost } from './connections/demo-host.ts';
import { connectionsHandlers } from './connections/handlers.ts';
import { OpenClusters } from './connections/open-clusters.ts';
import { WriteUnlocks } from './connections/write-unlocks.ts';
import { type AllHandlers, createDispatch, type Dispatch } from './dispatch.ts';
import { EventBus } from './events.ts';
import { openDataDirectory } from './files/data-directory.ts';
import { openLog } from './log/console-log.ts';
import { pendingHandlers } from './pending.ts';
import { MemorySecretStore } from './secrets/memory-secret-store.ts';
import type { SecretStore } from './secrets/secret-store.ts';
import { tasksHandlers } from './tasks/handlers.ts';
import { TaskRegistry } from './tasks/task-registry.ts';

/** A cluster that runs inside the console: shown while no connection is saved. */
export interface DemoCluster {
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  stop(): Promise<void>;
}

/** What a shell hands core. */
export interface CoreOptions {
  shell: 'desktop' | 'web';
  version: string;
  /** Where connections, snapshots, archive and log lie. Created if missing, mode 0700. */
  dataDir: string;
  /** Starts the demo cluster, when there is no connection to show. Core does not know the simulator. */
  startDemo?: () => Promise<DemoCluster>;
  /** Left out: the OS keychain where there is one, else memory. */
  secretStore?: SecretStore;
  /** Yields the proxy for a URL as the system has it (`http://host:port`), or null for direct. */
  systemProxy?: (url: string) => Promise<string | null>;
  /** Runs beside a console on the same data directory instead of refusing to: a short-lived command. */
  sharesDataDir?: boolean;
  /** Check every value against its schema (tests, development). */
  checkOutputs?: boolean;
}

/** The console without a face. */
export interface Core {
  dispatch: Dispatch;
  events: EventBus;
  /** Ends tasks, workers and connections. */
  close(): Promise<void>;
}

/**
 * Builds the console: the one place where its parts are put together.
 * @throws AppError `DATA_DIRECTORY_IN_USE`, `DISK_FAILED`
 */
export async function createCore(options: CoreOptions): Promise<Core> {
  const directory = await openDataDirectory(options.dataDir, options.sharesDataDir);
  const log = openLog(join(directory.path, 'log', 'console.log'));
  const events = new EventBus();
  const notices = new NoticeBoard(events);
  const tasks = new TaskRegistry(events);
  const secrets = options.secretStore ?? new MemorySecretStore();
  const store = await ConnectionStore.open(join(directory.path, 'connections.json'), notices);
  const credentials = new Credentials({
    secrets,
    notices,
    log,
    onLateAnswer: () => events.emit('connections.changed', {}),
  });
  const unlocks = new WriteUnlocks(events);
  const demo = new DemoHost(options.startDemo);
  const views = new ConnectionViews({ store, credentials, unlocks, demo });
  const notYet = async (): Promise<never> => {
    throw new AppError({ code: 'INTERNAL', message: 'Not wired in yet.', hint: 'Wait.' });
  };
  const clusters = new OpenClusters({
    dataDir: directory.path,
    views,
    demo,
    openGateway: notYet,
    openSnapshot: notYet,
  });
  const { version, shell, dataDir } = options;
  const handlers = {
    ...pendingHandlers(),
    ...appHandlers({ version, shell, dataDir, logFile: log.path, secrets, notices }),
    ...connectionsHandlers({
      dataDir,
      store,
      views,
      credentials,
      unlocks,
      clusters,
      demo,
      notices,
      events,
    }),
    ...tasksHandlers(tasks),
  } satisfies AllHandlers;
  return {
    dispatch: createDispatch({
      handlers,
      onInternalError: (call, cause) => log.logger.error({ call, cause }, 'internal error'),
      ...(options.checkOutputs === undefined ? {} : { checkOutputs: options.checkOutputs }),
    }),
    events,
    close: async () => {
      await tasks.close();
      await clusters.close();
      await demo.stop();
      await store.settled();
      log.close();
      directory.release();
    },
  };
}
