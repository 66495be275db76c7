import { Link } from 'react-router';
import type { AppError } from '#shared/errors.ts';
import classes from '../../changes/operation/operation.module.css';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';

/** Leads to the user that has the e-mail already. */
export function ExistingUser({ error, onLeave }: { error: AppError; onLeave(): void }) {
  const { id } = useCluster();
  const { userId } = error.details ?? {};
  if (error.code !== 'ALREADY_EXISTS' || typeof userId !== 'string') return null;
  return (
    <div className={classes.noteActions}>
      <Link to={userPath(id, userId)} onClick={onLeave}>
        Open the user that is there
      </Link>
    </div>
  );
}
