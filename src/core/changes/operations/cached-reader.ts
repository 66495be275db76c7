import { AppError } from '#shared/errors.ts';
import type { LimitResource } from '#shared/limit-resources.ts';
import { fromWireInteger } from '#shared/units.ts';
import type {
  GatewayBucket,
  GatewayLimits,
  GatewayUserDetail,
  QuotaTarget,
  UserNaming,
} from '../../gateway/model/gateway.ts';
import type { SelectorName } from '../../gateway/user-names.ts';
import type { SnapshotUser } from '../../store/snapshot/queries/read-snapshot-user.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { TargetName } from '../../store/snapshot/writes/save-values.ts';
import { targetMissing } from './catalogue/naming.ts';
import type { TargetReader, UserState } from './catalogue/operation.ts';
import { aboutTarget, type BucketView, bucketView, userView } from './live-reader.ts';

/** Reads targets as last seen. `complete` turns false once a target was never seen. */
interface CachedReader extends TargetReader {
  readonly complete: boolean;
}

export interface CachedSources {
  snapshot: Snapshot;
  /** Selectors the gateway is known to accept; if unknown, ids are assumed. */
  selectors: readonly SelectorName[] | undefined;
}

/** Reads targets from the snapshot: the gateway is not asked. */
export function cachedReader({ snapshot, selectors }: CachedSources): CachedReader {
  let complete = true;
  const known = <Value>(value: Value | null): Value | null => {
    if (value === null) complete = false;
    return value;
  };
  const times: string[] = [];
  const dated = <Value extends { asOf: string }>(value: Value | null): Value | null => {
    if (value) times.push(value.asOf);
    return known(value);
  };
  const naming = async (userId: string): Promise<UserNaming> => {
    const { email, shared } = (await snapshot.ask('nameOf', userId)) ?? {
      email: '',
      shared: false,
    };
    const byId = selectors?.includes('id') === false ? null : { id: userId };
    const selector = shared || email === '' ? byId : { email, ofId: userId };
    return { userId, email, shared, selector };
  };
  const user = async (userId: string): Promise<UserState> => {
    const seen = await snapshot.ask('user', userId);
    if (!seen) throw targetMissing(`No user of the id ${userId} was ever seen.`);
    const detail = asDetail(seen);
    const user =
      seen.keysAsOf === null
        ? asListed(detail, () => {
            complete = false;
          })
        : detail;
    return { user, naming: await naming(userId) };
  };
  return {
    source: 'snapshot',
    get complete() {
      return complete;
    },
    get valuesAsOf() {
      return times.toSorted()[0];
    },
    user,
    naming,
    async userByEmail(email) {
      const users = await snapshot.ask('findUsers', { emails: [email], ids: [] });
      const found = users.find((one) => one.email === email);
      return found ? (await user(found.userId)).user : null;
    },
    async bucketsOf({ userId: ownerId }) {
      const { rows } = await snapshot.ask('buckets', { ownerId, offset: 0, limit: 1000 });
      return rows.map(asBucket);
    },
    async bucket(name) {
      const seen = await snapshot.ask('bucket', name);
      if (!seen) throw targetMissing(`No bucket of the name ${name} was ever seen.`);
      return asBucket(seen);
    },
    async limits(target) {
      const limits = dated((await snapshot.ask('limitsAndQuota', named(target))).limits);
      return limits?.set ? asSent(limits.limits) : null;
    },
    async quota(target) {
      const quota = dated((await snapshot.ask('limitsAndQuota', named(target))).quota);
      if (!quota?.set || quota.sizeGb === null) return null;
      return { sizeGb: fromWireInteger(quota.sizeGb), type: '' };
    },
    about: (target) => aboutTarget(snapshot, target),
    userView: (detail) => userView(snapshot, detail),
    bucketView: (bucket) => bucketView(snapshot, bucket),
  };
}

function asSent(rates: { [Resource in LimitResource]?: number | undefined }): GatewayLimits {
  const { opsDefault = 0, opsGet = 0, opsPut = 0, opsList = 0, opsDelete = 0 } = rates;
  return {
    opsDefault: String(opsDefault),
    opsGet: String(opsGet),
    opsPut: String(opsPut),
    opsList: String(opsList),
    opsDelete: String(opsDelete),
    bandwidthOut: String(rates.bandwidthOut ?? 0),
  };
}

function named(target: QuotaTarget): TargetName {
  if ('bucket' in target) return { kind: 'bucket', id: target.bucket };
  if ('default' in target) return { kind: 'default', id: target.default };
  const userId = 'id' in target ? target.id : target.ofId;
  if (userId !== undefined) return { kind: 'user', id: userId };
  throw new AppError({
    code: 'INTERNAL',
    message: 'Last-seen values are kept by user id.',
    hint: 'Name the user by id.',
  });
}

/** A user of whom only the list was read: its keys and accounts are asked for nowhere, or tell that. */
function asListed(detail: GatewayUserDetail, onUnread: () => void): GatewayUserDetail {
  const { accessKeyIds, accounts, ...listed } = detail;
  return {
    ...listed,
    get accessKeyIds() {
      onUnread();
      return accessKeyIds;
    },
    get accounts() {
      onUnread();
      return accounts;
    },
  };
}

function asDetail(seen: SnapshotUser): GatewayUserDetail {
  return {
    userId: seen.userId,
    email: seen.email,
    state: seen.state,
    ownerId: seen.ownerId,
    flags: seen.flags,
    accessKeyIds: seen.keys.map(({ accessKeyId }) => accessKeyId),
    accounts: seen.accounts.map(({ name, keys }) => ({
      name,
      accessKeyIds: keys.map(({ accessKeyId }) => accessKeyId),
    })),
  };
}

function asBucket(seen: BucketView): GatewayBucket {
  return {
    name: seen.name,
    ownerId: seen.ownerId,
    epoch: fromWireInteger(seen.epoch),
    createdAt: seen.createdAt,
    currentBytes: fromWireInteger(seen.currentBytes),
    peakBytes: fromWireInteger(seen.peakBytes),
    byteIntegral: fromWireInteger(seen.byteIntegral),
    lastHour: seen.lastHour,
  };
}
