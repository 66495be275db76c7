import type { HandlersOf } from '#shared/contract/index.ts';
import { revealKey } from '../changes/operations/reveal-key.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Inventories } from '../clusters/inventory/inventories.ts';
import type { EventBus } from '../platform/events.ts';
import type { JournalPort } from '../store/archive/journal-port.ts';

/** What the reading half of `keys.*` needs. */
export interface KeysReadOptions {
  clusters: Clusters;
  inventories: Inventories;
  journal: JournalPort;
  events: EventBus;
}

/** Handlers of the reading half of `keys.*`. */
export function keysHandlers({
  clusters,
  inventories,
  journal,
  events,
}: KeysReadOptions): Pick<HandlersOf<'keys'>, 'keys.list' | 'keys.reveal'> {
  return {
    'keys.list': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const [page, inventory] = await Promise.all([
        snapshot.ask('keys', query),
        inventories.status(connectionId),
      ]);
      return { ...page, inventory };
    },
    'keys.reveal': (input, { signal }) => revealKey({ clusters, journal, events }, input, signal),
  };
}
