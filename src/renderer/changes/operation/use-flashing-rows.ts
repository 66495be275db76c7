import { useMemo } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useRecentWrites, writeKey } from '../../kit/stores/recent-writes.ts';

/** Ids of the users or buckets that were just changed: their rows flash once. */
export function useFlashingRows(kind: 'user' | 'bucket'): ReadonlySet<string> {
  const { id } = useCluster();
  const flashing = useRecentWrites((writes) => writes.flashing);
  return useMemo(() => {
    const prefix = writeKey(id, kind, '');
    const own = [...flashing].filter((key) => key.startsWith(prefix));
    return new Set(own.map((key) => key.slice(prefix.length)));
  }, [flashing, id, kind]);
}
