import { useCall } from '../api/use-call.ts';
import { useNow } from '../components/use-now.ts';
import { useClusterIfAny } from './cluster-context.tsx';

/** Whether the cluster on screen takes writes now, and if not, why: for a tooltip. */
export type WriteGuard =
  | { allowed: true; reason: null; unlockable: false }
  | { allowed: false; reason: string; unlockable: boolean };

const open: WriteGuard = { allowed: true, reason: null, unlockable: false };

/**
 * Tells whether actions that write are to be offered. Core refuses them all the same; this is so that
 * the interface says why beforehand.
 */
export function useWriteGuard(): WriteGuard {
  const cluster = useClusterIfAny();
  const now = useNow(5000);
  const status = useCall(
    'sync.status',
    { connectionId: cluster?.id ?? 'none' },
    { enabled: cluster !== null },
  ).data;
  if (!cluster) return { allowed: false, reason: 'No cluster is open.', unlockable: false };
  if (cluster.readOnly) {
    return {
      allowed: false,
      reason: 'This connection is read-only. Change that on the Connections page.',
      unlockable: false,
    };
  }
  if (!cluster.hasCredential) {
    return {
      allowed: false,
      reason: 'No secret key is stored for this connection. Enter it on the Connections page.',
      unlockable: false,
    };
  }
  if (status?.state === 'offline') {
    return {
      allowed: false,
      reason:
        `The gateway can't be reached, so nothing can be changed. ${status.error?.message ?? ''}`.trim(),
      unlockable: false,
    };
  }
  const locked =
    cluster.environment === 'production' &&
    (cluster.unlockedUntil === undefined || Date.parse(cluster.unlockedUntil) <= now);
  if (locked) {
    return {
      allowed: false,
      reason: 'This production cluster is locked against changes.',
      unlockable: true,
    };
  }
  return open;
}
