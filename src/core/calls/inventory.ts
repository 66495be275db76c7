import type { HandlersOf } from '#shared/contract/index.ts';
import {
  limitValue,
  readingTarget,
  targetName,
} from '../changes/operations/catalogue/limit-state.ts';
import { quotaValue } from '../changes/operations/catalogue/quotas.ts';
import { revealKey } from '../changes/operations/reveal-key.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { type Inventories, readOrCached } from '../clusters/inventory/inventories.ts';
import type { Policy } from '../platform/policy.ts';
import type { JournalPort } from '../store/archive/journal-port.ts';

interface InventoryParts extends Pick<ClusterWork, 'clusters' | 'events'> {
  policy: Policy | null;
  inventories: Inventories;
  journal: JournalPort;
}

export function keysHandlers({
  policy,
  clusters,
  inventories,
  journal,
  events,
}: InventoryParts): Pick<HandlersOf<'keys'>, 'keys.list' | 'keys.reveal'> {
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
    'keys.reveal': (input, { signal }) =>
      revealKey({ policy, clusters, journal, events }, input, signal),
  };
}

export function limitsHandlers(
  parts: Pick<InventoryParts, 'clusters' | 'events' | 'inventories'>,
): Pick<HandlersOf<'limits'>, 'limits.get' | 'limits.grid'> {
  const { clusters, inventories } = parts;
  return {
    'limits.get': async ({ connectionId, target: called }, { signal }) => {
      const target = targetName(called);
      const { value, asOf, source } = await readOrCached(parts, connectionId, {
        read: async (gateway) => {
          const named = await readingTarget(called, gateway, { signal, command: 'query-limits' });
          const limits = await gateway.getLimits(named, { signal });
          const kept = { part: 'limits', target, limits, readAt: Date.now() } as const;
          return { value: limitValue(limits), kept };
        },
        last: async (snapshot) => (await snapshot.ask('limitsAndQuota', target)).limits,
      });
      return { set: value.set, limits: value.limits, asOf, source };
    },
    'limits.grid': async ({ connectionId, ...query }) => {
      const cluster = await clusters.get(connectionId);
      const snapshot = await cluster.snapshot();
      const [page, inventory] = await Promise.all([
        snapshot.ask('limitGrid', query),
        inventories.status(connectionId),
      ]);
      return { ...page, inventory };
    },
  };
}

export function quotasHandlers(
  parts: Pick<InventoryParts, 'clusters' | 'events'>,
): Pick<HandlersOf<'quotas'>, 'quotas.get'> {
  return {
    'quotas.get': async ({ connectionId, target: called }, { signal }) => {
      const target = targetName(called);
      const { value, asOf, source } = await readOrCached(parts, connectionId, {
        read: async (gateway) => {
          const named = await readingTarget(called, gateway, { signal, command: 'query-quotas' });
          const quota = await gateway.getQuota(named, { signal });
          const kept = { part: 'quotas', target, quota, readAt: Date.now() } as const;
          return { value: quotaValue(quota), kept };
        },
        last: async (snapshot) => (await snapshot.ask('limitsAndQuota', target)).quota,
      });
      return { set: value.set, sizeGb: value.sizeGb, asOf, source };
    },
  };
}

export function inventoryHandlers({
  inventories,
}: Pick<InventoryParts, 'inventories'>): HandlersOf<'inventory'> {
  return {
    'inventory.status': ({ connectionId }) => inventories.status(connectionId),
    'inventory.start': (input) => inventories.start(input),
  };
}
