import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ZipFile } from 'yazl';
import { z } from 'zod';
import { fieldPackOrigin } from '#shared/contract/connections.ts';
import { contract } from '#shared/contract/index.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { type Journal, operatorName } from '../../changes/journal/journal.ts';
import type { PlanDesk } from '../../changes/plans/plan-desk.ts';
import { writePlan } from '../../changes/plans/plan-file.ts';
import type { Clusters, SavedConnection } from '../../clusters/clusters.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import { aboutConnection } from '../../store/archive/journal-port.ts';
import { snapshotCopyPath } from '../../store/snapshot/snapshot-database.ts';

const format = 'ostor-console-cluster';
export const packVersion = 1;
const mostPlans = 1000;

/** Most unpacked bytes of each part, when packing and opening. */
export const mostUnpacked = {
  cluster: 8_000_000,
  plans: 50_000_000,
  snapshot: 1_000_000_000,
} as const;

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
  version: z.literal(packVersion),
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
 * @throws AppError `SNAPSHOT_MISSING` where nothing was ever seen, `INPUT_INVALID` where it is more than
 * another console opens
 */
export async function addCluster(
  sources: ClusterPartSources,
  connectionId: string,
  zip: ZipFile,
): Promise<() => Promise<void>> {
  const { clusters, journal, log } = sources;
  const cluster = await clusters.get(connectionId);
  const { connection } = cluster;
  const snapshot = await cluster.snapshot();
  const summary = await snapshot.ask('summary');
  if (!summary) throw nothingSeen(connection);
  const plans = await plansOf(sources, connection);
  const about = log.masked(
    `${JSON.stringify(manifestOf(connection, [...plans.keys()]), null, 2)}\n`,
  );
  const copy = snapshotCopyPath(await clusters.directory(connectionId));
  const drop = (): Promise<void> => rm(copy, { force: true });
  try {
    await snapshot.change('copyInto', copy);
    const { size } = await stat(copy);
    if (size > mostUnpacked.snapshot) throw tooLarge(connection, '1 GB unpacked');
    const counts = { users: String(summary.users), buckets: String(summary.buckets) };
    await journal.note(packEntry(connection, { ...counts, plans: String(plans.size) }));
    for (const [name, text] of plans) zip.addBuffer(text, name);
    zip.addBuffer(Buffer.from(about), packFiles.cluster);
    zip.addReadStream(createReadStream(copy), packFiles.snapshot);
    return drop;
  } catch (thrown) {
    await drop();
    throw thrown;
  }
}

/** The files of all change plans, by their names in the pack. */
async function plansOf(
  { planDesk, log }: ClusterPartSources,
  connection: SavedConnection,
): Promise<Map<string, Buffer>> {
  const kept = await planDesk.list(connection.id);
  if (kept.length > mostPlans) throw tooLarge(connection, '1,000 change plans');
  const files = new Map<string, Buffer>();
  let left: number = mostUnpacked.plans;
  for (const { planId } of kept) {
    const plan = await planDesk.plan(connection.id, planId);
    const text = Buffer.from(writePlan(JSON.parse(log.masked(JSON.stringify(plan)))));
    left -= text.length;
    if (left < 0) throw tooLarge(connection, '50 MB of change plans');
    files.set(`plans/${files.size + 1}.ostorplan`, text);
  }
  return files;
}

/** The error for a pack that no console could open. */
export function tooLarge({ name }: SavedConnection, most: string): AppError {
  return invalidInput(
    `What is kept of "${name}" is more than a field pack can hold (${most}).`,
    'Make the field pack without cached cluster data, and export the change plans as files.',
  );
}

function manifestOf(connection: SavedConnection, plans: string[]): z.input<typeof packedCluster> {
  return {
    format,
    version: packVersion,
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
    title: 'Save cached cluster data in a field pack',
    before: {},
    after: counts,
  };
}

function nothingSeen({ name }: SavedConnection): AppError {
  return new AppError({
    code: 'SNAPSHOT_MISSING',
    message: `Nothing of "${name}" was seen yet, so there is nothing to pack.`,
    hint: 'Refresh the cluster first, or make the field pack without cached cluster data.',
  });
}
