import { IconListDetails } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useCluster } from '../../app/cluster-context.tsx';
import { useShortcut } from '../../app/shortcuts.ts';
import { DataTable } from '../../components/data-table/data-table.tsx';
import { useColumnLayout } from '../../components/data-table/use-column-layout.ts';
import { useListAddress } from '../../components/data-table/use-list-address.ts';
import { type ListInput, usePagedRows } from '../../components/data-table/use-paged-rows.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ColumnsMenu } from '../../components/list-view/columns-menu.tsx';
import { DetailPanel } from '../../components/list-view/detail-panel.tsx';
import { ExportButton } from '../../components/list-view/export-button.tsx';
import { FilterChips } from '../../components/list-view/filter-chips.tsx';
import type { ListFilter } from '../../components/list-view/filters.ts';
import { ListInstead } from '../../components/list-view/list-instead.tsx';
import { ListToolbar } from '../../components/list-view/list-toolbar.tsx';
import classes from '../../components/list-view/list-view.module.css';
import { RowDetail } from './row-detail.tsx';
import { runColumns } from './run-columns.tsx';
import type { BulkRow, BulkRun } from './sources.ts';

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

const previewFilter: ListFilter = {
  id: 'show',
  label: 'Rows',
  options: [
    { value: 'todo', label: 'To change' },
    { value: 'skipped', label: 'Already so, skipped' },
    { value: 'refused', label: 'Left out' },
  ],
};

const resultFilter: ListFilter = {
  id: 'show',
  label: 'Rows',
  options: [
    { value: 'failed', label: 'Failed' },
    { value: 'sent', label: 'Not confirmed' },
    { value: 'verified', label: 'Done and verified' },
    { value: 'unchanged', label: 'Already so, skipped' },
    { value: 'refused', label: 'Left out' },
    { value: 'todo', label: 'To do' },
    { value: 'sending', label: 'Being sent' },
  ],
};

const filterIds = ['show'];

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

const rowId = ({ row }: BulkRow): string => String(row);

/** Every row of a run: before and after, result, why. Narrowed by result; opens in a panel. */
export function RunRows({ run }: { run: BulkRun }) {
  const cluster = useCluster();
  const address = useListAddress(filterIds);
  const filters = useMemo(
    () => [run.state === 'previewed' ? previewFilter : resultFilter],
    [run.state],
  );
  const input = rowsInput(cluster.id, run.runId, address.search, address.filters.show);
  const rows = usePagedRows('bulk.rows', input);
  const layout = useColumnLayout(`${cluster.id}/bulk-rows`, runColumns);
  const [active, setActive] = useState(0);
  const [visible, setVisible] = useState({ first: 0, last: 0 });
  const onVisible = useCallback((first: number, last: number) => setVisible({ first, last }), []);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);

  const total = rows.total ?? 0;
  const open = (index: number) => {
    const row = rows.rowAt(index);
    setActive(index);
    if (row) address.setOpen(rowId(row));
  };
  const opened = address.open === null ? undefined : findRow(rows, active, address.open);
  const range =
    total === 0
      ? ''
      : `${(visible.first + 1).toLocaleString('en-US')}–${Math.min(visible.last + 1, total).toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  return (
    <div className={classes.split}>
      <div className={classes.list}>
        <ListToolbar
          placeholder="Search e-mail, name or id"
          filters={filters}
          address={address}
          range={range}
        >
          <ColumnsMenu layout={layout} />
          <ExportButton what="bulk-run" columns={runColumns} rows={rows} />
        </ListToolbar>
        <FilterChips filters={filters} address={address} />
        <ListInstead
          rows={rows}
          address={address}
          filters={filters}
          noun="row"
          empty={<EmptyState icon={IconListDetails} title="This run has no rows" />}
        >
          <DataTable
            label="Rows of the run"
            rows={rows}
            rowId={rowId}
            layout={layout}
            sort={null}
            onSort={() => undefined}
            active={Math.min(active, Math.max(0, total - 1))}
            onActive={setActive}
            openId={address.open}
            onOpen={open}
            onVisible={onVisible}
          />
        </ListInstead>
      </div>
      {address.open !== null && (
        <DetailPanel
          label="Details of the row"
          onMove={(step) => open(Math.max(0, Math.min(total - 1, active + step)))}
          onClose={() => address.setOpen(null)}
        >
          {opened && <RowDetail row={opened} />}
        </DetailPanel>
      )}
    </div>
  );
}

function findRow(
  rows: { rowAt(index: number): BulkRow | undefined; total: number | null },
  active: number,
  id: string,
): BulkRow | undefined {
  const near = rows.rowAt(active);
  if (near && rowId(near) === id) return near;
  for (let index = 0; index < (rows.total ?? 0); index += 1) {
    const row = rows.rowAt(index);
    if (row && rowId(row) === id) return row;
  }
  return undefined;
}
