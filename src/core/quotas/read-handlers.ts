import type { HandlersOf } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters.ts';
import { gatewayTarget, sweepTarget } from '../operations/catalogue/limit-state.ts';
import { quotaValue } from '../operations/catalogue/quotas.ts';
import { readOrLastSeen } from '../sweep/last-seen.ts';
import type { Sweeps } from '../sweep/sweeps.ts';

/** What the reading half of `quotas.*` needs. */
export interface QuotasReadOptions {
  clusters: Clusters;
  sweeps: Sweeps;
}

/** Handlers of the reading half of `quotas.*`. */
export function quotasReadHandlers({
  clusters,
  sweeps,
}: QuotasReadOptions): Pick<HandlersOf<'quotas'>, 'quotas.get'> {
  return {
    'quotas.get': async ({ connectionId, target }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const store = await sweeps.store(connectionId);
      const swept = sweepTarget(target);
      const { value, asOf, source } = await readOrLastSeen(
        cluster,
        async (gateway) => {
          const quota = await gateway.getQuota(gatewayTarget(target), { signal });
          const found = { part: 'quotas', target: swept, quota, readAt: Date.now() } as const;
          await store.call('save', [found]);
          return quotaValue(quota);
        },
        async () => {
          const { quota } = await store.call('values', swept);
          return quota && { value: quota, asOf: quota.asOf };
        },
      );
      return { set: value.set, sizeGb: value.sizeGb, asOf, source };
    },
  };
}
