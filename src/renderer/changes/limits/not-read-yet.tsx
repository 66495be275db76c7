import { type ReactNode, useEffect, useRef } from 'react';
import type { AppError, ErrorCode } from '#shared/errors.ts';
import detail from '../../kit/detail/detail.module.css';
import type { SyncStatus } from '../../kit/use-sync.ts';

const noWayThere: ReadonlySet<ErrorCode> = new Set([
  'CONNECTION_OFFLINE',
  'CREDENTIAL_MISSING',
  'TIMED_OUT',
]);

/** Whether a value could not be read for the one reason that the page says already: no gateway. */
export function isOutOfReach(error: AppError | null, status: SyncStatus | undefined): boolean {
  return error !== null && (noWayThere.has(error.code) || status?.state === 'offline');
}

/** One quiet line where a value was never read and can't be now; the cause on hover. */
export function NotReadYet({ what, error }: { what?: ReactNode; error: AppError }): ReactNode {
  const why =
    error.code === 'CREDENTIAL_MISSING'
      ? 'no secret key is available'
      : 'the gateway can’t be reached';
  return (
    <p className={detail.note} title={`${error.message} ${error.hint}`}>
      {what}Not read yet; {why}.
    </p>
  );
}

/** Reads again what failed once the gateway answers again. */
export function useReadWhenBack(
  status: SyncStatus | undefined,
  queries: readonly { error: AppError | null; refetch(): unknown }[],
): void {
  const before = useRef(status?.state);
  useEffect(() => {
    const back = before.current !== 'online' && status?.state === 'online';
    before.current = status?.state;
    if (!back) return;
    for (const query of queries) if (query.error) void query.refetch();
  });
}
