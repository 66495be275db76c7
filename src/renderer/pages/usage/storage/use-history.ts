import { fromWireInteger } from '#shared/units.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { Span } from '../period/period.ts';

/** Whose sizes are shown; neither: the whole cluster's. */
export interface StorageSubject {
  userId: string | null;
  bucket: string | null;
}

const gigabyte = 1_000_000_000n;

/** Reads sizes over time, with the days to the quota where the subject has one of its own. */
export function useStorageHistory({ userId, bucket }: StorageSubject, span: Span) {
  const cluster = useCluster();
  const target =
    bucket !== null ? { bucket } : userId !== null ? { user: userId } : { cluster: true as const };
  const quota = useCall(
    'quotas.get',
    {
      connectionId: cluster.id,
      target: 'cluster' in target ? { default: 'user' } : target,
    },
    { enabled: !('cluster' in target) },
  ).data;
  const quotaGb = quota?.set && quota.sizeGb !== null ? String(quota.sizeGb) : null;
  const query = useCall(
    'storage.history',
    {
      connectionId: cluster.id,
      from: span.from,
      to: span.to,
      target,
      ...(quotaGb === null ? {} : { quotaGb }),
    },
    { keepPrevious: true },
  );
  return {
    query,
    quotaGb,
    quotaBytes: quotaGb === null ? null : fromWireInteger(quotaGb) * gigabyte,
  };
}
