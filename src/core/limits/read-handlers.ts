import type { HandlersOf } from '#shared/contract/index.ts';
import type { Clusters } from '../clusters.ts';
import { gatewayTarget, limitValue, sweepTarget } from '../operations/catalogue/limit-state.ts';
import { sweepStatusOf } from '../sweep/handlers.ts';
import { readOrLastSeen } from '../sweep/last-seen.ts';
import type { Sweeps } from '../sweep/sweeps.ts';

/** What the reading half of `limits.*` needs. */
export interface LimitsReadOptions {
  clusters: Clusters;
  sweeps: Sweeps;
}

/** Handlers of the reading half of `limits.*`. */
export function limitsReadHandlers({
  clusters,
  sweeps,
}: LimitsReadOptions): Pick<HandlersOf<'limits'>, 'limits.get' | 'limits.grid'> {
  return {
    'limits.get': async ({ connectionId, target }, { signal }) => {
      const cluster = await clusters.get(connectionId);
      const store = await sweeps.store(connectionId);
      const swept = sweepTarget(target);
      const { value, asOf, source } = await readOrLastSeen(
        cluster,
        async (gateway) => {
          const limits = await gateway.getLimits(gatewayTarget(target), { signal });
          const found = { part: 'limits', target: swept, limits, readAt: Date.now() } as const;
          await store.call('save', [found]);
          return limitValue(limits);
        },
        async () => {
          const { limits } = await store.call('values', swept);
          return limits && { value: limits, asOf: limits.asOf };
        },
      );
      return { set: value.set, limits: value.limits, asOf, source };
    },
    'limits.grid': async ({ connectionId, ...query }) => {
      await clusters.get(connectionId);
      const store = await sweeps.store(connectionId);
      const [page, sweep] = await Promise.all([
        store.call('listGrid', query),
        sweepStatusOf(sweeps, connectionId),
      ]);
      return { ...page, sweep };
    },
  };
}
