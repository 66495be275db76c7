import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { GatewayBucket, GatewayUserDetail, QuotaTarget } from '../../gateway/model/gateway.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { AboutTarget } from './target-reader.ts';

/** A user as the interface sees it. */
export type UserView = CallOutput<'users.get'>;
/** A bucket as the interface sees it. */
export type BucketView = CallOutput<'buckets.list'>['rows'][number];

/** A user just read, with what the snapshot alone knows: sizes, buckets, when it was first seen. */
export async function userView(snapshot: Snapshot, user: GatewayUserDetail): Promise<UserView> {
  const now = new Date().toISOString();
  const seen = await snapshot.ask('user', user.userId);
  return {
    userId: user.userId,
    email: user.email,
    state: user.state,
    flags: user.flagsUnknown ? (seen?.flags ?? []) : user.flags,
    ownerId: user.ownerId,
    bucketCount: seen?.bucketCount ?? null,
    currentBytes: seen?.currentBytes ?? null,
    peakBytes: seen?.peakBytes ?? null,
    ...(seen?.unknownSizes ? { unknownSizes: seen.unknownSizes } : {}),
    firstSeen: seen?.firstSeen ?? now,
    keys: user.accessKeyIds.map((accessKeyId) => ({ accessKeyId })),
    accounts: user.accounts.map(({ name, accessKeyIds }) => ({
      name,
      keys: accessKeyIds.map((accessKeyId) => ({ accessKeyId })),
    })),
    keysAsOf: now,
    asOf: now,
    source: 'gateway',
  };
}

/** A bucket just read, with its owner's e-mail and first sight from the snapshot. */
export async function bucketView(snapshot: Snapshot, bucket: GatewayBucket): Promise<BucketView> {
  const seen = await snapshot.ask('bucket', bucket.name);
  const owner = seen ? null : await snapshot.ask('user', bucket.ownerId);
  return {
    name: bucket.name,
    ownerId: bucket.ownerId,
    ownerEmail: seen?.ownerEmail ?? owner?.email ?? null,
    currentBytes: toWireInteger(bucket.currentBytes),
    peakBytes: toWireInteger(bucket.peakBytes),
    byteIntegral: toWireInteger(bucket.byteIntegral),
    lastHour: bucket.lastHour,
    createdAt: bucket.createdAt,
    epoch: toWireInteger(bucket.epoch),
    firstSeen: seen?.firstSeen ?? new Date().toISOString(),
  };
}

/** What was last listed of a target of limits or quotas. */
export async function aboutTarget(snapshot: Snapshot, target: QuotaTarget): Promise<AboutTarget> {
  if ('default' in target) {
    return { name: `default of every ${target.default}`, currentBytes: null };
  }
  if ('email' in target) return { name: target.email, currentBytes: null };
  if ('bucket' in target) {
    const seen = await snapshot.ask('bucket', target.bucket);
    return { name: target.bucket, currentBytes: seen ? fromWireInteger(seen.currentBytes) : null };
  }
  const seen = await snapshot.ask('user', target.id);
  if (!seen) return { name: target.id, currentBytes: null };
  return { name: seen.email || target.id, currentBytes: fromWireInteger(seen.currentBytes) };
}
