import { Button, Switch } from '@mantine/core';
import { IconPackage, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { plainRowMenu } from '../../../changes/operation/row-actions.tsx';
import { customerPartPath, customerPath, userPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError, ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import detail from '../../../kit/detail/detail.module.css';
import { DetailSection, Fact, Facts } from '../../../kit/detail/detail.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { CustomerPartPage, OpenSide, useClusterNames } from '../shared/customer-parts.tsx';
import classes from '../shared/customers.module.css';
import { UserChoice, useUserChoice } from '../shared/user-choice.tsx';
import { FixButton } from './drift-actions.tsx';
import { PlanForm } from './plan-form.tsx';
import { type Plan, planWords } from './plan-values.ts';

/** Service plans: versions of quota, limits and tariff, and who has them. */
export function PlansPage() {
  const [retired, setRetired] = useState(false);
  const [parameters, setParameters] = useSearchParams();
  const [creating, setCreating] = useState(false);
  const query = useCall('servicePlans.list', { retired });
  const plans = query.data ?? [];
  const openId = parameters.get('plan');
  const open = plans.find(({ id }) => id === openId);
  const show = (id: string) => setParameters({ plan: id });
  return (
    <CustomerPartPage
      title="Service plans"
      count={query.data?.length}
      primaryAction={
        <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
          Create plan
        </Button>
      }
    >
      <div className={classes.split}>
        <div className={classes.main}>
          <CallError call={query} />
          <div className={classes.tools}>
            <span className="oc-space" />
            <Switch size="xs" label="Show retired plans" {...ticked(retired, setRetired)} />
          </div>
          {query.data?.length === 0 ? (
            <EmptyState
              icon={IconPackage}
              title="No service plan yet"
              action={<Button onClick={() => setCreating(true)}>Create plan</Button>}
            >
              A plan is what you sell: a quota, rate limits and a tariff. Users that differ from
              theirs are listed under Plan drift.
            </EmptyState>
          ) : (
            <PlansTable plans={plans} openId={openId} onOpen={show} />
          )}
        </div>
        {open && <PlanDetail key={open.id} plan={open} />}
      </div>
      {creating && (
        <PlanForm plan={null} onSaved={({ id }) => show(id)} onClose={() => setCreating(false)} />
      )}
    </CustomerPartPage>
  );
}

const menu = plainRowMenu<Plan>({
  nameOf: ({ name }) => name,
  reading: ({ id, name }, connectionId) => ({
    path: `${customerPartPath(connectionId, 'plans')}?plan=${id}`,
    copies: { Name: name, 'Plan id': id },
    opens: { 'Show drift': `${customerPartPath(connectionId, 'drift')}?plan=${id}` },
  }),
});

function PlansTable(props: {
  plans: readonly Plan[];
  openId: string | null;
  onOpen(id: string): void;
}) {
  return (
    <PlainTable
      label="Service plans"
      rows={props.plans}
      rowKey={({ id }) => id}
      isOpen={({ id }) => id === props.openId}
      menu={menu}
      columns={[
        [
          'Name',
          ({ id, name, retired }) => (
            <>
              <button type="button" className="oc-link" onClick={() => props.onOpen(id)}>
                {name}
              </button>{' '}
              {retired && <StateBadge tone="idle">Retired</StateBadge>}
            </>
          ),
        ],
        ['Quota and limits', planWords],
        ['Users', ({ users }) => formatCount(users), 'figure'],
        ['Version', ({ version }) => version],
        [
          'Saved',
          ({ savedAt, savedBy }) => (
            <>
              <Time value={savedAt} as="age" /> by {savedBy}
            </>
          ),
        ],
      ]}
    />
  );
}

function PlanDetail({ plan }: { plan: Plan }) {
  const [dialog, setDialog] = useState<'edit' | 'assign' | null>(null);
  const holders = useCall('servicePlans.holders', { id: plan.id }).data;
  const close = () => setDialog(null);
  return (
    <OpenSide label={`Plan ${plan.name}`}>
      <h2 className="oc-heading">
        {plan.name}, version {plan.version}
      </h2>
      <p>{planWords(plan)}</p>
      <PlanFacts plan={plan} />
      <div className={`${classes.tools} ${classes.below}`}>
        <Button size="compact-sm" onClick={() => setDialog('edit')}>
          Edit
        </Button>
        <SmallButton onClick={() => setDialog('assign')}>Assign to user</SmallButton>
        {!plan.retired && <RetireButton plan={plan} />}
      </div>
      {holders?.length === 0 ? (
        <p className="oc-dimmed">No user has this plan yet.</p>
      ) : (
        <>
          <PlanDrift plan={plan} />
          <Holders plan={plan} />
        </>
      )}
      {dialog === 'edit' && <PlanForm plan={plan} onSaved={() => undefined} onClose={close} />}
      {dialog === 'assign' && <AssignDialog plan={plan} onClose={close} />}
    </OpenSide>
  );
}

function PlanDrift({ plan }: { plan: Plan }) {
  const cluster = useCluster();
  const clusterName = useClusterNames();
  const drift = useCall('servicePlans.drift', { id: plan.id, limit: 1 }).data;
  return (
    <DetailSection title="Drift">
      {drift?.total === 0 && <p className="oc-dimmed">No user differs from the plan.</p>}
      {drift && drift.total > 0 && (
        <>
          <p>
            <Link to={`${customerPartPath(cluster.id, 'drift')}?plan=${plan.id}`}>
              {formatCounted(drift.total, 'user')}
            </Link>{' '}
            {agreeing(drift.total, 'differs', 'differ')} from version {plan.version}.
          </p>
          {drift.clusters.map(({ connectionId }) => (
            <FixButton
              key={connectionId}
              of={{ connectionId, id: plan.id }}
              label={`Preview upgrade on ${clusterName(connectionId)}`}
            />
          ))}
        </>
      )}
    </DetailSection>
  );
}

function Holders({ plan }: { plan: Plan }) {
  const { data: holders = [], error } = useCall('servicePlans.holders', { id: plan.id });
  return (
    <DetailSection title="Holders" aside={formatCounted(holders.length, 'holder')}>
      {error && <ErrorPanel error={error} compact />}
      {holders.slice(0, mostHolders).map((holder) => (
        <HolderRow key={`${holder.name}/${holder.userId}`} holder={holder} />
      ))}
      {holders.length > mostHolders && (
        <p className="oc-dimmed">and {holders.length - mostHolders} more</p>
      )}
    </DetailSection>
  );
}

/** What a plan is sold as, billed by, and where its users are created. */
function PlanFacts({ plan }: { plan: Plan }) {
  const cluster = useCluster();
  const clusterName = useClusterNames();
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id }).data;
  const products = useCall('servicePlans.products', {}).data;
  const { tariffId, newUsers } = plan;
  const tariff = tariffs?.find((one) => one.tariffId === tariffId)?.name ?? 'of another cluster';
  const nameOf = (one: Plan['products'][number]) => {
    const known = products?.find(
      ({ billingId, productId }) => billingId === one.billingId && productId === one.productId,
    );
    return known ? `${known.name} (${one.productId})` : `Product id ${one.productId}`;
  };
  return (
    <Facts>
      <Fact name="Products">{plan.products.map(nameOf).join(', ') || 'None'}</Fact>
      <Fact name="Tariff">
        {tariffId === undefined
          ? 'None: users are billed only where their customer has a tariff'
          : tariffs && tariff}
      </Fact>
      <Fact name="Cluster of new users">
        {newUsers?.connectionId === undefined ? 'None' : clusterName(newUsers.connectionId)}
      </Fact>
      {newUsers?.accountName !== undefined && (
        <Fact name="Account of new users">{newUsers.accountName}</Fact>
      )}
    </Facts>
  );
}

const mostHolders = 100;

function HolderRow({ holder: row }: { holder: CallOutput<'servicePlans.holders'>[number] }) {
  const cluster = useCluster();
  const call = useConsole();
  const { holder, name, connectionId, userId, customerId, customerName } = row;
  return (
    <div className={detail.row}>
      <span
        className={`${detail.rowText} oc-truncate`}
        title={[name, customerName].filter(Boolean).join(', ')}
      >
        {connectionId !== null && userId !== null ? (
          <Link to={userPath(connectionId, userId)}>{name}</Link>
        ) : (
          name
        )}{' '}
        {customerId !== null && (
          <Link to={customerPath(cluster.id, customerId)} className="oc-dimmed">
            {customerName}
          </Link>
        )}
      </span>
      {holder === null ? (
        <span className="oc-dimmed">by its service</span>
      ) : (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={`Unassign ${name}`}
          onClick={() => void call('servicePlans.assign', { id: null, holder })}
        >
          Unassign
        </Button>
      )}
    </div>
  );
}

function RetireButton({ plan }: { plan: Plan }) {
  const call = useConsole();
  const open = () =>
    openDialog((close) => (
      <ConfirmDialog
        verb="Retire plan"
        subject={plan.name}
        destructive
        onClose={close}
        onConfirm={() => call('servicePlans.retire', { id: plan.id })}
      >
        <p className="oc-flush">
          The plan is taken off the list. Users and services that it was assigned to keep it; users
          that have it by their product have no plan from then on. Its versions stay on record.
        </p>
      </ConfirmDialog>
    ));
  return <SmallButton onClick={open}>Retire</SmallButton>;
}

/** Gives a user of any cluster a plan. Nothing is sent: where it differs, Plan drift shows it. */
function AssignDialog({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const call = useConsole();
  const choice = useUserChoice();
  const { connectionId, userId } = choice;
  return (
    <ConfirmDialog
      verb="Assign plan"
      subject={plan.name}
      disabled={userId === null}
      onConfirm={async () => {
        if (userId === null) return;
        await call('servicePlans.assign', { id: plan.id, holder: { connectionId, userId } });
      }}
      onClose={onClose}
    >
      <UserChoice choice={choice} />
    </ConfirmDialog>
  );
}
