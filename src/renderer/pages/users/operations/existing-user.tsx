import { Link } from 'react-router';
import type { AppError } from '#shared/errors.ts';
import { userPath } from '../../../app/addresses.ts';
import { useCluster } from '../../../app/cluster-context.tsx';
import classes from '../../../components/operation/operation.module.css';

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
