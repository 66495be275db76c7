import type { HandlersOf } from '#shared/contract/index.ts';
import {
  limitValue,
  readingTarget,
  sweepTarget,
} from '../changes/operations/catalogue/limit-state.ts';
import { quotaValue } from '../changes/operations/catalogue/quotas.ts';
import { readOrLastSeen, type SeenSources } from '../clusters/inventory/last-seen.ts';
import { sweepStatusOf } from './inventory.ts';

/** Handlers of the reading half of `limits.*`. */
export function limitsHandlers(
  sources: SeenSources,
): Pick<HandlersOf<'limits'>, 'limits.get' | 'limits.grid'> {
  const { clusters, sweeps } = sources;
  return {
    'limits.get': async ({ connectionId, target: called }, { signal }) => {
      const target = sweepTarget(called);
      const { value, asOf, source } = await readOrLastSeen(sources, connectionId, {
        read: async (gateway) => {
          const named = await readingTarget(called, gateway, { signal, command: 'query-limits' });
          const limits = await gateway.getLimits(named, { signal });
          const kept = { part: 'limits', target, limits, readAt: Date.now() } as const;
          return { value: limitValue(limits), kept };
        },
        last: async (store) => (await store.ask('values', target)).limits,
      });
      return { set: value.set, limits: value.limits, asOf, source };
    },
    'limits.grid': async ({ connectionId, ...query }) => {
      await clusters.get(connectionId);
      const store = await sweeps.store(connectionId);
      const [page, sweep] = await Promise.all([
        store.ask('listGrid', query),
        sweepStatusOf(sweeps, connectionId),
      ]);
      return { ...page, sweep };
    },
  };
}

/** Handlers of the reading half of `quotas.*`. */
export function quotasHandlers(sources: SeenSources): Pick<HandlersOf<'quotas'>, 'quotas.get'> {
  return {
    'quotas.get': async ({ connectionId, target: called }, { signal }) => {
      const target = sweepTarget(called);
      const { value, asOf, source } = await readOrLastSeen(sources, connectionId, {
        read: async (gateway) => {
          const named = await readingTarget(called, gateway, { signal, command: 'query-quotas' });
          const quota = await gateway.getQuota(named, { signal });
          const kept = { part: 'quotas', target, quota, readAt: Date.now() } as const;
          return { value: quotaValue(quota), kept };
        },
        last: async (store) => (await store.ask('values', target)).quota,
      });
      return { set: value.set, sizeGb: value.sizeGb, asOf, source };
    },
  };
}
