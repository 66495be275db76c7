import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import classes from '../../changes/bulk/bulk.module.css';
import { PrepareProgress, usePrepare } from '../../changes/bulk/prepare-progress.tsx';
import { downloadPlan } from '../../changes/bulk/save-plan.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { Differences } from '../../changes/operation/write-failure.tsx';
import { comparisonWords } from '../../changes/plans/comparison-words.ts';
import { PlanNameFields } from '../../changes/plans/plan-fields.tsx';
import { plansPath, runPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { GuardedButton, useWriteGuard } from '../../kit/components/guarded-button.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { Time } from '../../kit/components/time.tsx';
import detail from '../../kit/detail/detail.module.css';
import { DetailSection, Fact, Facts } from '../../kit/detail/detail.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { customColumn } from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { PlanRows } from './change-rows.tsx';
import { planRowActions, usePlanEditor } from './plan-row-actions.tsx';
import { OtherAddress, outcomeWords, type PlanRow, rowComparison } from './plan-words.tsx';
import { changeMenu, planColumns } from './run-columns.tsx';
import { StandingBadge } from './run-words.tsx';

type KeptPlan = CallOutput<'plans.list'>[number];

/** One change plan that is kept for the cluster: its changes, edited here, compared and applied. */
export function KeptPlanPage() {
  const { planId = '' } = useParams();
  const cluster = useCluster();
  const query = useCall('plans.list', { connectionId: cluster.id });
  const plan = query.data?.find((one) => one.planId === planId);
  const back = <BackLink to={plansPath(cluster.id)}>Change plans</BackLink>;
  if (!plan) {
    return (
      <>
        <PageBar title="Change plan" before={back} />
        <div className="oc-state">
          <CallError call={query} />
          {query.data && 'This plan no longer exists; it may have been deleted.'}
        </div>
      </>
    );
  }
  return (
    <div className="oc-page">
      <PageBar
        title={plan.name}
        count={plan.changes}
        before={back}
        primaryAction={<PlanMenu key={plan.planId} plan={plan} />}
      />
      <PlanHead key={`head-${plan.planId}`} plan={plan} />
      <KeptRows planId={plan.planId} />
    </div>
  );
}

function EditPlanDialog({ plan, onClose }: { plan: KeptPlan; onClose(): void }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [text, setText] = useState({ name: plan.name, note: plan.note ?? '' });
  const [name, note] = [text.name.trim(), text.note.trim()];
  const save = () =>
    call('plans.edit', {
      connectionId,
      planId: plan.planId,
      name,
      note: note === '' ? null : note,
    });
  return (
    <ConfirmDialog
      verb="Save"
      title="Name and note"
      disabled={name === ''}
      onConfirm={save}
      onClose={onClose}
    >
      <PlanNameFields value={text} noteLabel="Note" onChange={setText} />
    </ConfirmDialog>
  );
}

/** Actions on the plan itself; all are in the palette too. */
function PlanMenu({ plan }: { plan: KeptPlan }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const navigate = useNavigate();
  const { planId, name } = plan;
  const exportPlan = async () => {
    try {
      downloadPlan(await call('plans.export', { connectionId, planId }));
    } catch (thrown) {
      showFailure(thrown);
    }
  };
  const remove = async () => {
    await call('plans.delete', { connectionId, planId });
    navigate(plansPath(connectionId), { replace: true });
  };
  const entries = [
    {
      id: 'plans.edit',
      label: 'Name and note',
      start: () => openDialog((close) => <EditPlanDialog plan={plan} onClose={close} />),
    },
    { id: 'plans.export', label: 'Export plan', start: () => void exportPlan() },
    {
      id: 'plans.delete',
      label: 'Delete plan',
      start: () =>
        openDialog((close) => (
          <ConfirmDialog
            verb="Delete plan"
            subject={name}
            destructive
            onConfirm={remove}
            onClose={close}
          >
            Its {formatCounted(plan.changes, 'change')} {agreeing(plan.changes, 'is', 'are')} not
            sent. What a run of it did stays in the journal.
          </ConfirmDialog>
        )),
    },
  ];
  useOfferOnScreen(() =>
    entries.map(({ id, label, start }) => ({
      id,
      label: `${label}: ${name}`,
      reason: null,
      start,
    })),
  );
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size={30} variant="default" aria-label="Actions on the plan">
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {entries.map(({ id, label, start }) => (
          <Menu.Item
            key={id}
            onClick={start}
            {...(id === 'plans.delete' ? { color: 'var(--oc-bad)' } : {})}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function PlanHead({ plan }: { plan: KeptPlan }) {
  const call = useConsole();
  const cluster = useCluster();
  const guard = useWriteGuard();
  const prepare = usePrepare();
  const comparing = useAction();
  const { planId, comparison } = plan;
  const compare = () =>
    comparing.run(() => call('plans.compare', { connectionId: cluster.id, planId }));
  const apply = () => prepare.fromKeptPlan(planId);
  const offline = guard.unreachable ? guard.reason : null;
  const reason = plan.changes === 0 ? 'The plan has no changes.' : offline;
  const running = plan.run?.state === 'running' ? 'The plan is being applied.' : null;
  // a run that was reversed leaves changes that apply again
  const undone = comparison ? plan.changes - comparison.done : plan.left;
  const done = plan.run && undone === 0 ? 'All its changes were applied.' : null;
  const applyReason = reason ?? running ?? done;
  const busy = prepare.running || comparing.running;
  useOfferOnScreen(() => [
    {
      id: 'plans.compare',
      label: `Compare plan ${plan.name}`,
      reason,
      start: () => void compare(),
    },
    {
      id: 'plans.apply',
      label: `Apply plan ${plan.name}`,
      reason: applyReason,
      start: () => void apply(),
    },
  ]);
  return (
    <div className={classes.planHead}>
      {plan.note !== null && <p className={classes.note}>{plan.note}</p>}
      <Facts>
        <Fact name="Changes">{`${formatCounted(plan.changes, 'change')} of ${formatCounted(plan.tenants, 'target')}`}</Fact>
        <Fact name="Made">
          <Time value={plan.createdAt} /> by {plan.createdBy}
        </Fact>
        <Fact name="Compared">
          {comparison ? (
            <span>
              {comparisonWords([comparison])} · <Time value={comparison.at} as="age" />
            </span>
          ) : plan.run ? (
            'not since it was applied'
          ) : (
            'not yet'
          )}
        </Fact>
        {plan.run && plan.runId !== null && (
          <Fact name="Applied">
            <span>
              {plan.run.endedAt && (
                <>
                  <Time value={plan.run.endedAt} />:{' '}
                </>
              )}
              {outcomeWords(plan.run)} ·{' '}
              <Link to={runPath(cluster.id, plan.runId)}>
                Open the run, where it can be reversed
              </Link>
            </span>
          </Fact>
        )}
      </Facts>
      {!plan.sameCluster && <OtherAddress endpoint={plan.endpoint} act="Apply" />}
      <PrepareProgress state={prepare} />
      {(prepare.error ?? comparing.error) && (
        <ErrorPanel error={(prepare.error ?? comparing.error) as never} compact />
      )}
      <div className="oc-wrap-row">
        {!running && !done && (
          <GuardedButton
            loading={prepare.running}
            reason={reason}
            hint="Reads every target and previews the run; nothing is sent before you start it."
            onClick={() => void apply()}
          >
            {plan.run ? 'Preview and apply the rest' : 'Preview and apply'}
          </GuardedButton>
        )}
        <GuardedButton
          variant="default"
          loading={comparing.running}
          reason={reason}
          hint="Reads every target; sends no change."
          onClick={() => void compare()}
        >
          Compare with the cluster
        </GuardedButton>
        {prepare.running && <SecondaryButton onClick={prepare.cancel}>Cancel</SecondaryButton>}
        <span className="oc-hint" role="status">
          {busy
            ? 'Reading the targets.'
            : offline
              ? 'Compared once the gateway answers again.'
              : ''}
        </span>
      </div>
    </div>
  );
}

const ownColumns: readonly DataColumn<PlanRow>[] = [
  customColumn('standing', 'Compared', {
    width: 120,
    cell: (row) => <StandingBadge standing={rowComparison(row)} />,
    csv: (row) => rowComparison(row).word,
  }),
  customColumn('comment', 'Comment', {
    width: 180,
    grow: true,
    cell: ({ comment }) => <span title={comment ?? undefined}>{comment}</span>,
    csv: ({ comment }) => comment ?? '',
  }),
];

function KeptRows({ planId }: { planId: string }) {
  const { id: connectionId } = useCluster();
  const { call } = usePlanEditor(planId);
  const columns = useMemo(
    () =>
      withRowMenu<PlanRow>([...(planColumns as readonly DataColumn<PlanRow>[]), ...ownColumns], {
        ...changeMenu,
        actions: planRowActions({ planId, connectionId, call }),
      }),
    [planId, connectionId, call],
  );
  return (
    <PlanRows
      planId={planId}
      tableId="kept-plan"
      columns={columns}
      rowId={({ rowId, row }) => String(rowId ?? row)}
      above={(row) => <Drift row={row} />}
    />
  );
}

/** What was seen when a change was planned, and what is there now, where both differ. */
function Drift({ row }: { row: PlanRow }) {
  return (
    <>
      {row.standing === 'drifted' && (
        <DetailSection title="Seen then and now">
          <Differences list={row.error?.details?.differences} words={['planned on', 'now']} />
          <p className={detail.note}>
            Use current values in the row’s menu to plan it on what is there now, or remove it.
          </p>
        </DetailSection>
      )}
      {row.comment && (
        <DetailSection title="Comment">
          <p className={detail.note}>{row.comment}</p>
        </DetailSection>
      )}
    </>
  );
}
