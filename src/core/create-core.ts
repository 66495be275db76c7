import { join } from 'node:path';
import { appHandlers } from './calls/app.ts';
import { billingHandlers } from './calls/billing.ts';
import { bucketsReadHandlers } from './calls/buckets.ts';
import { connectionsHandlers } from './calls/connections.ts';
import { statementsHandlers } from './calls/customer-statements.ts';
import { customersHandlers } from './calls/customers.ts';
import { invoicesHandlers } from './calls/invoices.ts';
import { createManagement, type Management } from './calls/manage-handlers.ts';
import { onboardingHandlers } from './calls/onboarding.ts';
import { servicePlansHandlers } from './calls/service-plans.ts';
import type { ClusterStatementHandlers } from './calls/statements.ts';
import { syncHandlers } from './calls/sync.ts';
import { tasksHandlers } from './calls/tasks.ts';
import { createUsageParts } from './calls/usage-parts.ts';
import { usersReadHandlers } from './calls/users.ts';
import { Journal } from './changes/journal/journal.ts';
import { Archives } from './clusters/archives.ts';
import type { SavedConnection } from './clusters/clusters.ts';
import { type Connections, openConnections } from './clusters/connections/open-connections.ts';
import { makeWay } from './clusters/connections/work-under-way.ts';
import type { DemoCluster } from './clusters/demo/demo-host.ts';
import { IdleClusters, usualIdleTime } from './clusters/idle-clusters.ts';
import { Sweeps } from './clusters/inventory/inventories.ts';
import { GatewayQuestions } from './clusters/refresh/gateway-questions.ts';
import { SyncService } from './clusters/refresh/sync-service.ts';
import type { ForkKeychain } from './clusters/secrets/keychain-process.ts';
import type { SecretStore } from './clusters/secrets/secret-store.ts';
import { BillingConnections } from './customers/billing-connections.ts';
import { CustomerBills } from './customers/bills.ts';
import { CustomerRegister } from './customers/customer-register.ts';
import { Customers } from './customers/customers.ts';
import { Drafts } from './customers/drafts.ts';
import { Onboarding } from './customers/onboarding/onboarding.ts';
import { type RevealSecret, WriteBacks } from './customers/onboarding/write-back.ts';
import { ServicePlans } from './customers/service-plans.ts';
import { CustomerStore } from './customers/store/customer-store.ts';
import { type CloseStep, closeInOrder } from './platform/close-in-order.ts';
import { type AllHandlers, createDispatch, type Dispatch } from './platform/dispatch.ts';
import { EventBus } from './platform/events.ts';
import { type DataDirectory, openDataDirectory } from './platform/files/data-directory.ts';
import { type ConsoleLog, openLog } from './platform/log/console-log.ts';
import { logError } from './platform/log/log-error.ts';
import { NoticeBoard } from './platform/notice-board.ts';
import { TaskRegistry } from './platform/tasks/task-registry.ts';

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
  /** Starts the keychain's process where the shell's program can't run as Node. */
  forkKeychain?: ForkKeychain;
  /** Yields the proxy for a URL as the system has it (`http://host:port`), or null for direct. */
  systemProxy?: (url: string) => Promise<string | null>;
  /** Runs beside a console on the same data directory instead of refusing to: a short-lived command. */
  sharesDataDir?: boolean;
  /** Left out: 10 min. How long nothing is asked of a cluster before what it keeps open is closed. */
  idleAfter?: number;
  /** Check every value against its schema (tests, development). */
  checkOutputs?: boolean;
}

/** The console without a face. */
export interface Core {
  dispatch: Dispatch;
  events: EventBus;
  /**
   * Ends tasks, workers and connections; the lock of the data directory goes last. It takes 12 s at
   * the most: what hangs by then is left to the end of the process, and `ClosedLate` is thrown.
   */
  close(): Promise<void>;
}

/**
 * Builds the console: the one place where its parts are put together.
 * @throws AppError `DATA_DIRECTORY_IN_USE`, `DISK_FAILED`
 */
export async function createCore(options: CoreOptions): Promise<Core> {
  const directory = await openDataDirectory(options.dataDir, options.sharesDataDir);
  try {
    return await compose(options, directory);
  } catch (thrown) {
    directory.release();
    throw thrown;
  }
}

function logStart({ logger }: ConsoleLog, { version, shell }: CoreOptions): void {
  const { version: node, platform } = process;
  logger.info({ version, shell, node, platform }, 'started');
}

/** Billing systems and customers, over all clusters. */
function openCustomers(
  { systemProxy, version }: CoreOptions,
  { path }: DataDirectory,
  parts: {
    connections: Connections;
    log: ConsoleLog;
    events: EventBus;
    archives: Archives;
    tasks: TaskRegistry;
    sweeps: Sweeps;
    usage: { handlers: ClusterStatementHandlers };
    management: Management;
  },
) {
  const { connections, log, events, archives, tasks, sweeps, usage, management } = parts;
  const { engine } = management;
  const { clusters, secrets, shownIds: connectionIds } = connections;
  const store = new CustomerStore(join(path, 'customers.sqlite'));
  const billing = new BillingConnections({ store, secrets, log, systemProxy, version });
  const customers = new Customers({ store, billing, clusters, connectionIds, events });
  const bills = new CustomerBills({ store, customers, clusters, archives, connectionIds });
  const register = new CustomerRegister({ store, bills, customers, archives });
  const drafts = new Drafts({ store, billing, register, tasks, events });
  const plans = new ServicePlans({ store, customers, sweeps, events });
  const revealSecret: RevealSecret = async (key, signal) =>
    (await management.handlers['keys.reveal'](key, { signal })).secretAccessKey;
  const writeBacks = new WriteBacks({ store, billing, customers, clusters, revealSecret });
  const forSignUp = { store, billing, customers, clusters, engine, tasks, events, connectionIds };
  const onboarding = new Onboarding({ ...forSignUp, writeBacks });
  return {
    handlers: {
      ...billingHandlers({ billing, customers, events }),
      ...customersHandlers({ customers, store }),
      ...statementsHandlers({ clusters, events, bills, register, ofCluster: usage.handlers }),
      ...invoicesHandlers({ drafts, store }),
      ...servicePlansHandlers({ plans, store }),
      ...onboardingHandlers({ onboarding, writeBacks, engine, revealSecret }),
    },
    close: () => store.close(),
  };
}

/** Closes what clusters keep open once nobody has used them for a while. */
function watchIdle(
  { idleAfter = usualIdleTime }: CoreOptions,
  parts: {
    tasks: TaskRegistry;
    journal: Journal;
    open: { rest(connectionId: string): Promise<void> }[];
  },
): IdleClusters {
  const { tasks, journal, open } = parts;
  return new IdleClusters({
    after: idleAfter,
    isBusy: (connectionId) => tasks.isRunning(connectionId) || journal.isUnderWay(connectionId),
    rest: async (connectionId) => {
      for (const part of open) await part.rest(connectionId);
    },
  });
}

/** What is closed once nothing begins any more, in this order. */
function lastSteps(parts: {
  tasks: TaskRegistry;
  questions: GatewayQuestions;
  archives: Archives;
  customers: { close(): Promise<void> };
  sweeps: Sweeps;
  connections: Connections;
  log: ConsoleLog;
  directory: DataDirectory;
}): Record<string, CloseStep> {
  return {
    tasks: () => parts.tasks.close(),
    questions: () => parts.questions.close(),
    archives: () => parts.archives.close(),
    customers: () => parts.customers.close(),
    inventory: () => parts.sweeps.close(),
    connections: () => parts.connections.close(),
    log: () => parts.log.close(),
    'lock of the data directory': () => parts.directory.release(),
  };
}

const leftOut = {
  secretStore: undefined,
  forkKeychain: undefined,
  systemProxy: undefined,
  startDemo: undefined,
};

async function compose(options: CoreOptions, directory: DataDirectory): Promise<Core> {
  const log = openLog(join(directory.path, 'log', 'console.log'));
  const events = new EventBus();
  const notices = new NoticeBoard(events);
  const tasks = new TaskRegistry(events, (connectionId) => archives.checkpoint(connectionId));
  const connections = await openConnections({
    ...leftOut,
    ...options,
    dataDir: directory.path,
    log,
    events,
    notices,
    tasks,
    onDemoStarted: (connectionId) => void sync.refresh(connectionId).catch(() => undefined),
    onSnapshotSetAside: (connectionId) => sync.refetch(connectionId),
    onAnswer: (connectionId) => sync.noteAnswer(connectionId),
    onNeed: (connectionId) => idle.need(connectionId),
    record: (entry, act) => journal.note(entry, act),
  });
  const { clusters, secrets } = connections;
  const sync = new SyncService({
    clusters,
    tasks,
    events,
    record: (entry, act) => journal.note(entry, act),
    onRefreshed: (connectionId) => usage.noteRefresh(connectionId),
  });
  const questions = new GatewayQuestions({ sync, events });
  const archives = new Archives(clusters);
  const journal = new Journal((connectionId) => archives.get(connectionId));
  const sweeps = new Sweeps(clusters);
  const open = [archives, sweeps, connections.parts.clusters];
  const idle = watchIdle(options, { tasks, journal, open });
  const parts = { clusters, archives, tasks, events, journal };
  const usage = createUsageParts({ ...parts, sync, makeWay: wayForArchive(tasks, journal) });
  if (!options.sharesDataDir) void usage.schedule.resume(connections.savedIds());
  const { version, shell, dataDir } = options;
  const management = createManagement({ ...parts, sweeps });
  const forCustomers = { ...parts, connections, log, sweeps, management };
  const customers = openCustomers(options, directory, { ...forCustomers, usage });
  logStart(log, options);
  const handlers = {
    ...appHandlers({ version, shell, dataDir, logFile: log.path, secrets, notices }),
    ...connectionsHandlers(connections.parts),
    ...syncHandlers({ clusters, sync }),
    ...usersReadHandlers({ clusters, questions }),
    ...bucketsReadHandlers({ clusters, questions }),
    ...tasksHandlers(tasks),
    ...usage.handlers,
    ...customers.handlers,
    ...management.handlers,
  } satisfies AllHandlers;
  return {
    dispatch: createDispatch({
      handlers,
      onError: (call, error) => logError(log, call, error),
      during: (connectionId, call) => idle.during(connectionId, call),
      checkOutputs: options.checkOutputs ?? false,
    }),
    events,
    close: closeInOrder({
      schedules: () => usage.schedule.close(),
      'idle clusters': () => idle.close(),
      'size history': () => usage.sizes.settled(),
      ...lastSteps({ tasks, questions, archives, customers, sweeps, connections, log, directory }),
    }),
  };
}

/** Another file takes the place of an archive only while nothing is written, by a task or otherwise. */
function wayForArchive(tasks: TaskRegistry, journal: Journal) {
  return async (connection: SavedConnection): Promise<void> => {
    await makeWay(tasks, connection, 'restore');
    journal.assertIdle(connection.id);
  };
}
