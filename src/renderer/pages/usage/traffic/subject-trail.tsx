import { IconChevronRight } from '@tabler/icons-react';
import { Fragment } from 'react';
import { Link } from 'react-router';
import { bucketPath, userPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { userWords } from '../../../kit/components/format.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { bucketWords, type UsageRow } from '../shared/figures.ts';
import { type ScopeState, wholeCluster } from './scope.ts';
import classes from './traffic.module.css';

/** Where the walk from cluster to user to bucket stands, each step a way back. */
export function SubjectTrail({ scope, row }: { scope: ScopeState; row: UsageRow | undefined }) {
  const cluster = useCluster();
  const user = useCall(
    'users.get',
    { connectionId: cluster.id, userId: scope.userId ?? '0' },
    { enabled: scope.userId !== null && scope.userId !== '' },
  );
  if (scope.userId === null && scope.bucket === null) return null;
  const email = userWords(user.data?.email || row?.email || null, scope.userId);
  const steps: { label: string; to: string }[] = [
    { label: 'Whole cluster', to: scope.to(wholeCluster) },
    ...(scope.userId === null
      ? []
      : [{ label: email, to: scope.to({ ...scope, bucket: null, epoch: null }) }]),
    ...(scope.bucket === null ? [] : [{ label: bucketLabel(scope), to: scope.to(scope) }]),
  ];
  const page =
    scope.bucket === null
      ? { label: 'Open the user', to: userPath(cluster.id, scope.userId ?? '') }
      : { label: 'Open the bucket', to: bucketPath(cluster.id, scope.bucket) };
  return (
    <nav className={classes.trail} aria-label="What is shown">
      {steps.map(({ label, to }, index) => (
        <Fragment key={to}>
          {index > 0 && <IconChevronRight size={13} className="oc-faint" aria-hidden />}
          {index === steps.length - 1 ? (
            <span aria-current="page">{label}</span>
          ) : (
            <Link to={to}>{label}</Link>
          )}
        </Fragment>
      ))}
      {scope.bucket !== '' && (scope.bucket !== null || scope.userId !== '') && (
        <Link className={classes.tag} to={page.to}>
          {page.label}
        </Link>
      )}
    </nav>
  );
}

function bucketLabel({ bucket, epoch }: ScopeState): string {
  const name = bucketWords(bucket ?? '');
  return epoch === null || bucket === '' ? name : `${name} (epoch ${epoch})`;
}
