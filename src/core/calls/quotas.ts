import type { HandlersOf } from '#shared/contract/index.ts';
import { readingTarget, sweepTarget } from '../changes/operations/catalogue/limit-state.ts';
import { quotaValue } from '../changes/operations/catalogue/quotas.ts';
import { readOrLastSeen, type SeenSources } from '../clusters/inventory/last-seen.ts';

/** Handlers of the reading half of `quotas.*`. */
export function quotasReadHandlers(sources: SeenSources): Pick<HandlersOf<'quotas'>, 'quotas.get'> {
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
