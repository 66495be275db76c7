import type { HandlersOf } from '#shared/contract/index.ts';
import { revealKey } from '../changes/operations/reveal-key.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { Sweeps } from '../clusters/inventory/inventories.ts';
import type { EventBus } from '../platform/events.ts';
import type { JournalPort } from '../store/archive/journal-port.ts';
import { sweepStatusOf } from './inventory.ts';

/** What the reading half of `keys.*` needs. */
export interface KeysReadOptions {
  clusters: Clusters;
  sweeps: Sweeps;
  journal: JournalPort;
  events: EventBus;
}

/** Handlers of the reading half of `keys.*`. */
export function keysHandlers({
  clusters,
  sweeps,
  journal,
  events,
}: KeysReadOptions): Pick<HandlersOf<'keys'>, 'keys.list' | 'keys.reveal'> {
  return {
    'keys.list': async ({ connectionId, ...query }) => {
      await clusters.get(connectionId);
      const store = await sweeps.store(connectionId);
      const [page, sweep] = await Promise.all([
        store.ask('listKeys', query),
        sweepStatusOf(sweeps, connectionId),
      ]);
      return { ...page, sweep };
    },
    'keys.reveal': (input, { signal }) => revealKey({ clusters, journal, events }, input, signal),
  };
}
