import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, invalidInput, toAppError } from '#shared/errors.ts';
import type { Journal } from '../../changes/journal/journal.ts';
import type { PlanDesk } from '../../changes/plans/plan-desk.ts';
import { sameEndpoint } from '../../changes/plans/plan-summary.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import { checkConnection } from '../../clusters/connections/check-connection.ts';
import type { ConnectionStore } from '../../clusters/connections/connection-store.ts';
import { type Connections, saveConnection } from '../../clusters/connections/connections.ts';
import type { Credentials } from '../../clusters/connections/credentials.ts';
import { assertMayBeSaved } from '../../clusters/connections/managed-connections.ts';
import type { OpenClusters } from '../../clusters/connections/open-clusters.ts';
import { makeWay } from '../../clusters/connections/work-under-way.ts';
import { writeSyncState } from '../../clusters/refresh/sync-state.ts';
import { ensurePrivateDirectory } from '../../platform/files/data-directory.ts';
import type { Policy } from '../../platform/policy.ts';
import { readableId } from '../../platform/readable-id.ts';
import { aboutConnection } from '../../store/archive/journal-port.ts';
import { snapshotPath } from '../../store/snapshot/snapshot-database.ts';
import { dropUnsaved } from './opening.ts';
import { type ReadPack, withPack } from './read-pack.ts';

interface OpenPackDependencies extends Pick<ClusterWork, 'tasks' | 'events'> {
  policy: Policy | null;
  dataDir: string;
  store: ConnectionStore;
  connections: Connections;
  credentials: Credentials;
  clusters: OpenClusters;
  planDesk: PlanDesk;
  journal: Journal;
}

type Summary = CallOutput<'connections.readPack'>;
type Opened = CallOutput<'connections.openPack'>;

/** Says what a field pack holds, and whether its cluster is here already. Nothing is kept. */
export function readFieldPack(
  dependencies: OpenPackDependencies,
  content: string,
): Promise<Summary> {
  return withPack(dependencies.dataDir, content, async (pack) => {
    const { connection, seen, plans } = pack;
    const { name, endpoint, accessKeyId, environment, readOnly, tls } = connection;
    const pinned = tls?.fingerprint256 === undefined ? null : ('pin' as const);
    return {
      ...{ name, endpoint, accessKeyId, environment, readOnly },
      trust: tls?.ca === undefined ? pinned : 'authority',
      origin: originOf(pack),
      ...{ users: seen.users, buckets: seen.buckets },
      plans: plans.map(({ name, changes, createdBy }) => {
        return { name, changes: changes.length, createdBy };
      }),
      sameAs: await findSame(dependencies, pack),
      nameTaken: isNameTaken(dependencies.store, name),
    };
  });
}

/**
 * Adds the cluster of a field pack as it was seen there, or its plans to the connection of that cluster.
 * @throws AppError `FILE_INVALID`, `ALREADY_EXISTS` (the cluster, or its name), `POLICY_FORBIDS`,
 * `INPUT_INVALID` for another cluster's connection
 */
export function openFieldPack(
  dependencies: OpenPackDependencies,
  { contentBase64, name, into }: ParsedInput<'connections.openPack'>,
): Promise<Opened> {
  return withPack(dependencies.dataDir, contentBase64, async (pack) => {
    const same = await findSame(dependencies, pack);
    if (into !== undefined && same?.id !== into) throw ofAnotherCluster(pack);
    if (same && into === undefined) throw hereAlready(same.name);
    if (!same) {
      const id = await addCluster(dependencies, pack, name ?? pack.connection.name);
      return take(dependencies, pack, { id, seen: true });
    }
    const { id, takesSeen: seen } = same;
    if (!seen) return take(dependencies, pack, { id, seen });
    await makeWay(dependencies.tasks, same, 'pack');
    dependencies.journal.assertIdle(id, 'the field pack was not opened');
    return take(dependencies, pack, { id, seen }, () => takeSeen(dependencies, pack, same));
  });
}

/** Puts the snapshot in place first, so that there is never an empty connection. */
async function addCluster(
  { policy, dataDir, store, credentials }: OpenPackDependencies,
  pack: ReadPack,
  name: string,
): Promise<string> {
  await dropUnsaved(dataDir, store.ids());
  const id = readableId(name, 'cluster');
  const input = { ...pack.connection, name, id };
  await assertMayBeSaved(policy, input, undefined);
  const directory = join(dataDir, 'connections', id);
  try {
    await ensurePrivateDirectory(directory);
    await writeFile(join(directory, pack.opening), '');
    await rename(pack.snapshotPath, snapshotPath(directory));
    await writeSyncState(directory, notAskedYet(pack));
    const fieldPack = originOf(pack);
    await saveConnection(store, credentials, input, () => true, { fieldPack });
  } catch (thrown) {
    await rm(directory, { recursive: true, force: true });
    throw thrown;
  }
  await rm(join(directory, pack.opening), { force: true });
  return id;
}

/**
 * Puts a later pack's snapshot in place of an earlier pack's, of which nothing was read here. Whose it is
 * is noted first: should the console be ended in between, opening the pack again continues from there.
 */
async function takeSeen(
  { clusters, store }: OpenPackDependencies,
  pack: ReadPack,
  { id, name }: { id: string; name: string },
): Promise<void> {
  const cluster = await clusters.get(id);
  const snapshot = await cluster.snapshot();
  const { fieldPack: before } = cluster.connection;
  await store.update(id, { fieldPack: originOf(pack) });
  const taken = await snapshot
    .takePack(pack.snapshotPath)
    .catch((thrown: unknown) => toAppError(thrown));
  if (taken === true) {
    await clusters.snapshotOpened.tell(id);
    return;
  }
  await store.update(id, { fieldPack: before });
  throw taken === false ? readMeanwhile(name) : taken;
}

/** Plans and whatever else `act` takes in, on record first; the interface is notified in any case. */
async function take(
  { clusters, planDesk, journal, events }: OpenPackDependencies,
  pack: ReadPack,
  { id, seen }: { id: string; seen: boolean },
  act?: () => Promise<void>,
): Promise<Opened> {
  let plans = 0;
  try {
    const { connection } = await clusters.get(id);
    await journal.note(openEntry(connection, pack, seen), async () => {
      await act?.();
      plans = await planDesk.take(id, pack.plans);
    });
  } finally {
    events.emit('connections.changed', {});
    const topics = ['users', 'buckets', 'keys', 'limits', 'quotas', 'plans', 'journal'] as const;
    events.emit('data.changed', { connectionId: id, topics: [...topics] });
  }
  return { id, plans, seen };
}

/** With how many plans the pack holds; of those some may be here already. */
function openEntry(
  connection: SavedConnection,
  { origin, plans, seen }: ReadPack,
  takesSeen: boolean,
) {
  return {
    ...aboutConnection(connection),
    operation: 'connections.openPack' as const,
    title: 'Open field pack',
    before: {},
    after: {
      ...(takesSeen ? { users: String(seen.users), buckets: String(seen.buckets) } : {}),
      plans: String(plans.length),
      reason: `Seen on ${origin.computer} by ${origin.operator}, data of ${seen.asOf}`,
    },
  };
}

/** The connection of the pack's cluster: at the same address, with users in common where both have any. */
async function findSame(
  { connections, clusters }: OpenPackDependencies,
  { connection, seen }: ReadPack,
): Promise<Summary['sameAs']> {
  const { endpoint } = await checkConnection(connection);
  for (const known of await connections.list()) {
    if (!sameEndpoint(known.endpoint, endpoint)) continue;
    const snapshot = await (await clusters.get(known.id)).snapshot();
    const summary = await snapshot.ask('summary');
    const asked = { emails: [], ids: seen.userIds };
    const comparable = summary !== null && summary.users > 0 && seen.userIds.length > 0;
    if (comparable && (await snapshot.ask('findUsers', asked)).length === 0) continue;
    const asOf = summary?.asOf ?? null;
    return {
      ...{ id: known.id, name: known.name, asOf },
      takesSeen: isLater(seen.asOf, asOf) && (await snapshot.ask('isOfPack')),
    };
  }
  return null;
}

/** Whether a time is later than another. A future time is from a wrong clock, and ignored. */
function isLater(time: string, than: string | null): boolean {
  const now = new Date().toISOString();
  return time <= now && (than === null || than > now || time > than);
}

function originOf({ origin, seen }: ReadPack): Summary['origin'] {
  return { ...origin, asOf: seen.asOf };
}

function isNameTaken(store: ConnectionStore, name: string): boolean {
  const key = name.toLocaleLowerCase('en-US');
  return store.list().some((other) => other.name.toLocaleLowerCase('en-US') === key);
}

/** Its gateway counts as unreachable until it is asked from here. */
function notAskedYet({ origin }: ReadPack) {
  const error = {
    code: 'CONNECTION_OFFLINE' as const,
    message:
      'The cluster was opened from a field pack, and its gateway was not asked from here yet.',
    hint: 'Enter the secret key and refresh.',
    retryable: true,
  };
  return { offlineSince: origin.packedAt, error };
}

function hereAlready(name: string): AppError {
  return new AppError({
    code: 'ALREADY_EXISTS',
    message: `The cluster of this field pack is here already, as "${name}".`,
    hint: `Take its change plans into "${name}"; what was seen here stays.`,
  });
}

function readMeanwhile(name: string): AppError {
  return new AppError({
    code: 'CONFLICT',
    message: `"${name}" was read from here meanwhile, so the field pack was not opened.`,
    hint: 'Open it again: its change plans are taken, and what was read here stays.',
    retryable: true,
  });
}

function ofAnotherCluster({ connection }: ReadPack): AppError {
  return invalidInput(
    `The field pack is of another cluster (${connection.name}, ${connection.endpoint}).`,
    'Open it as a cluster of its own, or select the connection of the same cluster.',
  );
}
