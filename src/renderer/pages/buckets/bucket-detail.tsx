import { useCall } from '../../api/use-call.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import { Bytes } from '../../components/bytes.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { DetailHead, DetailSection } from '../../components/detail/detail.tsx';
import { DetailActions } from '../../components/detail/detail-actions.tsx';
import { DetailInstead } from '../../components/detail/detail-instead.tsx';
import { formatUtc } from '../../components/format.ts';
import { ReadingCommands } from '../../components/operation/reading-commands.tsx';
import { Time } from '../../components/time.tsx';
import { type Bucket, bucketActions, bucketSections } from './bucket-registries.ts';

/** One bucket whole: head with actions, then its sections. In the panel and on its own page. */
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
            <CopyButton value={bucket.name} label="Copy bucket name" />
          </>
        }
        actions={
          <>
            <DetailActions actions={bucketActions.list()} subject={bucket} />
            <ReadingCommands of={{ bucket: bucket.name }} name={bucket.name} />
          </>
        }
      />
      {bucketSections.list().map(({ id, title, Component, Aside }) => (
        <DetailSection key={id} title={title} aside={Aside && <Aside subject={bucket} />}>
          <Component subject={bucket} />
        </DetailSection>
      ))}
    </article>
  );
}
