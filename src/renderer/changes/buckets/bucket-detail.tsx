import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes } from '../../kit/components/bytes.tsx';
import { CustomerOf } from '../../kit/components/customer-of.tsx';
import { formatUtc } from '../../kit/components/format.ts';
import { CopyButton } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import { DetailHead, DetailSection } from '../../kit/detail/detail.tsx';
import { DetailActions } from '../../kit/detail/detail-actions.tsx';
import { DetailInstead } from '../../kit/detail/detail-page.tsx';
import { type Bucket, useSections } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { ReadingCommands } from '../operation/planned-requests.tsx';
import { bucketActions } from './remove-bucket.tsx';

/** The detail of a bucket: head with actions, then sections. In the panel and on its own page. */
export function BucketDetail({ name }: { name: string }) {
  const cluster = useCluster();
  const query = useCall('buckets.get', { connectionId: cluster.id, name });
  if (!query.data || query.error?.code === 'NOT_FOUND')
    return <DetailInstead query={query} what="bucket" name={name} />;
  return <BucketSections bucket={query.data} />;
}

function BucketSections({ bucket }: { bucket: Bucket }) {
  return (
    <article>
      <DetailHead
        name={bucket.name}
        source={bucket.source}
        waiting={bucket.waiting}
        asOf={bucket.asOf}
        facts={
          <>
            <Bytes
              value={bucket.currentBytes}
              source={`from the bucket list of ${formatUtc(bucket.asOf)}`}
            />
            {bucket.createdAt !== null && (
              <span>
                Created <Time value={bucket.createdAt} as="age" />
              </span>
            )}
            <CustomerOf userId={bucket.ownerId} />
            <CopyButton value={bucket.name} label="Copy bucket name" />
          </>
        }
        actions={
          <>
            <DetailActions
              actions={bucketActions}
              subject={bucket}
              called={{ noun: 'bucket', name: bucket.name }}
            />
            <ReadingCommands of={{ bucket: bucket.name }} name={bucket.name} />
          </>
        }
      />
      {useSections().bucket.map(({ id, title, Component, Aside }) => (
        <DetailSection key={id} title={title} aside={Aside && <Aside subject={bucket} />}>
          <Component subject={bucket} />
        </DetailSection>
      ))}
    </article>
  );
}
