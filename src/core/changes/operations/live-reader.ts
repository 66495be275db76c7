import type { CallOutput } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type {
  Gateway,
  GatewayBucket,
  GatewayUserDetail,
  QuotaTarget,
  RequestOptions,
  UserSelector,
} from '../../gateway/model/gateway.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import { asUserState, selectorOf } from './catalogue/naming.ts';
import type { AboutTarget, TargetReader } from './catalogue/operation.ts';

type UserView = CallOutput<'users.get'>;
export type BucketView = CallOutput<'buckets.list'>['rows'][number];

/**
 * Returns a user just read, with what the snapshot alone knows: sizes, buckets, when it was first seen.
 * @param savedAt when the snapshot took it in (ISO 8601): then keys come with when each was first seen
 */
export async function userView(
  snapshot: Snapshot,
  user: GatewayUserDetail,
  savedAt?: string,
): Promise<UserView> {
  const asOf = savedAt ?? new Date().toISOString();
  const seen = await snapshot.ask('user', user.userId);
  const kept = savedAt === undefined ? null : seen;
  const keysOf = (ids: readonly string[]) => ids.map((accessKeyId) => ({ accessKeyId }));
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
    firstSeen: seen?.firstSeen ?? asOf,
    keys: kept?.keys ?? keysOf(user.accessKeyIds),
    accounts:
      kept?.accounts ??
      user.accounts.map(({ name, accessKeyIds }) => ({ name, keys: keysOf(accessKeyIds) })),
    keysAsOf: asOf,
    asOf,
    source: 'gateway',
  };
}

/** A bucket just read, with its owner's e-mail and first sight from the snapshot. */
export async function bucketView(snapshot: Snapshot, bucket: GatewayBucket): Promise<BucketView> {
  const [seen, owner] = await Promise.all([
    snapshot.ask('bucket', bucket.name),
    snapshot.ask('user', bucket.ownerId),
  ]);
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
    firstSeen: seen?.firstSeen ?? new Date().toISOString(),
  };
}

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

/** The user the gateway finds; null where it says that there is none. */
async function findUser(
  gateway: Gateway,
  selector: UserSelector,
  options: RequestOptions,
): Promise<GatewayUserDetail | null> {
  try {
    return await gateway.getUser(selector, options);
  } catch (thrown) {
    if (toAppError(thrown).code === 'NOT_FOUND') return null;
    throw thrown;
  }
}

export function liveReader(
  gateway: Gateway,
  snapshot: Snapshot,
  options: RequestOptions = {},
): TargetReader {
  return {
    source: 'gateway',
    user: async (userId, naming) =>
      asUserState(await gateway.findUser(userId, naming ? { ...options, naming } : options)),
    naming: async (userId) => (await gateway.findUser(userId, options)).naming,
    userByEmail: (email) => findUser(gateway, { email }, options),
    bucketsOf: (naming) => gateway.listBucketsOf(naming.userId, selectorOf(naming), options),
    bucket: (name) => gateway.getBucket(name, options),
    limits: (target) => gateway.getLimits(target, options),
    quota: (target) => gateway.getQuota(target, options),
    about: (target) => aboutTarget(snapshot, target),
    userView: (user) => userView(snapshot, user),
    bucketView: (bucket) => bucketView(snapshot, bucket),
  };
}
