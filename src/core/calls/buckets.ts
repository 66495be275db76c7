import type { HandlersOf } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { answerOrLastSeen, type GatewayQuestions } from '../clusters/refresh/gateway-questions.ts';
import type { GatewayBucket } from '../gateway/model/gateway.ts';
import type { SnapshotBucket } from '../store/snapshot/rows.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';

/** Handlers of the reading half of `buckets.*`. */
export function bucketsHandlers({
  clusters,
  questions,
}: {
  clusters: Clusters;
  questions: GatewayQuestions;
}): Pick<HandlersOf<'buckets'>, 'buckets.list' | 'buckets.get' | 'buckets.several'> {
  return {
    'buckets.list': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).ask('buckets', query);
    },
    'buckets.get': async ({ connectionId, name }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const answer = await questions.ask({
        cluster,
        signal,
        about: `bucket/${name}`,
        topics: ['buckets'],
        ask: (gateway, limit) => gateway.getBucket(name, { signal: limit }),
      });
      return answerOrLastSeen(
        answer,
        (bucket) => asRead(bucket, snapshot),
        () => snapshot.ask('bucket', name),
      );
    },
    'buckets.several': async ({ connectionId, names }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const wanted = [...new Set(names)];
      const found = await (await cluster.gateway()).getBuckets(wanted, { signal });
      const read = await Promise.all(found.map((bucket) => asRead(bucket, snapshot)));
      const present = new Set(found.map(({ name }) => name));
      return {
        rows: read.map(({ asOf: _asOf, ...row }) => row),
        missing: wanted.filter((name) => !present.has(name)),
        asOf: new Date().toISOString(),
      };
    },
  };
}

/** A bucket as just read; the owner's e-mail and first sight come from the snapshot. */
async function asRead(bucket: GatewayBucket, snapshot: Snapshot): Promise<SnapshotBucket> {
  const [seen, owner] = await Promise.all([
    snapshot.ask('bucket', bucket.name),
    snapshot.ask('user', bucket.ownerId),
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
