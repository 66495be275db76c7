import { notifications } from '@mantine/notifications';
import { IconDownload, IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { plainRowMenu } from '../../../changes/operation/row-actions.tsx';
import {
  type IssuedRow,
  IssuedState,
  issuedMenu,
  Period,
} from '../../../changes/statements/issued-statement.tsx';
import { clusterPath, customerPartPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatMoney, signedMoney } from '../../../kit/components/format.ts';
import { GuardedButton } from '../../../kit/components/guarded-button.tsx';
import { type PlainColumn, PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../../kit/use-action.ts';
import { saveExport } from '../../../lists/table/export-csv.ts';
import { CustomerWords } from '../shared/customer-name.tsx';
import { CustomerPartPage, OpenSide } from '../shared/customer-parts.tsx';
import classes from '../shared/customers.module.css';
import { IssueMonthButton, MonthIssued, NothingToIssue, useRunOf } from './issue-month.tsx';
import { MakeStatement, useMaking } from './make-statement.tsx';
import type { Month } from './months.ts';
import {
  MonthSelect,
  NothingListed,
  type RegisterFilter,
  RegisterTools,
  useRegister,
  useRegisterFilter,
} from './register-filter.tsx';
import { StatementDetail } from './statement-detail.tsx';

const firstRows = 100;
const moreRows = 300;

/** Statements of customers: make, hold, issue, the register, and what has changed since. */
export function CustomerStatementsPage() {
  const [limit, setLimit] = useState(firstRows);
  const of = useRegisterFilter();
  const { parameters, month, filter } = of;
  const query = useRegister('statements.issued', { limit, ...filter });
  const openId = parameters.get('open');
  const cluster = useCluster();
  const open = (statementId: string) => of.set({ open: statementId });
  const issuing = useRunOf(month)?.endedAt === null;
  if (!month) return null;
  return (
    <CustomerPartPage title="Statements" count={query.data?.total || undefined}>
      <div className={classes.split}>
        <div className={classes.main}>
          <p className="oc-caption">
            One statement for each customer, over all its users and clusters: this is what is
            invoiced. Users that belong to no customer are billed under{' '}
            <Link to={clusterPath(cluster.id, 'usage/statements')}>Usage, Statements</Link>.
          </p>
          <Tools month={month} of={of} onIssued={open} />
          <NothingToIssue month={month} />
          <MonthIssued month={month} />
          <RegisterTools of={of} placeholder="Search numbers and customers" />
          <CallError call={query} />
          {query.data?.total === 0 && !query.isFetching && !issuing && <NoStatement of={of} />}
          {query.data && query.data.total > 0 && (
            <Register
              rows={query.data.rows}
              openId={openId}
              compact={openId !== null}
              onOpen={open}
            />
          )}
          {query.data && (
            <ShowMore
              {...{ shown: query.data.rows.length, total: query.data.total, step: moreRows }}
              rest="Search, or select a month, to list the others."
              onLimit={setLimit}
            />
          )}
          {!query.data?.total && query.isFetching && (
            <p className="oc-dimmed">Comparing with the archives…</p>
          )}
        </div>
        {openId !== null && (
          <OpenSide key={openId} label="Issued statement">
            <StatementDetail statementId={openId} />
          </OpenSide>
        )}
      </div>
    </CustomerPartPage>
  );
}

function NoStatement({ of }: { of: RegisterFilter }) {
  return (
    <NothingListed
      {...{ of, what: 'statement', icon: IconReceipt }}
      none="No statement of a customer issued"
      noneOf={(month) => `No statement issued for ${month}`}
    >
      An issued statement gets a number and never changes. What arrives later is shown here as a
      difference, and issued as a correction.
    </NothingListed>
  );
}

function Tools(props: { month: Month; of: RegisterFilter; onIssued(statementId: string): void }) {
  const { month, of } = props;
  const { making, start, setMaking } = useMaking();
  return (
    <div className={classes.tools}>
      <MonthSelect of={of} />
      <IssueMonthButton month={month} />
      <GuardedButton variant="default" reason={month.notYet} onClick={() => start()}>
        Make statement…
      </GuardedButton>
      <DownloadMonth month={month} />
      {making !== null && month.notYet === null && (
        <MakeStatement
          month={month}
          making={making}
          onSelect={setMaking}
          onIssued={props.onIssued}
          onClose={() => setMaking(null)}
        />
      )}
    </div>
  );
}

function DownloadMonth({ month }: { month: Month }) {
  const { from, to, label } = month;
  // as the zip counts them: those of cancellations that end within the month too
  const within = { from, to };
  const issued = useCall('statements.issued', { within, compare: false, limit: 1 }).data;
  const call = useConsole();
  const { running: busy, run } = useAction(showFailure);
  const download = () =>
    run(async () => {
      const formats: ('pdf' | 'csv')[] = ['pdf', 'csv'];
      const file = await call('statements.exportAll', { from, to, formats });
      saveExport(file);
      notifications.show({ message: `Exported to ${file.fileName}.` });
    });
  return (
    <GuardedButton
      variant="default"
      loading={busy}
      leftSection={<IconDownload size={14} />}
      reason={issued?.total === 0 ? `No statement of ${label} is issued yet.` : null}
      onClick={() => void download()}
    >
      Download month (zip)
    </GuardedButton>
  );
}

const menu = plainRowMenu(
  issuedMenu(
    ({ statementId }, connectionId) =>
      `${customerPartPath(connectionId, 'statements')}?open=${statementId}`,
  ),
);

export function Register(props: {
  rows: readonly IssuedRow[];
  openId: string | null;
  /** All are of one customer, whose page it is. */
  ofOne?: boolean;
  /** There is little room: without what the statement says itself once it is open. */
  compact?: boolean;
  onOpen(statementId: string): void;
}) {
  const { compact = false } = props;
  const customer: PlainColumn<IssuedRow> = [
    'Customer',
    ({ customerId, customerName = '' }) => <CustomerWords {...{ customerId, customerName }} />,
  ];
  const difference: PlainColumn<IssuedRow> = [
    'Difference',
    ({ change, currency, minorDigits }) =>
      change?.changed && signedMoney(change.difference, currency, minorDigits),
    'figure',
  ];
  const issued: PlainColumn<IssuedRow> = [
    'Issued',
    ({ issuedAt, issuedBy }) => (
      <>
        <Time value={issuedAt} as="age" /> by {issuedBy}
      </>
    ),
  ];
  const hasDifference = !compact || props.rows.some(({ change }) => change?.changed);
  return (
    <PlainTable
      label="Issued statements"
      stacks
      rows={props.rows}
      rowKey={({ statementId }) => statementId}
      isOpen={({ statementId }) => statementId === props.openId}
      menu={menu}
      columns={[
        [
          'Number',
          ({ statementId, number }) => (
            <button
              type="button"
              className="oc-link oc-number"
              onClick={() => props.onOpen(statementId)}
            >
              {number}
            </button>
          ),
        ],
        ...(props.ofOne ? [] : [customer]),
        ['Period', ({ from, to }) => <Period from={from} to={to} />],
        [
          'Total',
          ({ total, currency, minorDigits }) => formatMoney(total, currency, minorDigits),
          'figure',
        ],
        ['State', (row) => <IssuedState row={row} />],
        ...(hasDifference ? [difference] : []),
        ...(compact ? [] : [issued]),
      ]}
    />
  );
}
