import type { HandlersOf } from '#shared/contract/index.ts';
import { userView } from '../changes/operations/live-reader.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { answerOrCached, type GatewayQuestions } from '../clusters/refresh/gateway-questions.ts';
import { readUser } from '../gateway/user-names.ts';

export function usersHandlers(
  parts: Pick<ClusterWork, 'clusters' | 'events'> & { questions: GatewayQuestions },
): Pick<HandlersOf<'users'>, 'users.list' | 'users.get'> {
  const { clusters, events, questions } = parts;
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
      const shown = await answerOrCached(
        answer,
        ({ user, readAt }) => userView(snapshot, user, new Date(readAt).toISOString()),
        () => snapshot.ask('user', userId),
      );
      const why = 'error' in answer && answer.error.code === 'TARGET_AMBIGUOUS';
      return why ? { ...shown, keysUnreadable: answer.error.toData() } : shown;
    },
  };
}
