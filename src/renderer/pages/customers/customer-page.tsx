import { useParams } from 'react-router';
import { customersPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { DetailPage } from '../../kit/detail/detail-page.tsx';
import { CustomerDetail } from './customer-detail.tsx';

/** A customer's own page. */
export function CustomerPage() {
  const { customerId = '' } = useParams();
  const cluster = useCluster();
  return (
    <DetailPage title="Customer" listPath={customersPath(cluster.id)} listLabel="All customers">
      <CustomerDetail key={customerId} customerId={customerId} />
    </DetailPage>
  );
}
