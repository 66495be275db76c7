import { Button } from '@mantine/core';
import {
  IconClipboardList,
  IconFileImport,
  IconListCheck,
  IconTablePlus,
} from '@tabler/icons-react';
import { Link, useNavigate } from 'react-router';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { withRowMenu } from '../../changes/operation/row-actions.tsx';
import { newChangesPath, planPath, plansPath, runPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { PagedTable } from '../../lists/list-page/paged-table.tsx';
import {
  countColumn,
  customColumn,
  figureColumn,
  textColumn,
  timeColumn,
} from '../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../lists/table/columns.ts';
import { RowLink } from '../../lists/table/row-link.tsx';
import { usePagedRows } from '../../lists/table/use-paged-rows.ts';
import { rowsLeft, runStanding, StandingBadge } from './run-words.tsx';

const counted = (value: number | undefined) =>
  value ? formatCount(value) : <span className="oc-faint">0</span>;

function Title({ run }: { run: BulkRun }) {
  const cluster = useCluster();
  return (
    <RowLink to={runPath(cluster.id, run.runId)} words={run.title}>
      {run.title}
    </RowLink>
  );
}

const columns: readonly DataColumn<BulkRun>[] = [
  customColumn('title', 'Change', { width: 200, grow: true, cell: (run) => <Title run={run} /> }),
  customColumn('state', 'State', {
    width: 112,
    cell: (run) => <StandingBadge standing={runStanding(run)} />,
  }),
  timeColumn('createdAt', 'Previewed', { width: 140 }),
  countColumn('total', 'Rows', { width: 64 }),
  figureColumn('verified', 'Verified', {
    width: 74,
    cell: ({ counts }) => counted(counts.verified),
  }),
  figureColumn('sent', 'Not confirmed', { width: 104, cell: ({ counts }) => counted(counts.sent) }),
  figureColumn('failed', 'Failed', { width: 62, cell: ({ counts }) => counted(counts.failed) }),
  figureColumn('left', 'To do', { width: 62, cell: (run) => counted(rowsLeft(run)) }),
  textColumn('createdBy', 'By', { width: 110 }),
];

const columnsWithMenu = withRowMenu(columns, {
  nameOf: ({ title }) => title,
  reading: ({ runId, title }, connectionId) => ({
    path: runPath(connectionId, runId),
    copies: { Title: title, 'Run id': runId },
  }),
});

/** Buttons that start a bulk change without a list: from a table or a filter, or from a plan. */
function Beginnings() {
  const cluster = useCluster();
  return (
    <>
      <SecondaryButton
        component={Link}
        to={plansPath(cluster.id)}
        leftSection={<IconClipboardList size={15} />}
      >
        Change plans
      </SecondaryButton>
      <SecondaryButton
        component={Link}
        to={planPath(cluster.id)}
        leftSection={<IconFileImport size={15} />}
      >
        Open a plan
      </SecondaryButton>
      <Button
        component={Link}
        to={newChangesPath(cluster.id)}
        leftSection={<IconTablePlus size={15} />}
      >
        New bulk change
      </Button>
    </>
  );
}

/** Bulk changes: earlier runs, and ways to start one. */
export function RunsPage() {
  const cluster = useCluster();
  const navigate = useNavigate();
  const rows = usePagedRows('bulk.runs', { connectionId: cluster.id });
  return (
    <div className="oc-page">
      <PageBar title="Bulk changes" count={rows.total} primaryAction={<Beginnings />} />
      <PagedTable
        tableId="bulk-runs"
        label="Bulk changes"
        rows={rows}
        columns={columnsWithMenu}
        rowId={({ runId }) => runId}
        onOpen={({ runId }) => navigate(runPath(cluster.id, runId))}
        empty={
          <EmptyState
            icon={IconListCheck}
            title="No bulk changes yet"
            action={
              <span className={classes.emptyActions}>
                <Beginnings />
              </span>
            }
          >
            Select rows in Users, Buckets or Limits &amp; quotas and press “Change”, or begin here
            with a table, a filter, or a change plan.
          </EmptyState>
        }
      />
    </div>
  );
}
