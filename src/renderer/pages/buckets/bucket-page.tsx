import { useParams } from 'react-router';
import { clusterPath } from '../../app/addresses.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import { DetailPage } from '../../components/detail/detail-page.tsx';
import { BucketDetail } from './bucket-detail.tsx';

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
