import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Cluster } from '../../clusters/clusters.ts';
import { parseUsageObject } from '../../gateway/usage-object.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { assertNamed, parseUsageName } from '../../store/archive/objects/read-object.ts';
import type { ArchivedObject, ObjectVariant } from '../../store/archive/queries/objects.ts';
import { millisecondsToIso, secondsToIso } from '../coverage/report-period.ts';
import { toWireCounters } from '../report/report.ts';
import { noSuchObject } from './objects-on-gateway.ts';

type Output = CallOutput<'usage.object'>;

const longestRaw = 1_000_000;

export function toWireObject({
  start,
  collectedAt,
  removedAt,
  ...object
}: ArchivedObject): NonNullable<Output['archived']> {
  return {
    ...object,
    startAt: secondsToIso(start),
    collectedAt: millisecondsToIso(collectedAt),
    removedAt: removedAt === null ? null : millisecondsToIso(removedAt),
  };
}

export function toWireVariant({
  name,
  digest,
  bytes,
  foundAt,
  resolution,
  resolvedAt,
}: ObjectVariant): Output['variants'][number] {
  return {
    name,
    digest,
    bytes,
    foundAt: millisecondsToIso(foundAt),
    resolution,
    resolvedAt: resolvedAt === null ? null : millisecondsToIso(resolvedAt),
  };
}

/** One statistics object, raw and read: from the archive, else from the gateway. */
export async function viewObject(
  cluster: Cluster,
  archive: Archive,
  { name, digest = null }: { name: string; digest?: string | undefined | null },
  signal: AbortSignal,
): Promise<Output> {
  const found = await archive.read('readObject', { name, digest });
  const emails = await archive.read('knownEmails');
  const bytes = found?.raw ?? (await fetchObject(cluster, name, signal));
  const raw = new TextDecoder().decode(bytes);
  const object = parseUsageObject(bytes);
  const expected = parseUsageName(name, Math.floor(Date.now() / 1000));
  if (!found && expected) assertNamed(expected, object, bytes);
  const { formatVersion, serviceId, startTs, period, items } = object;
  return {
    name,
    source: found ? 'archive' : 'gateway',
    archived: found ? toWireObject(found.object) : null,
    raw: raw.slice(0, longestRaw),
    rawTruncated: raw.length > longestRaw,
    serviceId,
    startAt: secondsToIso(startTs),
    period,
    formatVersion,
    items: items.map(({ bucket, epoch, userId, tag, counters }) => ({
      bucket,
      epoch: toWireInteger(epoch),
      userId,
      email: emails.get(userId) ?? null,
      tag,
      ...toWireCounters(counters),
    })),
    variants: found?.variants.map(toWireVariant) ?? [],
  };
}

async function fetchObject(
  cluster: Cluster,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await (await cluster.gateway()).getUsageObject(name, { signal });
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'NOT_FOUND') throw noSuchObject(name);
    throw thrown;
  }
}
