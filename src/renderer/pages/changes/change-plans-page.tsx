import { IconClipboardList } from '@tabler/icons-react';
import { useNavigate } from 'react-router';
import { compareNames } from '#shared/collation-key.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { OpenFileButton } from '../../changes/bulk/open-file.tsx';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { comparisonWords } from '../../changes/plans/comparison-words.ts';
import { changesPath, clusterPath, keptPlanPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { TermHelp } from '../../kit/components/term-help.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { showFailure } from '../../kit/use-action.ts';
import {
  countColumn,
  customColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn, ListSort } from '../../lists/table/columns.ts';
import { LocalTable } from '../../lists/table/local-table.tsx';
import { RowLink } from '../../lists/table/row-link.tsx';
import { outcomeWords, planStanding } from './plan-words.tsx';
import { StandingBadge } from './run-words.tsx';

type KeptPlan = CallOutput<'plans.list'>[number];

const columns: readonly DataColumn<KeptPlan>[] = [
  textColumn('name', 'Plan', {
    width: 190,
    grow: true,
    sorts: true,
    cell: (plan) => <PlanName plan={plan} />,
  }),
  customColumn('state', 'State', {
    width: 112,
    cell: (plan) => <StandingBadge standing={planStanding(plan)} />,
  }),
  countColumn('changes', 'Changes', { width: 84, sorts: true }),
  customColumn('comparison', 'Compared or applied', {
    width: 210,
    cell: ({ comparison, run }) => {
      if (comparison) return comparisonWords([comparison]);
      return run ? outcomeWords(run) : <span className="oc-faint">not yet</span>;
    },
  }),
  timeColumn('changedAt', 'Changed', { sorts: true }),
  textColumn('createdBy', 'By', { width: 90 }),
  textColumn('note', 'Note', { width: 160, grow: true }),
];

const columnsWithMenu = withRowMenu(columns, {
  nameOf: ({ name }) => name,
  reading: ({ planId, name, note }, connectionId) => ({
    path: keptPlanPath(connectionId, planId),
    copies: { Name: name, Note: note, 'Plan id': planId },
  }),
});

function PlanName({ plan }: { plan: KeptPlan }) {
  const cluster = useCluster();
  return (
    <RowLink to={keptPlanPath(cluster.id, plan.planId)} words={plan.name}>
      {plan.name}
    </RowLink>
  );
}

function sorted(plans: readonly KeptPlan[], { by, descending }: ListSort): readonly KeptPlan[] {
  const value = (plan: KeptPlan) => plan[by as 'name' | 'changes' | 'changedAt'];
  const one = plans.toSorted((left, right) =>
    typeof left.changes === 'number' && by === 'changes'
      ? left.changes - right.changes
      : compareNames(String(value(left)), String(value(right))),
  );
  return descending ? one.toReversed() : one;
}

/** The change plans kept for the cluster: made offline, or for later. */
export function ChangePlansPage() {
  const call = useConsole();
  const cluster = useCluster();
  const navigate = useNavigate();
  const query = useCall('plans.list', { connectionId: cluster.id });
  const plans = query.data;
  const open = ({ planId }: { planId: string }) => navigate(keptPlanPath(cluster.id, planId));
  const keep = async (content: string) => {
    try {
      open(await call('plans.import', { connectionId: cluster.id, content }));
    } catch (thrown) {
      showFailure(thrown);
    }
  };
  const importButton = (
    <OpenFileButton
      label="Import a plan"
      accept=".ostorplan,.json,application/json"
      onOpen={({ text }) => void keep(text)}
    />
  );
  return (
    <div className="oc-page">
      <PageBar
        title="Change plans"
        count={plans?.length ?? null}
        before={<BackLink to={changesPath(cluster.id)}>Bulk changes</BackLink>}
        primaryAction={
          <>
            <TermHelp term="changePlan" />
            {importButton}
          </>
        }
      />
      {query.error && (
        <div className="oc-state">
          <CallError call={query} />
        </div>
      )}
      {plans?.length === 0 && (
        <div className="oc-state">
          <EmptyState
            icon={IconClipboardList}
            title="No change plans yet"
            action={
              <SecondaryButton onClick={() => navigate(clusterPath(cluster.id, 'users'))}>
                Open users
              </SecondaryButton>
            }
          >
            Press “Add to plan” in the menu of a row or in the dialog of a change. While the gateway
            can’t be reached, every change is added to a plan and applied later.
          </EmptyState>
        </div>
      )}
      {plans && plans.length > 0 && (
        <LocalTable
          tableId="change-plans"
          label="Change plans"
          rows={plans}
          columns={columnsWithMenu}
          rowId={({ planId }) => planId}
          defaultSort={{ by: 'changedAt', descending: true }}
          sorted={sorted}
          onOpen={open}
        />
      )}
    </div>
  );
}
