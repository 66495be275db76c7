import type { AppErrorData } from '#shared/errors.ts';
import { useClusterIfAny } from './cluster-context.tsx';

/** Whether the cluster on screen takes writes now, and if not, why: for a tooltip. */
export type WriteGuard =
  | { allowed: true; reason: null; unlockable: false }
  | { allowed: false; reason: string; unlockable: boolean };

const noCluster: Pick<AppErrorData, 'code' | 'message' | 'hint'> = {
  code: 'CONNECTION_NOT_FOUND',
  message: 'No cluster is open.',
  hint: 'Open one at the top left.',
};

/** Says why core would refuse a change of the cluster on screen now, so that no button has to be tried. */
export function useWriteGuard(): WriteGuard {
  const cluster = useClusterIfAny();
  const hold = cluster ? cluster.hold : noCluster;
  if (!hold) return { allowed: true, reason: null, unlockable: false };
  return {
    allowed: false,
    reason: `${hold.message} ${hold.hint} (${hold.code})`,
    unlockable: hold.code === 'CONNECTION_LOCKED',
  };
}

/** Why a button that begins a write is off; null where it is on: a locked cluster is unlocked in its dialog. */
export function useWriteHold(): string | null {
  const guard = useWriteGuard();
  return guard.allowed || guard.unlockable ? null : guard.reason;
}
