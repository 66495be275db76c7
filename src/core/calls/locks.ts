import type { HandlersOf } from '#shared/contract/index.ts';
import type { SavedConnection } from '../clusters/clusters.ts';
import type { ConnectionParts } from '../clusters/connections/open-connections.ts';
import { lockEntry } from '../clusters/locks/journal-entries.ts';

/** Handlers of `connections.unlock` and `connections.lock`, which the journal tells of. */
export function lockHandlers({
  views,
  locks,
  events,
  record,
}: ConnectionParts): Pick<HandlersOf<'connections'>, 'connections.unlock' | 'connections.lock'> {
  const changed = (): void => events.emit('connections.changed', {});
  const journalled = async (connection: SavedConnection, until?: string): Promise<void> => {
    if (connection.environment !== 'production') return;
    await record(lockEntry(connection, until));
    events.emit('data.changed', { connectionId: connection.id, topics: ['journal'] });
  };
  return {
    'connections.unlock': async ({ id, minutes }) => {
      const until = new Date(Date.now() + minutes * 60_000).toISOString();
      // On record first: what can't be recorded is not unlocked.
      await journalled(await views.get(id), until);
      locks.unlock(id, minutes);
      changed();
      setTimeout(changed, minutes * 60_000).unref(); // it has locked itself again
      return views.get(id);
    },
    'connections.lock': async ({ id }) => {
      const before = await views.get(id);
      locks.lock(id);
      changed();
      if (before.unlockedUntil !== undefined) await journalled(before);
      return views.get(id);
    },
  };
}
