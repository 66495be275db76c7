import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, NotCounted } from '../../kit/components/bytes.tsx';
import { CustomerOf, StoppedServices } from '../../kit/components/customer-of.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { UserStateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { DetailHead, DetailSection } from '../../kit/detail/detail.tsx';
import { DetailActions } from '../../kit/detail/detail-actions.tsx';
import { DetailInstead } from '../../kit/detail/detail-page.tsx';
import { type User, useSections } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { ReadingCommands } from '../operation/planned-requests.tsx';
import { userActions } from './user-operations.tsx';

/** One user whole: head with actions, then its sections. In the panel and on its own page. */
export function UserDetail({ userId }: { userId: string }) {
  const cluster = useCluster();
  const query = useCall('users.get', { connectionId: cluster.id, userId });
  if (!query.data || query.error?.code === 'NOT_FOUND')
    return <DetailInstead query={query} what="user" name={userId} />;
  return <UserSections user={query.data} />;
}

function UserSections({ user }: { user: User }) {
  return (
    <article>
      <DetailHead
        name={user.email || user.userId}
        source={user.source}
        waiting={user.waiting}
        asOf={user.asOf}
        facts={
          <>
            <Identifier value={user.userId} what="user id" length={40} />
            <UserStateBadge state={user.state} />
            <CustomerOf userId={user.userId} />
            {user.flags.includes('system') && <span>System user</span>}
            {/[^0]/.test(user.ownerId) && (
              <span title="OwnerId as the gateway gives it">
                Owner id <Identifier value={user.ownerId} what="owner id" length={40} />
              </span>
            )}
          </>
        }
        actions={
          <>
            <DetailActions
              actions={userActions}
              subject={user}
              called={{ noun: 'user', name: user.email || user.userId }}
            />
            <ReadingCommands of={{ user: user.userId }} name={user.userId} />
          </>
        }
      >
        <span>
          {user.bucketCount === null ? (
            <>
              Buckets: <NotCounted />
            </>
          ) : (
            <>
              <Bytes value={user.currentBytes} source="sum over the bucket list" /> in{' '}
              {formatCounted(user.bucketCount, 'bucket')}
            </>
          )}
          {user.unknownSizes !== undefined &&
            ` (${formatCounted(user.unknownSizes, 'bucket')} of unknown size not included)`}
        </span>
        <span>
          First seen <Time value={user.firstSeen} as="age" />
        </span>
      </DetailHead>
      <StoppedServices user={user} />
      {useSections().user.map(({ id, title, Component, Aside }) => (
        <DetailSection key={id} title={title} aside={Aside && <Aside subject={user} />}>
          <Component subject={user} />
        </DetailSection>
      ))}
    </article>
  );
}
