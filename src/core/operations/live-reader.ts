import { toAppError } from '#shared/errors.ts';
import type {
  Gateway,
  GatewayUserDetail,
  RequestOptions,
  UserSelector,
} from '../gateway/gateway.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { TargetReader } from './target-reader.ts';
import { aboutTarget, bucketView, userView } from './views.ts';

/** Yields the e-mails that more than one user of the snapshot has. */
export type SharedEmails = () => Promise<ReadonlySet<string>>;

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

/**
 * Reads targets from the gateway, just now. The snapshot lends what the gateway has no request for:
 * whether a second user has the same e-mail.
 */
export function liveReader(
  gateway: Gateway,
  snapshot: Snapshot,
  shared: SharedEmails,
  options: RequestOptions = {},
): TargetReader {
  return {
    source: 'gateway',
    user: (userId) => gateway.getUser({ id: userId }, options),
    userByEmail: (email) => findUser(gateway, { email }, options),
    async sharesEmail(user) {
      if ((await shared()).has(user.email)) return true;
      const found = await findUser(gateway, { email: user.email }, options);
      return found !== null && found.userId !== user.userId;
    },
    bucketsOf: (userId) => gateway.listBuckets({ id: userId }, options),
    bucket: (name) => gateway.getBucket(name, options),
    limits: (target) => gateway.getLimits(target, options),
    quota: (target) => gateway.getQuota(target, options),
    about: (target) => aboutTarget(snapshot, target),
    userView: (user) => userView(snapshot, user),
    bucketView: (bucket) => bucketView(snapshot, bucket),
  };
}
