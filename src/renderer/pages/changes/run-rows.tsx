import type { BulkRun } from '../../changes/bulk/change-values.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { useFilters } from '../../lists/list-page/use-filters.ts';
import { type ListInput, usePagedRows } from '../../lists/table/use-paged-rows.ts';
import { ChangeRows } from './change-rows.tsx';
import { runColumns } from './run-columns.tsx';

type RowsInput = ListInput<'bulk.rows'>;

const shows: Record<string, Pick<RowsInput, 'state' | 'writes'>> = {
  todo: { state: 'pending', writes: true },
  skipped: { state: 'pending', writes: false },
  refused: { state: 'refused' },
  verified: { state: 'verified' },
  sent: { state: 'sent' },
  failed: { state: 'failed' },
  unchanged: { state: 'unchanged' },
  sending: { state: 'sending' },
};

const previewFilters: readonly ListFilter[] = [
  {
    id: 'show',
    label: 'Rows',
    options: optionsOf({ todo: 'To change', skipped: 'Unchanged', refused: 'Skipped' }),
  },
];

const resultFilters: readonly ListFilter[] = [
  {
    id: 'show',
    label: 'Rows',
    options: optionsOf({
      failed: 'Failed',
      sent: 'Not confirmed',
      verified: 'Done and verified',
      unchanged: 'Unchanged',
      refused: 'Skipped',
      todo: 'To do',
      sending: 'Being sent',
    }),
  },
];

function rowsInput(
  connectionId: string,
  runId: string,
  search: string,
  show: string | undefined,
): RowsInput {
  return {
    connectionId,
    runId,
    ...(search === '' ? {} : { search }),
    ...(show === undefined ? {} : shows[show]),
  };
}

/** Every row of a run: before and after, result, reason. Filtered by result; opens in a panel. */
export function RunRows({ run }: { run: BulkRun }) {
  const cluster = useCluster();
  const filters = run.state === 'previewed' ? previewFilters : resultFilters;
  const address = useFilters(filters);
  const input = rowsInput(cluster.id, run.runId, address.search, address.filters.show);
  const rows = usePagedRows('bulk.rows', input);
  return (
    <ChangeRows
      tableId="bulk-run"
      label="Rows of the run"
      rows={rows}
      columns={runColumns}
      address={address}
      filters={filters}
      all={address.search === '' && address.filters.show === undefined ? null : run.total}
      emptyTitle="This run has no rows"
    />
  );
}
