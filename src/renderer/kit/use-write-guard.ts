import type { ErrorCode } from '#shared/errors.ts';
import { useClusterIfAny } from './cluster-context.tsx';
import { useCall } from './rpc/use-call.ts';
import { useNow } from './use-now.ts';

/** Whether the cluster on screen takes writes now, and if not, why: for a tooltip. */
export type WriteGuard =
  | { allowed: true; reason: null; unlockable: false }
  | { allowed: false; reason: string; unlockable: boolean };

const open: WriteGuard = { allowed: true, reason: null, unlockable: false };

/** What core would answer, said beforehand: what is, what to do about it, and the code. */
function refused(code: ErrorCode, message: string, hint: string, unlockable = false): WriteGuard {
  return { allowed: false, reason: `${message} ${hint} (${code})`, unlockable };
}

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
  if (!cluster) {
    return refused('CONNECTION_NOT_FOUND', 'No cluster is open.', 'Open one at the top left.');
  }
  if (cluster.readOnly) {
    return refused(
      'CONNECTION_READ_ONLY',
      'This connection is read-only.',
      'Change that on the Connections page.',
    );
  }
  if (!cluster.hasCredential) {
    return refused(
      'CREDENTIAL_MISSING',
      'No secret key is stored for this connection.',
      'Enter it on the Connections page.',
    );
  }
  if (status?.state === 'offline') {
    const why = status.error === undefined ? '' : ` ${status.error.message}`;
    return refused(
      'CONNECTION_OFFLINE',
      `The gateway can't be reached, so nothing can be changed.${why}`,
      'Make a change plan in Bulk changes and apply it later.',
    );
  }
  const locked =
    cluster.environment === 'production' &&
    (cluster.unlockedUntil === undefined || Date.parse(cluster.unlockedUntil) <= now);
  if (locked) {
    const message = 'This production cluster is locked against changes.';
    return refused('CONNECTION_LOCKED', message, 'Unlock it for some minutes.', true);
  }
  return open;
}
