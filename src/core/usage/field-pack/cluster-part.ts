import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ZipFile } from 'yazl';
import { z } from 'zod';
import { fieldPackOrigin } from '#shared/contract/connections.ts';
import { contract } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { type Journal, operatorName } from '../../changes/journal/journal.ts';
import type { PlanDesk } from '../../changes/plans/plan-desk.ts';
import { writePlan } from '../../changes/plans/plan-file.ts';
import type { Clusters, SavedConnection } from '../../clusters/clusters.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import { aboutConnection } from '../../store/archive/journal-port.ts';
import { snapshotCopyPath } from '../../store/snapshot/snapshot-database.ts';

const format = 'ostor-console-cluster';
const version = 1;
const mostPlans = 1000;

/** Files of the part of a field pack that another console opens. */
export const packFiles = { cluster: 'cluster.json', snapshot: 'seen/snapshot.sqlite' } as const;

/**
 * A connection as it travels: with its guards, without what belongs to a workstation (the way through its
 * network, how it keeps secrets, what its operator accepted of plain http).
 */
const packedConnection = contract['connections.save'].input.omit({
  ...{ id: true, secretKey: true, proxy: true, favourite: true, secretsOverPlainHttp: true },
});

export type PackedConnection = z.output<typeof packedConnection>;

/** `cluster.json`: whose data is in the pack. Fields that a newer console adds are skipped. */
export const packedCluster = z.object({
  format: z.literal(format),
  version: z.literal(version),
  connection: packedConnection,
  origin: fieldPackOrigin.omit({ asOf: true }),
  plans: z.array(z.string().regex(/^plans\/\d{1,4}\.ostorplan$/)).max(mostPlans),
});

/** What {@link addCluster} gathers from. */
interface ClusterPartSources {
  clusters: Clusters;
  planDesk: PlanDesk;
  journal: Pick<Journal, 'note'>;
  log: Pick<ConsoleLog, 'masked'>;
}

/**
 * Adds to a field pack what was last seen of a cluster and its change plans, on record in the journal.
 * No secret is in either; what looks like one in a comment is masked.
 * @returns takes the copy away that was made, once the zip is written
 * @throws AppError `SNAPSHOT_MISSING` where nothing was ever seen
 */
export async function addCluster(
  { clusters, planDesk, journal, log }: ClusterPartSources,
  connectionId: string,
  zip: ZipFile,
): Promise<() => Promise<void>> {
  const cluster = await clusters.get(connectionId);
  const snapshot = await cluster.snapshot();
  const summary = await snapshot.ask('summary');
  if (!summary) throw nothingSeen(cluster.connection);
  const plans = (await planDesk.list(connectionId)).slice(0, mostPlans);
  const counts = { users: String(summary.users), buckets: String(summary.buckets) };
  await journal.note(packEntry(cluster.connection, { ...counts, plans: String(plans.length) }));
  const names: string[] = [];
  for (const { planId } of plans) {
    const plan = await planDesk.plan(connectionId, planId);
    const text = writePlan(JSON.parse(log.masked(JSON.stringify(plan))));
    const name = `plans/${names.length + 1}.ostorplan`;
    zip.addBuffer(Buffer.from(text), name);
    names.push(name);
  }
  const about = manifestOf(cluster.connection, names);
  zip.addBuffer(Buffer.from(log.masked(`${JSON.stringify(about, null, 2)}\n`)), packFiles.cluster);
  const copy = snapshotCopyPath(await clusters.directory(connectionId));
  const drop = (): Promise<void> => rm(copy, { force: true });
  try {
    await snapshot.change('copyInto', copy);
    zip.addReadStream(createReadStream(copy), packFiles.snapshot);
    return drop;
  } catch (thrown) {
    await drop();
    throw thrown;
  }
}

function manifestOf(connection: SavedConnection, plans: string[]): z.input<typeof packedCluster> {
  return {
    format,
    version,
    connection: packedConnection.parse(connection),
    origin: {
      operator: operatorName(),
      computer: hostname() || 'unknown computer',
      packedAt: new Date().toISOString(),
    },
    plans,
  };
}

function packEntry(
  connection: SavedConnection,
  counts: Record<'users' | 'buckets' | 'plans', string>,
) {
  return {
    ...aboutConnection(connection),
    operation: 'connections.fieldPack' as const,
    title: 'Pack what was last seen',
    before: {},
    after: counts,
  };
}

function nothingSeen({ name }: SavedConnection): AppError {
  return new AppError({
    code: 'SNAPSHOT_MISSING',
    message: `Nothing of "${name}" was seen yet, so there is nothing to pack.`,
    hint: 'Refresh the cluster first, or make the field pack without what was last seen.',
  });
}
