import type { HandlersOf } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Clusters } from '../clusters.ts';
import type { GatewayBucket } from '../gateway/gateway.ts';
import type { Snapshot, SnapshotBucket } from '../snapshot/snapshot.ts';
import { askGateway } from '../sync/ask-gateway.ts';
import type { SyncService } from '../sync/sync-service.ts';

/** Handlers of the reading half of `buckets.*`. */
export function bucketsReadHandlers({
  clusters,
  sync,
}: {
  clusters: Clusters;
  sync: SyncService;
}): Pick<HandlersOf<'buckets'>, 'buckets.list' | 'buckets.get'> {
  return {
    'buckets.list': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).listBuckets(query);
    },
    'buckets.get': async ({ connectionId, name }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const answer = await askGateway({ cluster, sync, signal }, (gateway, limit) =>
        gateway.getBucket(name, { signal: limit }),
      );
      if ('value' in answer)
        return { ...(await asRead(answer.value, snapshot)), source: 'gateway' };
      const seen = answer.error.code === 'NOT_FOUND' ? null : await snapshot.getBucket(name);
      if (!seen) throw answer.error;
      return { ...seen, source: 'snapshot' };
    },
  };
}

/** A bucket as just read; the owner's e-mail and first sight come from the snapshot. */
async function asRead(bucket: GatewayBucket, snapshot: Snapshot): Promise<SnapshotBucket> {
  const [seen, owner] = await Promise.all([
    snapshot.getBucket(bucket.name),
    snapshot.getUser(bucket.ownerId),
  ]);
  const readAt = new Date().toISOString();
  return {
    name: bucket.name,
    ownerId: bucket.ownerId,
    ownerEmail: owner?.email ?? null,
    currentBytes: toWireInteger(bucket.currentBytes),
    peakBytes: toWireInteger(bucket.peakBytes),
    byteIntegral: toWireInteger(bucket.byteIntegral),
    lastHour: bucket.lastHour,
    createdAt: bucket.createdAt,
    epoch: toWireInteger(bucket.epoch),
    firstSeen: seen?.firstSeen ?? readAt,
    asOf: readAt,
  };
}
