import { IconKey } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useCall } from '../../api/use-call.ts';
import { bucketPath, clusterPath } from '../../app/addresses.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import { Bytes } from '../../components/bytes.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import classes from '../../components/detail/detail.module.css';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatCount } from '../../components/format.ts';
import { Time } from '../../components/time.tsx';
import { type User, userSections } from './user-registries.ts';

const shownBuckets = 8;

function KeyRow({ accessKeyId }: { accessKeyId: string }) {
  return (
    <div className={classes.row}>
      <IconKey size={14} className="oc-faint" aria-hidden />
      <span className={`oc-mono ${classes.rowText}`}>{accessKeyId}</span>
      <CopyButton value={accessKeyId} label="Copy access key id" />
    </div>
  );
}

/** Says why there are no keys to show, or from when they are. */
export function KeysAge({ subject: user }: { subject: User }) {
  if (user.keysAsOf === null) {
    return (
      <p className={classes.note}>
        The keys of this user were never read: its page has not been opened while the gateway
        answered.
      </p>
    );
  }
  if (user.source === 'gateway') return null;
  return (
    <p className={classes.note}>
      As read <Time value={user.keysAsOf} as="age" />.
    </p>
  );
}

function Keys({ subject: user }: { subject: User }) {
  return (
    <>
      {user.keys.map((key) => (
        <KeyRow key={key.accessKeyId} {...key} />
      ))}
      {user.keysAsOf !== null && user.keys.length === 0 && (
        <p className={classes.note}>This user has no access key, so it can’t sign in.</p>
      )}
      <KeysAge subject={user} />
    </>
  );
}

function KeyCount({ subject: user }: { subject: User }) {
  return user.keysAsOf === null ? null : <span className="oc-number">{user.keys.length} of 2</span>;
}

function Buckets({ subject: user }: { subject: User }) {
  const cluster = useCluster();
  const query = useCall('buckets.list', {
    connectionId: cluster.id,
    ownerId: user.userId,
    sort: { by: 'currentBytes', descending: true },
    offset: 0,
    limit: shownBuckets,
  });
  if (query.error) {
    return <ErrorPanel error={query.error} compact onRetry={() => void query.refetch()} />;
  }
  if (!query.data) return null;
  const { rows, total } = query.data;
  if (total === 0) return <p className={classes.note}>This user owns no bucket.</p>;
  return (
    <>
      {rows.map((bucket) => (
        <div key={bucket.name} className={classes.row}>
          <Link
            className={`${classes.rowText} oc-truncate`}
            to={bucketPath(cluster.id, bucket.name)}
          >
            {bucket.name}
          </Link>
          <Bytes value={bucket.currentBytes} source="from the bucket list" />
        </div>
      ))}
      {total > rows.length && (
        <Link
          className={classes.more}
          to={`${clusterPath(cluster.id, 'buckets')}?owner=${user.userId}&sort=-currentBytes`}
        >
          All {formatCount(total)} buckets
        </Link>
      )}
    </>
  );
}

function BucketCount({ subject: user }: { subject: User }) {
  return <span className="oc-number">{formatCount(user.bucketCount)}</span>;
}

function Accounts({ subject: user }: { subject: User }) {
  if (user.keysAsOf === null) return <KeysAge subject={user} />;
  if (user.accounts.length === 0) {
    return (
      <p className={classes.note}>
        No accounts. An account is a further set of access keys inside this user.
      </p>
    );
  }
  return user.accounts.map(({ name, keys }) => (
    <div key={name} className={classes.group}>
      <div className={classes.groupName}>{name}</div>
      {keys.map((key) => (
        <KeyRow key={key.accessKeyId} {...key} />
      ))}
      {keys.length === 0 && <p className={classes.note}>No access key.</p>}
    </div>
  ));
}

userSections.register({ id: 'keys', order: 10, title: 'Keys', Component: Keys, Aside: KeyCount });
userSections.register({
  id: 'buckets',
  order: 20,
  title: 'Buckets',
  Component: Buckets,
  Aside: BucketCount,
});
userSections.register({ id: 'accounts', order: 50, title: 'Accounts', Component: Accounts });
