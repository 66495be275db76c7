import { Button, Select, Switch } from '@mantine/core';
import { IconCircleCheck, IconHelpCircle, IconPackage, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { plainRowMenu } from '../../../changes/operation/row-actions.tsx';
import {
  clusterPath,
  customerPartPath,
  customerPath,
  journalPath,
  userPath,
  withParameters,
} from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton, SmallButton } from '../../../kit/components/buttons.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { ShowMore } from '../../../kit/components/show-more.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure } from '../../../kit/use-action.ts';
import { SearchField } from '../../../lists/list-page/list-toolbar.tsx';
import { CustomerName } from '../shared/customer-name.tsx';
import { CustomerPartPage, useClusterNames } from '../shared/customer-parts.tsx';
import classes from '../shared/customers.module.css';
import { ExceptionDialog, FixButton } from './drift-actions.tsx';
import { differenceWords } from './plan-values.ts';

type Drift = CallOutput<'servicePlans.drift'>;
type Row = Drift['rows'][number];

const firstRows = 50;
const moreRows = 500;

/** What the list is of, as its address says. */
function useDriftFilter() {
  const [parameters, setParameters] = useSearchParams();
  const of = (name: string) => parameters.get(name) ?? undefined;
  const filter = { id: of('plan'), connectionId: of('cluster'), search: of('q') };
  const set = (name: string, value: string | null) =>
    setParameters((before) => withParameters(before, { [name]: value }), { replace: true });
  const isSet = Object.values(filter).some((value) => value !== undefined);
  return { filter, set, isSet, clear: () => setParameters({}, { replace: true }) };
}

type FilterState = ReturnType<typeof useDriftFilter>;

/** Users of all clusters that differ from their plan: how, since when, why, and how to fix it. */
export function DriftPage() {
  const filters = useDriftFilter();
  const [excepted, setExcepted] = useState(false);
  const [limit, setLimit] = useState(firstRows);
  const query = useCall(
    'servicePlans.drift',
    { excepted, limit, ...filters.filter },
    { keepPrevious: true },
  );
  const drift = query.data;
  const plans = useCall('servicePlans.list', { retired: true }).data;
  return (
    <CustomerPartPage title="Plan drift" count={drift?.total}>
      <div className={classes.main}>
        <CallError call={query} />
        {drift && (
          <>
            <Filters
              {...{ drift, filters, excepted, onExcepted: setExcepted, plans: plans ?? [] }}
            />
            <Tools drift={drift} filters={filters} />
            {drift.total === 0 ? (
              <NoDrift drift={drift} filters={filters} hasPlans={plans?.length !== 0} />
            ) : (
              <Rows drift={drift} />
            )}
            <ShowMore
              {...{ shown: drift.rows.length, total: drift.total, step: moreRows }}
              rest="Search to list the others."
              onLimit={setLimit}
            />
          </>
        )}
        {!drift && !query.error && <p className="oc-dimmed">Comparing users with their plans…</p>}
      </div>
    </CustomerPartPage>
  );
}

function Filters(props: {
  drift: Drift;
  plans: CallOutput<'servicePlans.list'>;
  filters: FilterState;
  excepted: boolean;
  onExcepted(excepted: boolean): void;
}) {
  const { drift, plans, filters, excepted, onExcepted } = props;
  const { filter, set } = filters;
  const connections = useCall('connections.list', {}).data ?? [];
  return (
    <div className={classes.tools}>
      <SearchField
        placeholder="Search users and customers"
        address={{
          search: filter.search ?? '',
          setSearch: (search) => set('q', search),
        }}
      />
      <Select
        aria-label="Plan"
        placeholder="All plans"
        clearable
        searchable
        value={filter.id ?? null}
        onChange={(id) => set('plan', id)}
        data={plans.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Select
        aria-label="Cluster"
        placeholder="All clusters"
        clearable
        value={filter.connectionId ?? null}
        onChange={(id) => set('cluster', id)}
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <span className="oc-space" />
      <Switch
        size="xs"
        label={`Show exceptions (${drift.excepted})`}
        {...ticked(excepted, onExcepted)}
      />
    </div>
  );
}

function Tools({ drift, filters }: { drift: Drift; filters: FilterState }) {
  const cluster = useCluster();
  const clusterName = useClusterNames();
  if (drift.clusters.length === 0 && drift.unknown === 0) return null;
  return (
    <div className={classes.tools}>
      {drift.clusters.map(({ connectionId, users }) => (
        <FixButton
          key={connectionId}
          of={{ ...filters.filter, connectionId }}
          label={`Preview changes of ${formatCounted(users, 'user')} on ${clusterName(connectionId)}`}
        />
      ))}
      {drift.clusters.length > 1 && (
        <span className="oc-dimmed">Each cluster has its own run.</span>
      )}
      {drift.unknown > 0 && (
        <span className="oc-dimmed">
          Nothing was read yet of {formatCounted(drift.unknown, 'user')} with a plan. Load them on{' '}
          <Link to={clusterPath(cluster.id, 'limits')}>Limits & quotas</Link>.
        </span>
      )}
    </div>
  );
}

function NoDrift(props: { drift: Drift; filters: FilterState; hasPlans: boolean }) {
  const { drift, filters, hasPlans } = props;
  const cluster = useCluster();
  if (!hasPlans) {
    return (
      <EmptyState
        icon={IconPackage}
        title="No service plan yet"
        action={
          <Button component={Link} to={customerPartPath(cluster.id, 'plans')}>
            Open service plans
          </Button>
        }
      >
        Users are compared with the plan that they have.
      </EmptyState>
    );
  }
  if (filters.isSet) {
    return (
      <EmptyState
        icon={IconSearch}
        title="No results"
        action={<SecondaryButton onClick={filters.clear}>Clear filters</SecondaryButton>}
      >
        None of the users that differ from their plan matches the search and the filters.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={drift.unknown > 0 ? IconHelpCircle : IconCircleCheck}
      title={drift.unknown > 0 ? 'No difference found so far' : 'No user differs from its plan'}
    >
      {drift.excepted > 0
        ? `${formatCounted(drift.excepted, 'user')} may differ for now, by an exception.`
        : 'As far as quotas and limits were read.'}
    </EmptyState>
  );
}

const menu = plainRowMenu<Row>({
  nameOf: ({ email, userId }) => email || userId,
  reading: ({ connectionId, userId, email, customerId, planId, planName }, shownId) => ({
    path: userPath(connectionId, userId),
    copies: { 'E-mail': email, 'User id': userId, Plan: planName },
    opens: {
      'Open user': userPath(connectionId, userId),
      'Open customer': customerId === null ? null : customerPath(shownId, customerId),
      'Open plan': `${customerPartPath(shownId, 'plans')}?plan=${planId}`,
    },
  }),
});

function Rows({ drift }: { drift: Drift }) {
  const clusterName = useClusterNames();
  return (
    <PlainTable
      label="Users that differ from their plan"
      stacks
      rows={drift.rows}
      rowKey={({ connectionId, userId }) => `${connectionId}/${userId}`}
      menu={menu}
      columns={[
        [
          'User',
          ({ connectionId, userId, email }) => (
            <Link to={userPath(connectionId, userId)}>{email || userId}</Link>
          ),
        ],
        ['Customer', (row) => <HolderName row={row} />],
        [
          'Plan',
          ({ planName, version }) => (
            <>
              {planName} <span className="oc-dimmed">version {version}</span>
            </>
          ),
        ],
        [
          'Differs in',
          ({ differences }) =>
            differences.map((difference) => (
              <div key={difference.field} className={classes.differences}>
                {differenceWords(difference)}
              </div>
            )),
        ],
        ['Since', ({ since }) => <Since since={since} />],
        ['Why', (row) => <Cause row={row} />],
        ['Cluster', ({ connectionId }) => clusterName(connectionId)],
        ['Actions', (row) => <RowActions row={row} />, 'buttons'],
      ]}
    />
  );
}

function Since({ since: { at, is } }: { since: Row['since'] }) {
  const time = <Time value={at} as="age" />;
  if (is === 'exact') return time;
  return (
    <span className="oc-dimmed">
      {is === 'after' ? 'matched until' : 'unknown, before'} {time}
    </span>
  );
}

function HolderName({ row: { customerId, customerName } }: { row: Row }) {
  if (customerId === null) return <span className="oc-dimmed">none</span>;
  return <CustomerName customerId={customerId} customerName={customerName ?? ''} />;
}

function Cause({ row: { cause, given, since, version, exception, connectionId } }: { row: Row }) {
  return (
    <>
      {exception && (
        <div>
          <StateBadge tone={exception.ended ? 'warning' : 'information'}>
            {exceptionWords(exception)}
          </StateBadge>{' '}
          {exception.reason}, {exception.ended ? 'ended' : 'until'} <Time value={exception.until} />
        </div>
      )}
      {cause ? (
        <Link to={journalPath(connectionId, cause.journalId)}>
          {cause.title} by {cause.operator}, <Time value={cause.at} as="age" />
        </Link>
      ) : (
        !exception && (
          <span className="oc-dimmed">
            {given
              ? `${given.kind === 'version' ? `version ${version} saved` : 'plan assigned'} by ${given.by}; user not changed from here since`
              : `user changed elsewhere${since.is === 'after' ? '' : ', or before the plan was assigned'}`}
          </span>
        )
      )}
    </>
  );
}

function exceptionWords({ raised, ended }: NonNullable<Row['exception']>): string {
  if (raised) return ended ? 'Overdue to be put back' : 'Raised for now';
  return ended ? 'Exception ended' : 'Exception';
}

function RowActions({ row }: { row: Row }) {
  const call = useConsole();
  const [asking, setAsking] = useState(false);
  const { connectionId, userId, email, exception } = row;
  const name = email || userId;
  const end = () => call('servicePlans.endException', { connectionId, userId }).catch(showFailure);
  return (
    <div className={classes.rowActions}>
      {exception && !exception.ended && !exception.raised ? (
        <SmallButton aria-label={`End exception of ${name}`} onClick={() => void end()}>
          End exception
        </SmallButton>
      ) : (
        <SmallButton aria-label={`Exception… for ${name}`} onClick={() => setAsking(true)}>
          Exception…
        </SmallButton>
      )}
      <FixButton of={{ connectionId, userIds: [userId] }} label="Preview fix" />
      {asking && <ExceptionDialog user={row} onClose={() => setAsking(false)} />}
    </div>
  );
}
