import type { HandlersOf } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { answerOrLastSeen, type GatewayQuestions } from '../clusters/refresh/gateway-questions.ts';
import type { GatewayUserDetail } from '../gateway/model/gateway.ts';
import { readUser } from '../gateway/user-names.ts';
import type { EventBus } from '../platform/events.ts';
import type { SnapshotUser } from '../store/snapshot/rows.ts';
import type { Snapshot } from '../store/snapshot/snapshot.ts';

/** Handlers of the reading half of `users.*`. */
export function usersHandlers({
  clusters,
  events,
  questions,
}: {
  clusters: Clusters;
  events: EventBus;
  questions: GatewayQuestions;
}): Pick<HandlersOf<'users'>, 'users.list' | 'users.get'> {
  return {
    'users.list': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      return (await cluster.snapshot()).ask('users', query);
    },
    'users.get': async ({ connectionId, userId }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const answer = await questions.ask({
        cluster,
        signal,
        about: `user/${userId}`,
        topics: ['users', 'keys', 'accounts'],
        ask: async (gateway, limit) => {
          const user = await readUser(gateway, userId, { signal: limit });
          return { user, readAt: Date.now() };
        },
        keep: async (read) => {
          await snapshot.change('save', [{ part: 'keys', ...read }]);
          events.emit('data.changed', { connectionId, topics: ['inventory'] });
        },
      });
      const shown = await answerOrLastSeen(
        answer,
        ({ user, readAt }) => asRead(user, snapshot, new Date(readAt).toISOString()),
        () => snapshot.ask('user', userId),
      );
      const why = 'error' in answer && answer.error.code === 'TARGET_AMBIGUOUS';
      return why ? { ...shown, keysUnreadable: answer.error.toData() } : shown;
    },
  };
}

/** A user as just read and saved; sizes and first sight come from the snapshot, if it lists the user. */
async function asRead(
  user: GatewayUserDetail,
  snapshot: Snapshot,
  readAt: string,
): Promise<SnapshotUser> {
  const seen = await snapshot.ask('user', user.userId);
  const keysOf = (ids: string[]) => ids.map((accessKeyId) => ({ accessKeyId }));
  return {
    bucketCount: seen?.bucketCount ?? null,
    currentBytes: seen?.currentBytes ?? null,
    peakBytes: seen?.peakBytes ?? null,
    ...(seen?.unknownSizes ? { unknownSizes: seen.unknownSizes } : {}),
    firstSeen: seen?.firstSeen ?? readAt,
    userId: user.userId,
    email: user.email,
    state: user.state,
    flags: user.flagsUnknown ? (seen?.flags ?? []) : user.flags,
    ownerId: user.ownerId,
    keys: seen?.keys ?? keysOf(user.accessKeyIds),
    accounts:
      seen?.accounts ??
      user.accounts.map(({ name, accessKeyIds }) => ({ name, keys: keysOf(accessKeyIds) })),
    keysAsOf: readAt,
    asOf: readAt,
  };
}
