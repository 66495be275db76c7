import { join } from 'node:path';
import { Attention } from './attention/attention.ts';
import { customerSource } from './attention/customer-facts.ts';
import { Digests } from './attention/digests.ts';
import { Pressure } from './attention/pressure.ts';
import { appHandlers, tasksHandlers } from './calls/app.ts';
import { archiveHandlers } from './calls/archive.ts';
import { billingHandlers } from './calls/billing.ts';
import { bucketsHandlers } from './calls/buckets.ts';
import { bulkHandlers } from './calls/bulk.ts';
import { campaignsHandlers } from './calls/campaigns.ts';
import { connectionsHandlers } from './calls/connections.ts';
import { statementsHandlers } from './calls/customer-statements.ts';
import { customersHandlers, invoicesHandlers, servicePlansHandlers } from './calls/customers.ts';
import {
  inventoryHandlers,
  keysHandlers,
  limitsHandlers,
  quotasHandlers,
} from './calls/inventory.ts';
import { offboardingHandlers, onboardingHandlers } from './calls/onboarding.ts';
import { everyJournalHandlers, operationHandlers, operationsHandlers } from './calls/operations.ts';
import { plansHandlers } from './calls/plans.ts';
import { pressureHandlers } from './calls/pressure.ts';
import { secureConsole } from './calls/secure-console.ts';
import { signalsHandlers } from './calls/signals.ts';
import { clusterStatementHandlers, tariffHandlers } from './calls/statements.ts';
import { syncHandlers } from './calls/sync.ts';
import { storageHandlers, usageHandlers } from './calls/usage.ts';
import { usersHandlers } from './calls/users.ts';
import { BulkService } from './changes/bulk/bulk-service.ts';
import { KeyCampaigns } from './changes/campaigns/campaigns.ts';
import { Journal } from './changes/journal/journal.ts';
import { inverseOf } from './changes/operations/catalogue/index.ts';
import { OperationEngine } from './changes/operations/engine.ts';
import { WriteThrough } from './changes/operations/perform.ts';
import { revealKey } from './changes/operations/reveal-key.ts';
import { PlanDesk } from './changes/plans/plan-desk.ts';
import { Archives, type ClusterWork } from './clusters/archives.ts';
import { noticeOrphans } from './clusters/connections/connection-folders.ts';
import { ConnectionStore } from './clusters/connections/connection-store.ts';
import { Connections } from './clusters/connections/connections.ts';
import { Credentials } from './clusters/connections/credentials.ts';
import { GatewaySettings } from './clusters/connections/gateway-settings.ts';
import { seedConnections } from './clusters/connections/managed-connections.ts';
import { OpenClusters } from './clusters/connections/open-clusters.ts';
import { DemoHost } from './clusters/demo/demo-host.ts';
import { IdleClusters } from './clusters/idle-clusters.ts';
import { Inventories } from './clusters/inventory/inventories.ts';
import { ProductionLocks, pinAlarmEntry } from './clusters/locks/guard.ts';
import { GatewayQuestions } from './clusters/refresh/gateway-questions.ts';
import { SyncService } from './clusters/refresh/sync-service.ts';
import type { RecordEntry } from './clusters/refresh/sync-state.ts';
import { FallbackSecretStore } from './clusters/secrets/fallback-secret-store.ts';
import { JournalKeys } from './clusters/secrets/journal-keys.ts';
import { systemKeychain } from './clusters/secrets/keychain-process.ts';
import { KeychainSecretStore } from './clusters/secrets/keychain-secret-store.ts';
import type { Core, CoreOptions } from './core.ts';
import { BillableItems } from './customers/billable-items.ts';
import { BillingConnections } from './customers/billing-connections.ts';
import { CustomerBills } from './customers/bills.ts';
import { CustomerRegister } from './customers/customer-register.ts';
import { Customers } from './customers/customers.ts';
import { DemoBilling } from './customers/demo-billing.ts';
import { StatementFiles } from './customers/documents/statement-files.ts';
import { Drafts } from './customers/drafts.ts';
import { Handovers } from './customers/handovers.ts';
import { FigureKeeper } from './customers/list-figures.ts';
import { MonthStatements } from './customers/month-statements.ts';
import { Offboarding } from './customers/offboarding/offboarding.ts';
import { Onboarding } from './customers/onboarding/onboarding.ts';
import { type RevealSecret, WriteBacks } from './customers/onboarding/write-back.ts';
import { ServicePlans } from './customers/service-plans.ts';
import { CustomerStore } from './customers/store/customer-store.ts';
import { TakeBacks } from './customers/take-backs.ts';
import { TemporaryRaises } from './customers/temporary-raises.ts';
import { UsageFigures } from './customers/usage-figures.ts';
import { createGateway } from './gateway/create-gateway.ts';
import { closeInOrder } from './platform/close-in-order.ts';
import { type AllHandlers, createDispatch } from './platform/dispatch.ts';
import { EventBus } from './platform/events.ts';
import { type DataDirectory, openDataDirectory } from './platform/files/data-directory.ts';
import { logError, openLog } from './platform/log/console-log.ts';
import { NoticeBoard } from './platform/notice-board.ts';
import { type Policy, readPolicy } from './platform/policy.ts';
import { Preferences } from './platform/preferences.ts';
import { TaskRegistry } from './platform/tasks/task-registry.ts';
import { Updates } from './platform/updates/updates.ts';
import { openSnapshot } from './store/snapshot/open-snapshot.ts';
import { ArchiveMerges } from './usage/archive/merge-service.ts';
import { CollectService } from './usage/collect/collect-service.ts';
import { ObjectsOnGateway } from './usage/collect/objects-on-gateway.ts';
import { ClusterSchedules } from './usage/collect/schedule.ts';
import { SizeRecords } from './usage/size-history/size-records.ts';

/**
 * Builds the console: the one place where its parts are put together.
 * @throws AppError `POLICY_INVALID`, `DATA_DIRECTORY_IN_USE`, `DISK_FAILED`
 */
export async function createCore(options: CoreOptions): Promise<Core> {
  const policy = await readPolicy({ system: options.policyFile });
  const directory = await openDataDirectory(options.dataDir, options.sharesDataDir);
  try {
    return await compose(options, directory, policy);
  } catch (thrown) {
    directory.release();
    throw thrown;
  }
}

/** The ground: what every room works with. */
function openPlatform({ path }: DataDirectory, policy: Policy | null) {
  const log = openLog(join(path, 'log', 'console.log'));
  const events = new EventBus();
  const notices = new NoticeBoard(events);
  return { policy, log, events, notices, tasks: new TaskRegistry(events) };
}

type Platform = ReturnType<typeof openPlatform>;

/**
 * The saved connections with their secrets, the demo, and the clusters they lead to.
 * @throws AppError `DISK_FAILED`
 */
async function openConnections(
  options: CoreOptions,
  { path: dataDir }: DataDirectory,
  { policy, log, events, notices }: Platform,
) {
  const { systemProxy, version, forkKeychain, startDemo } = options;
  const connectionsFile = join(dataDir, 'connections.json');
  const store = await ConnectionStore.open(connectionsFile, notices, options.sharesDataDir);
  const preferences = await Preferences.open({ dataDir, events, notices });
  const leaving = await seedConnections(policy, store, notices);
  await noticeOrphans(dataDir, store.ids(), notices);
  const keychain = new KeychainSecretStore(systemKeychain(process.platform, forkKeychain));
  const fallback = new FallbackSecretStore(keychain);
  const secrets = options.secretStore ?? fallback;
  const credentials = new Credentials({ secrets, store, events, notices, log });
  for (const before of leaving) await credentials.remove(before);
  const journalKeys = new JournalKeys({ secrets, makes: !options.sharesDataDir, log });
  fallback.keychainReady.on(async (connectionIds) => {
    await credentials.adoptKeychain(connectionIds);
    await journalKeys.available.tell();
  });
  const locks = new ProductionLocks();
  const demo = new DemoHost(startDemo);
  const connections = new Connections({ policy, store, credentials, locks, demo, log, notices });
  const sources = { policy, credentials, demo, store, log, events, version, systemProxy };
  const settings = new GatewaySettings(sources);
  const idle = new IdleClusters(options.idle);
  const makers = { settings, createGateway, openSnapshot };
  const clusters = new OpenClusters({ dataDir, connections, demo, idle, notices, ...makers });
  const kept = { store, preferences, keychain, secrets, credentials, journalKeys };
  return { ...kept, dataDir, locks, demo, connections, settings, idle, clusters };
}

type Connected = Awaited<ReturnType<typeof openConnections>>;

/** What {@link openClusterParts} builds on; tests hand it their own cluster. */
interface ClusterGround extends Pick<ClusterWork, 'clusters' | 'tasks' | 'events'> {
  policy?: Policy | null;
  journalKeys?: JournalKeys;
  /** Waits before each reading back of a write, in milliseconds. */
  delays?: readonly number[];
}

/** All that works on clusters: refresh, changes, usage. */
export function openClusterParts(parts: ClusterGround) {
  const { policy = null, clusters, tasks, events, delays } = parts;
  const archives = new Archives(clusters, parts.journalKeys);
  tasks.worked.on((connectionId) => archives.checkpoint(connectionId));
  const journal = new Journal((connectionId) => archives.get(connectionId), inverseOf);
  const record: RecordEntry = (entry, act) => journal.note(entry, act);
  const sync = new SyncService({ clusters, tasks, events, record });
  const questions = new GatewayQuestions({ sync, events });
  const inventories = new Inventories({ clusters, tasks, events });
  const ground = { policy, clusters, archives, tasks, events, journal, sync, inventories };

  const writeThrough = new WriteThrough(clusters);
  const engine = new OperationEngine({ ...ground, writeThrough, ...(delays ? { delays } : {}) });
  const bulk = new BulkService({ ...ground, engine });
  const campaigns = new KeyCampaigns({ ...ground, engine });
  const planDesk = new PlanDesk({ ...ground, bulk });
  sync.reconnected.on((connectionId) => planDesk.compareWaiting(connectionId));

  const merges = new ArchiveMerges(ground);
  const objectsOnGateway = new ObjectsOnGateway();
  const collections = new CollectService(ground);
  const schedule = new ClusterSchedules({ ...ground, collections });
  const sizes = new SizeRecords(ground);
  sync.refreshed.on((connectionId) => sizes.noteRefresh(connectionId));
  sync.refreshed.on((connectionId) => schedule.noteRefresh(connectionId));

  const changes = { engine, bulk, campaigns, planDesk };
  const usage = { merges, objectsOnGateway, collections, schedule, sizes };
  return { ...ground, questions, ...changes, ...usage };
}

type ClusterParts = ReturnType<typeof openClusterParts>;

export function clusterHandlers(parts: ClusterParts) {
  return {
    ...tasksHandlers(parts),
    ...syncHandlers(parts),
    ...usersHandlers(parts),
    ...bucketsHandlers(parts),
    ...keysHandlers(parts),
    ...limitsHandlers(parts),
    ...quotasHandlers(parts),
    ...inventoryHandlers(parts),
    ...operationHandlers(parts),
    ...operationsHandlers(parts),
    ...bulkHandlers(parts),
    ...plansHandlers(parts),
    ...campaignsHandlers(parts),
    ...archiveHandlers(parts),
    ...usageHandlers(parts),
    ...storageHandlers(parts),
    ...tariffHandlers(parts),
  };
}

function openCustomers(
  { systemProxy, version }: CoreOptions,
  parts: Platform & ClusterParts & Connected,
) {
  const { dataDir, connections, secrets, locks, policy, log, events, notices, tasks } = parts;
  const { clusters, archives, journal, journalKeys, engine, sync, collections, demo } = parts;
  const connectionIds = () => connections.ids();
  const path = join(dataDir, 'customers.sqlite');
  const store = new CustomerStore(path, journalKeys);
  const ways = { log, notices, events, policy, systemProxy, version };
  const billing = new BillingConnections({ store, secrets, locks, demo, ...ways });
  const customers = new Customers({ store, billing, clusters, connectionIds, events, engine });
  const bills = new CustomerBills({ store, clusters, archives, connectionIds });
  const register = new CustomerRegister({ store, bills, archives });
  const handovers = new Handovers({ store, customers, clusters, bills, register, events });
  const month = new MonthStatements({ store, archives, register, tasks, events });
  const takeBacks = new TakeBacks({ bills, register, events });
  const drafts = new Drafts({ store, billing, register, tasks, events });
  const files = new StatementFiles(store, register);
  const plans = new ServicePlans({ store, customers, clusters, journal, events });
  const raises = new TemporaryRaises({ store, clusters, engine, journal, events });
  const revealSecret: RevealSecret = async (key, signal) =>
    (await revealKey(parts, key, signal)).secretAccessKey;
  const writeBacks = new WriteBacks({ store, billing, customers, clusters, revealSecret });
  const forSignUp = { store, billing, customers, clusters, engine, tasks, events, connectionIds };
  const onboarding = new Onboarding({ ...forSignUp, writeBacks });
  const offboarding = new Offboarding({ ...forSignUp, sync, collections, register });
  const items = new BillableItems({ store, billing, register, tasks, events });
  const usageFigures = new UsageFigures({ store, billing, customers, archives, tasks });
  const demoBilling = new DemoBilling({ ...parts, path, store, billing, customers, plans });
  const bookkeeping = {
    bills,
    register,
    month,
    takeBacks,
    drafts,
    items,
    usageFigures,
    files,
    plans,
    raises,
  };
  const signUps = { onboarding, offboarding, writeBacks, revealSecret };
  return { store, billing, customers, handovers, ...bookkeeping, ...signUps, demoBilling };
}

function customerHandlers(
  parts: ReturnType<typeof openCustomers> &
    Pick<ClusterParts, 'clusters' | 'archives' | 'tasks' | 'events' | 'engine' | 'bulk'> & {
      demo: DemoHost;
    },
) {
  return {
    ...billingHandlers(parts),
    ...customersHandlers(parts),
    ...statementsHandlers({ ...parts, ofCluster: clusterStatementHandlers(parts) }),
    ...invoicesHandlers(parts),
    ...servicePlansHandlers(parts),
    ...onboardingHandlers(parts),
    ...offboardingHandlers(parts),
  };
}

/** What a cluster keeps open is closed when nothing was asked of it for a while, and nothing works on it. */
function restIdle(parts: Platform & ClusterParts & Connected): void {
  const { idle, tasks, journal, sizes, archives, clusters, credentials } = parts;
  idle.watch({
    isBusy: (connectionId) =>
      tasks.isRunning(connectionId) ||
      journal.isUnderWay(connectionId) ||
      sizes.isRecording(connectionId),
    rest: async (connectionId) => {
      for (const part of [archives, clusters]) await part.rest(connectionId);
      await credentials.forgetAsked(connectionId);
    },
  });
}

function recordPinAlarms({ settings, journal, events }: Connected & ClusterParts): void {
  settings.alarmed.on(async (connection) => {
    await journal.note(pinAlarmEntry(connection)).catch(() => undefined); // the alarm itself remains
    events.emit('data.changed', { connectionId: connection.id, topics: ['journal'] });
  });
}

/** Puts everything together, the ground first: what is made later uses what is there, never the other way. */
async function compose(options: CoreOptions, directory: DataDirectory, policy: Policy | null) {
  const platform = openPlatform(directory, policy);
  const connected = await openConnections(options, directory, platform);
  const { log, events, tasks } = platform;
  const { store, keychain, demo, idle, clusters } = connected;
  const parts = { ...platform, ...openClusterParts({ ...platform, ...connected }), ...connected };
  const { archives, sync, questions, schedule, sizes } = parts;
  const customers = openCustomers(options, parts);
  const attention = new Attention({ ...parts, customers: customerSource(customers, archives) });
  const pressure = new Pressure({ ...parts, ...customers, attention });
  const digests = new Digests({ ...options, ...parts, attention });
  // a short-lived command leaves the lists to the console next to it
  const figures = options.sharesDataDir
    ? null
    : new FigureKeeper({ ...parts, store: customers.store });

  demo.started.on(() => customers.demoBilling.fill());
  recordPinAlarms(parts);
  clusters.snapshotLost.on((connectionId) => sync.refetch(connectionId));
  restIdle(parts);

  const { version, shell, dataDir, updater } = options;
  const updates = await Updates.open({ ...parts, version, updater });
  const handlers = {
    ...appHandlers({ ...parts, version, shell, dataDir, logFile: log.path, updates }),
    'app.secure': () => secureConsole({ ...parts, ...customers }),
    ...connectionsHandlers({ ...parts, version }),
    ...clusterHandlers(parts),
    ...customerHandlers({ ...parts, ...customers }),
    ...signalsHandlers({ attention, digests }),
    ...pressureHandlers({ pressure, raises: customers.raises }),
    ...everyJournalHandlers(parts),
  } satisfies AllHandlers;

  if (!options.sharesDataDir) void schedule.resume([...store.ids()]);
  log.logger.info({ version, shell, node: process.version, platform: process.platform }, 'started');
  return {
    dispatch: createDispatch({
      handlers,
      onError: (call, error) => logError(log, call, error),
      during: (connectionId, call) => idle.during(connectionId, call),
      checkOutputs: options.checkOutputs ?? false,
    }),
    events,
    policy,
    close: closeInOrder(options.closePatience, {
      updates: () => updates.close(),
      schedules: () => schedule.close(),
      'idle clusters': () => idle.close(),
      demo: () => customers.demoBilling.settle(),
      'size history': () => sizes.settled(),
      tasks: () => tasks.close(),
      signals: () => attention.settle(),
      pressure: () => pressure.settle(),
      'list figures': async () => figures?.close(),
      questions: () => questions.close(),
      archives: () => archives.close(),
      documents: () => customers.files.close(),
      customers: () => customers.store.close(),
      connections: async () => {
        await clusters.close();
        await demo.stop();
        await store.settled();
        await parts.preferences.settled();
        keychain.close();
      },
      log: () => log.close(),
      'lock of the data directory': () => directory.release(),
    }),
  };
}
