import { IconCircleCheck, IconRefresh } from '@tabler/icons-react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../../kit/use-action.ts';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import {
  codeColumn,
  countColumn,
  customColumn,
  timeColumn,
} from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import { useRowSelection } from '../../../lists/table/use-row-selection.ts';
import { useCollecting } from '../shared/collect-button.tsx';
import classes from './collect.module.css';

type Failure = RowOf<'usage.failures'>;

const stages: Record<Failure['stage'], string> = {
  fetch: 'Fetching',
  read: 'Set aside',
  archive: 'Archiving',
  remove: 'Deleting',
  conflict: 'Conflict',
};

const columns: readonly DataColumn<Failure>[] = [
  customColumn('stage', 'Failed at', {
    width: 120,
    cell: ({ stage }) => <StateBadge tone="bad">{stages[stage]}</StateBadge>,
  }),
  customColumn('reason', 'Reason', {
    width: 420,
    grow: true,
    cell: ({ error }) => <span title={error.hint}>{error.message}</span>,
  }),
  customColumn('requestId', 'Request id', {
    width: 140,
    cell: ({ error }) => <span className="oc-mono">{error.requestId ?? ''}</span>,
  }),
  countColumn('attempts', 'Attempts', { width: 80 }),
  timeColumn('failedAt', 'When'),
  codeColumn('name', 'Object', { width: 420 }),
];

/** Shows what could not be collected, with its reason; each or all can be tried again alone. */
export function FailuresTable() {
  const cluster = useCluster();
  const call = useConsole();
  const { task, unreachable } = useCollecting();
  const selection = useRowSelection<Failure>(cluster.id);
  const head = useCall('usage.failures', { connectionId: cluster.id, offset: 0, limit: 1 }).data;
  const { run } = useAction(showFailure);
  if (!head) return null;
  const selected = selection.rows.size;
  const retry = () =>
    run(async () => {
      await call('usage.retry', {
        connectionId: cluster.id,
        ...(selected > 0 ? { names: [...selection.rows.keys()] } : {}),
      });
      selection.clear();
    });
  return (
    <section className={classes.failures} aria-label="What failed">
      {head.total === 0 ? (
        <>
          <h2 className="oc-heading">What failed</h2>
          <p className={classes.none}>
            <IconCircleCheck size={14} aria-hidden /> No object is on record as failed.
          </p>
        </>
      ) : (
        <div className={classes.failuresTable}>
          <ListTable
            tableId="usage-failures"
            label="Objects that failed"
            call="usage.failures"
            input={{ connectionId: cluster.id }}
            columns={columns}
            rowId={({ name }: Failure) => name}
            defaultSort={null}
            selection={selection}
            before={<h2 className="oc-heading">{formatCounted(head.total, 'object')} failed</h2>}
            after={
              <SecondaryButton
                leftSection={<IconRefresh size={14} />}
                disabled={task !== null || unreachable !== null}
                onClick={() => void retry()}
              >
                {selected > 0 ? `Try ${formatCount(selected)} again` : 'Try all again'}
              </SecondaryButton>
            }
            empty={<EmptyState icon={IconCircleCheck} title="Nothing failed" />}
          />
        </div>
      )}
    </section>
  );
}
