import type { HandlersOf } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters.ts';
import type { GatewayUserDetail } from '../gateway/gateway.ts';
import type { SnapshotUser } from '../snapshot/snapshot.ts';
import { askGateway } from '../sync/ask-gateway.ts';
import type { SyncService } from '../sync/sync-service.ts';

/** Handlers of the reading half of `users.*`. */
export function usersReadHandlers({
  clusters,
  sync,
}: {
  clusters: Clusters;
  sync: SyncService;
}): Pick<HandlersOf<'users'>, 'users.list' | 'users.get'> {
  return {
    'users.list': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).listUsers(query);
    },
    'users.get': async ({ connectionId, userId }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const answer = await askGateway({ cluster, sync, signal }, (gateway, limit) =>
        gateway.getUser({ id: userId }, { signal: limit }),
      );
      if ('value' in answer) {
        const readAt = new Date().toISOString();
        // The answer stands whether or not it could be kept.
        await snapshot.saveUserDetail(answer.value, readAt).catch(() => undefined);
        const seen = await snapshot.getUser(answer.value.userId);
        return { ...asRead(answer.value, seen, readAt), source: 'gateway' };
      }
      const seen = answer.error.code === 'NOT_FOUND' ? null : await snapshot.getUser(userId);
      if (!seen) throw answer.error;
      return { ...seen, source: 'snapshot' };
    },
  };
}

/** A user as just read and saved; sizes and first sight come from the snapshot, if it lists the user. */
function asRead(user: GatewayUserDetail, seen: SnapshotUser | null, readAt: string): SnapshotUser {
  const keysOf = (ids: string[]) => ids.map((accessKeyId) => ({ accessKeyId }));
  return {
    bucketCount: seen?.bucketCount ?? 0,
    currentBytes: seen?.currentBytes ?? 0,
    peakBytes: seen?.peakBytes ?? 0,
    firstSeen: seen?.firstSeen ?? readAt,
    userId: user.userId,
    email: user.email,
    state: user.state,
    flags: user.flags,
    ownerId: user.ownerId,
    keys: seen?.keys ?? keysOf(user.accessKeyIds),
    accounts:
      seen?.accounts ??
      user.accounts.map(({ name, accessKeyIds }) => ({ name, keys: keysOf(accessKeyIds) })),
    keysAsOf: readAt,
    asOf: readAt,
  };
}
