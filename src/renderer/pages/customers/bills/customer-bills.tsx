import { Select } from '@mantine/core';
import { useNavigate } from 'react-router';
import { customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { DetailSection } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure } from '../../../kit/use-action.ts';
import type { Customer } from '../shared/columns.tsx';
import classes from '../shared/customers.module.css';
import { InvoicesTable } from './invoices-page.tsx';
import { MakeStatement, useMaking } from './make-statement.tsx';
import { lastMonths } from './months.ts';
import { Register } from './statements-page.tsx';

/** The tariff, statements and draft invoices of a customer. */
export function CustomerBills({ customer }: { customer: Customer }) {
  const cluster = useCluster();
  const navigate = useNavigate();
  const { customerId, company, name } = customer;
  const { making, start, setMaking } = useMaking();
  const statements = useCall('statements.issued', { customerId, limit: 24 }).data;
  const invoices = useCall('invoices.list', { customerId, limit: 24 }).data;
  const open = (statementId: string) =>
    navigate(`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`);
  const [month] = lastMonths(new Date());
  const isIssued = statements?.rows.some(
    ({ from, to }) => from === month?.from && to === month?.to,
  );
  return (
    <>
      <DetailSection title="Statements">
        <div className={classes.tools}>
          <OwnTariff customer={customer} />
          {statements && !isIssued && (
            <SmallButton onClick={() => start(customerId)}>
              Make statement for {month?.label}
            </SmallButton>
          )}
        </div>
        {statements?.total === 0 && <p className="oc-dimmed">None issued yet.</p>}
        {statements && statements.total > 0 && (
          <Register ofOne compact rows={statements.rows} openId={null} onOpen={open} />
        )}
      </DetailSection>
      <DetailSection title="Invoices">
        {invoices?.total === 0 && <p className="oc-dimmed">None drafted yet.</p>}
        {invoices && invoices.total > 0 && <InvoicesTable compact rows={invoices.rows} />}
      </DetailSection>
      {making === customerId && month && (
        <MakeStatement
          month={month}
          making={making}
          name={company || name}
          onIssued={() => undefined}
          onClose={() => setMaking(null)}
        />
      )}
    </>
  );
}

/** The customer's own tariff, which comes before that of its plan. */
function OwnTariff({ customer: { customerId, tariffId } }: { customer: Customer }) {
  const cluster = useCluster();
  const call = useConsole();
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id }).data ?? [];
  const known = tariffs.map((tariff) => ({ value: tariff.tariffId, label: tariff.name }));
  const isElsewhere = tariffId !== null && known.every(({ value }) => value !== tariffId);
  const set = (next: string | null) =>
    call('customers.setTariff', { customerId, tariffId: next }).catch(showFailure);
  return (
    <Select
      label="Own tariff"
      placeholder="That of the plan"
      clearable
      w={220}
      data={isElsewhere ? [...known, { value: tariffId, label: 'of another cluster' }] : known}
      value={tariffId}
      onChange={(next) => void set(next)}
    />
  );
}
