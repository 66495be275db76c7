import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { endedStates } from '#shared/service-states.ts';
import { whmcsPages } from '#shared/whmcs-links.ts';
import { customerPartPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Note } from '../../kit/components/note.tsx';
import { Day } from '../../kit/components/time.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { WhmcsLink } from './shared/whmcs-link.tsx';

type Cancellation = CallOutput<'offboarding.get'>;

/** What nobody but a person does in the billing system once a cancellation took its course here. */
export function LeftToDo({ of }: { of: Cancellation }) {
  const cluster = useCluster();
  const { customerId } = of;
  const customer = useCall('customers.get', { customerId }).data;
  const invoices = useCall('invoices.list', { customerId, limit: 100 }).data;
  const services = customer?.serviceList ?? [];
  const ending = services.filter(
    ({ serviceId, status, gone }) =>
      (of.serviceId === null || of.serviceId === serviceId) && !gone && !endedStates.has(status),
  );
  const statementId = of.steps.find(({ step }) => step === 'statement')?.statementId;
  const invoice = invoices?.rows.find((one) => one.statementId === statementId);
  if (ending.length === 0 && statementId === undefined) return null;
  const statement = (
    <Link to={`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`}>
      the final statement
    </Link>
  );
  return (
    <Note tone="information" title="Left to do in the billing system">
      <ul className="oc-flush">
        {ending.map(({ serviceId, productName, externalId, status, nextDueDate }) => (
          <li key={serviceId}>
            {productName}{' '}
            <WhmcsLink
              billingId={customer?.billingId ?? ''}
              page={(area) => whmcsPages.service(area, customer?.externalId ?? '', externalId)}
              label={`Service ${externalId} in WHMCS`}
            >
              #{externalId}
            </WhmcsLink>{' '}
            is {status.toLowerCase()}: end it there, or it is billed on
            {nextDueDate !== null && (
              <>
                , next on <Day value={nextDueDate} unknown="—" />
              </>
            )}
            .
          </li>
        ))}
        {statementId !== undefined && (
          <li>
            {invoice?.state === 'drafted' ? (
              <>If it is not published yet, publish the drafted invoice of {statement} there.</>
            ) : (
              <>Draft the invoice of {statement} here, and publish it there.</>
            )}
          </li>
        )}
      </ul>
    </Note>
  );
}

/** Leads from the page of a customer that was cancelled here to that cancellation. */
export function useEndedCancellation(customerId: string, isCancelled: boolean) {
  const query = { customerId, state: 'finished' as const, limit: 1 };
  return useCall('offboarding.list', query, { enabled: isCancelled }).data?.rows[0];
}
