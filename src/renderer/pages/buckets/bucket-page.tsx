import { useParams } from 'react-router';
import { BucketDetail } from '../../changes/buckets/bucket-detail.tsx';
import { clusterPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';

/** A bucket's own page. */
export function BucketPage() {
  const { name = '' } = useParams();
  const cluster = useCluster();
  return (
    <DetailPage
      title="Bucket"
      listPath={clusterPath(cluster.id, 'buckets')}
      listLabel="All buckets"
    >
      <BucketDetail key={name} name={name} />
    </DetailPage>
  );
}
