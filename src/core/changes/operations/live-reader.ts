import { toAppError } from '#shared/errors.ts';
import type {
  Gateway,
  GatewayUserDetail,
  RequestOptions,
  UserSelector,
} from '../../gateway/model/gateway.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import { aboutTarget, bucketView, userView } from './just-read.ts';
import { asUserState, selectorOf } from './naming.ts';
import type { TargetReader } from './target-reader.ts';

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

/** Reads targets from the gateway, just now. */
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
