import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { offboardingStepName } from '#shared/contract/offboarding.ts';
import { clusterPath, customerPath, offboardingPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import {
  ChainCheckButton,
  ChainCheckStrip,
  useChainCheck,
} from '../../kit/components/chain-check.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { ShowMore } from '../../kit/components/show-more.tsx';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import classes from '../../kit/detail/detail.module.css';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { stepTitles } from './cancellation-step.tsx';
import { CustomerPartPage } from './shared/customer-parts.tsx';
import shared from './shared/customers.module.css';

type Row = CallOutput<'customers.journal'>['rows'][number];

const actions: Readonly<Record<string, string>> = {
  'billing.save': 'Change guards of billing system',
  'billing.unlock': 'Unlock billing system',
  'billing.lock': 'Lock billing system',
  'billing.pinAlarm': 'Certificate differs from the pinned one',
  'customers.map': 'Map user',
  'customers.unmap': 'Unmap user',
  'customers.setTariff': 'Set tariff',
  'customers.setNotBilled': 'Mark as not billed',
  'customers.billAgain': 'Bill again',
  'servicePlans.assign': 'Assign plan',
  'servicePlans.unassign': 'Unassign plan',
  'servicePlans.except': 'Allow exception from plan',
  'servicePlans.endException': 'End exception from plan',
  'statements.issue': 'Issue statement',
  'statements.acceptHeld': 'Accept line held back',
  'statements.withdrawHeld': 'Withdraw acceptance',
  'statements.takeBack': 'Take back billed user',
  'invoices.draft': 'Draft invoice',
  'invoices.addItems': 'Add billable item',
  'invoices.sendUsage': 'Write usage',
  'onboarding.start': 'Onboard user',
  'onboarding.writeBack': 'Write to WHMCS',
  'offboarding.open': 'Begin cancellation',
  'offboarding.cancel': 'Stop cancellation',
};

/** What was written back: the user id in a field of the service, or a note of the client. */
const writtenKinds: Readonly<Record<string, string>> = {
  field: 'Write user id to service',
  note: 'Add note to client',
};

const results: Readonly<Record<Row['result'], readonly [word: string, tone: StateTone]>> = {
  intent: ['Begun', 'idle'],
  done: ['Done', 'good'],
  failed: ['Failed', 'bad'],
  unknown: ['Outcome unknown', 'warning'],
};

/** Details of a record, each with its label. */
const named = [
  ['billing', ''],
  ['plan', 'plan '],
  ['statement', ''],
  ['since', 'since '],
  ['invoiceId', '#'],
  ['itemId', 'item '],
  ['description', ''],
  ['after', ''],
  ['words', ''],
  ['reason', ''],
  ['ticket', 'ticket '],
  ['problem', ''],
] as const;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

type Tariffs = CallOutput<'tariffs.list'> | undefined;

function tariffWords(tariffId: unknown, tariffs: Tariffs): string | null {
  if (tariffId === null) return 'that of the plan';
  if (tariffId === undefined || !tariffs) return null;
  return tariffs.find((tariff) => tariff.tariffId === tariffId)?.name ?? 'one of another cluster';
}

/** @param tariffs of the cluster on screen; nothing is said of a tariff while they are read */
function aboutOf(row: Row, tariffs: Tariffs): string {
  const { details, userEmail, serviceName } = row;
  const { email, userId, tariffId } = details;
  const names = [
    textOf(email) ?? textOf(userEmail) ?? textOf(userId),
    textOf(serviceName),
    tariffWords(tariffId, tariffs),
  ];
  const others = named.map(([name, before]) => {
    const text = textOf(details[name]);
    return text === null ? null : `${before}${text}`;
  });
  return [...names, ...others].filter((part) => part !== null).join(', ');
}

/** What was done; of a cancellation, the way to it. */
function Action({ row: { action, details } }: { row: Row }) {
  const cluster = useCluster();
  const step = offboardingStepName.safeParse(details.step).data;
  const written =
    action === 'onboarding.writeBack' ? writtenKinds[String(details.kind)] : undefined;
  const word = (step && stepTitles[step].name) ?? written ?? actions[action] ?? action;
  const { offboardingId } = details;
  if (typeof offboardingId !== 'string') return word;
  return <Link to={offboardingPath(cluster.id, offboardingId)}>{word}</Link>;
}

const firstRows = 8;
const moreRows = 200;

/** What was about to be done, and how it ended: while that is on record, the first says nothing more. */
function withoutEnded(rows: readonly Row[]): Row[] {
  const ended = new Set<string>();
  return rows.filter(({ action, result, customerId, details }) => {
    const { statementId, line, serviceId, kind } = details;
    const work = JSON.stringify([action, customerId, statementId, line, serviceId, kind]);
    if (result !== 'intent') ended.add(work);
    return result !== 'intent' || !ended.has(work);
  });
}

/**
 * Shows this console's changes of customers and calls to their billing systems, newest first.
 * @param props.customerId whose; omitted: of all customers, each named
 * @param props.first how many at first
 */
export function CustomerHistory({
  customerId,
  first = firstRows,
}: {
  customerId?: string;
  first?: number;
}) {
  const [limit, setLimit] = useState(first);
  const of = customerId === undefined ? {} : { customerId };
  const query = useCall('customers.journal', { ...of, limit }, { keepPrevious: true });
  const { id: connectionId } = useCluster();
  const tariffs = useCall('tariffs.list', { connectionId }).data;
  if (!query.data) return <CallError call={query} compact />;
  const { rows, total } = query.data;
  if (total === 0) return <p className="oc-dimmed">This console has not changed anything yet.</p>;
  return (
    <>
      <CallError call={query} compact />
      {withoutEnded(rows).map((row) => {
        const [word, tone] = results[row.result];
        const about = aboutOf(row, tariffs);
        return (
          <div key={row.recordId} className={classes.row}>
            <span className={`${classes.rowText} oc-truncate`} title={about}>
              <Action row={row} /> <span className="oc-dimmed">{about}</span>
            </span>
            {customerId === undefined && row.customerId !== null && (
              <Link to={customerPath(connectionId, row.customerId)}>
                {row.customerName ?? row.customerId}
              </Link>
            )}
            <StateBadge tone={tone}>{word}</StateBadge>
            <span className="oc-dimmed">{row.operator}</span>
            <Time value={row.at} as="age" />
          </div>
        );
      })}
      <ShowMore
        {...{ shown: rows.length, total, step: moreRows, onLimit: setLimit }}
        rest="Older records are kept, but not shown here."
      />
    </>
  );
}

/** What was done with customers, plans, statements and invoices, and by whom. Nothing in it changes. */
export function CustomersHistoryPage() {
  const cluster = useCluster();
  const call = useConsole();
  const check = useChainCheck(() => call('customers.verifyJournal', {}));
  return (
    <CustomerPartPage title="History" primaryAction={<ChainCheckButton check={check} />}>
      <ChainCheckStrip check={check} of="history" />
      <div className={shared.main}>
        <p className="oc-dimmed">
          What was done with customers and sent to billing systems, on all clusters. Changes on this
          cluster are in its <Link to={clusterPath(cluster.id, 'journal')}>journal</Link>.{' '}
          <b>Verify</b> checks that nobody changed a record, an issued statement or a version of a
          plan.
        </p>
        <CustomerHistory first={100} />
      </div>
    </CustomerPartPage>
  );
}
