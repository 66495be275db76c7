import { IconListDetails } from '@tabler/icons-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import type { BulkRow } from '../../changes/bulk/change-values.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { useShortcut } from '../../kit/shortcuts.ts';
import { ColumnsMenu } from '../../lists/list-page/columns-menu.tsx';
import { DetailPanel } from '../../lists/list-page/detail-panel.tsx';
import { ExportButton } from '../../lists/list-page/export-button.tsx';
import { FilterChips } from '../../lists/list-page/filter-menu.tsx';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { ListInstead } from '../../lists/list-page/list-instead.tsx';
import { ListToolbar, OfAll } from '../../lists/list-page/list-toolbar.tsx';
import classes from '../../lists/list-page/list-view.module.css';
import type { DataColumn } from '../../lists/table/columns.ts';
import { DataTable } from '../../lists/table/data-table.tsx';
import { useColumnLayout } from '../../lists/table/use-column-layout.ts';
import { type ListAddressState, useListAddress } from '../../lists/table/use-list-address.ts';
import { useListPosition } from '../../lists/table/use-list-position.tsx';
import { type PagedRows, usePagedRows, useWholeTotal } from '../../lists/table/use-paged-rows.ts';
import type { PlanRow } from './plan-words.tsx';
import { RowDetail } from './row-detail.tsx';

const rowNumber = ({ row }: BulkRow): string => String(row);

/**
 * Changes of a run or of a plan as a list of any length: search, filters, columns, export; each opens
 * in a panel.
 * @param props.tableId key under which the columns are remembered, and stem of the export's file name
 */
export function ChangeRows<Row extends BulkRow>(props: {
  tableId: string;
  label: string;
  rows: PagedRows<Row>;
  columns: readonly DataColumn<Row>[];
  /** Identity of a row, where its number may change. */
  rowId?(row: Row): string;
  /** What the panel shows above the row's own facts. */
  above?(row: Row): ReactNode;
  address: ListAddressState;
  filters: readonly ListFilter[];
  emptyTitle: string;
  /** How many rows there are without search and filters; null where nothing narrows the list. */
  all: number | null;
}) {
  const { tableId, rows, columns, address, filters, rowId = rowNumber } = props;
  const cluster = useCluster();
  const layout = useColumnLayout(`${cluster.id}/${tableId}`, columns);
  const position = useListPosition(rows, (row) => address.setOpen(rowId(row)));
  // what is open may be on a page that is still on its way
  useSyncExternalStore(rows.subscribe, rows.version);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);

  const opened =
    address.open === null ? undefined : findRow(rows, position.active, address.open, rowId);
  return (
    <div className={classes.split}>
      <div className={classes.list}>
        <ListToolbar
          placeholder="Search e-mail, name or id"
          filters={filters}
          address={address}
          range={<OfAll range={position.range} all={props.all} />}
        >
          <ColumnsMenu layout={layout} />
          <ExportButton what={tableId} columns={columns} rows={rows} />
        </ListToolbar>
        <FilterChips filters={filters} address={address} />
        <ListInstead
          own
          rows={rows}
          address={address}
          filters={filters}
          noun="row"
          empty={<EmptyState icon={IconListDetails} title={props.emptyTitle} />}
        >
          <DataTable
            label={props.label}
            search={address.search}
            rows={rows}
            rowId={rowId}
            layout={layout}
            sort={null}
            onSort={() => undefined}
            {...position.table}
            openId={address.open}
          />
        </ListInstead>
      </div>
      {address.open !== null && (
        <DetailPanel
          label="Details of the row"
          onMove={position.move}
          onClose={() => address.setOpen(null)}
        >
          {opened && props.above?.(opened)}
          {opened && <RowDetail row={opened} />}
        </DetailPanel>
      )}
    </div>
  );
}

function findRow<Row>(
  rows: { rowAt(index: number): Row | undefined; total: number | null },
  active: number,
  id: string,
  rowId: (row: Row) => string,
): Row | undefined {
  const near = rows.rowAt(active);
  if (near && rowId(near) === id) return near;
  for (let index = 0; index < (rows.total ?? 0); index += 1) {
    const row = rows.rowAt(index);
    if (row && rowId(row) === id) return row;
  }
  return undefined;
}

const noFilters: readonly string[] = [];

/** The changes of a plan, narrowed by the search alone. */
export function PlanRows(props: {
  planId: string;
  tableId: string;
  columns: readonly DataColumn<PlanRow>[];
  rowId?(row: PlanRow): string;
  above?(row: PlanRow): ReactNode;
}) {
  const { planId, ...shown } = props;
  const { id: connectionId } = useCluster();
  const address = useListAddress(noFilters);
  const { search } = address;
  const plan = { connectionId, planId };
  return (
    <ChangeRows
      {...shown}
      label="Changes of the plan"
      rows={usePagedRows('plans.rows', { ...plan, ...(search === '' ? {} : { search }) })}
      address={address}
      filters={[]}
      all={useWholeTotal('plans.rows', plan, search !== '')}
      emptyTitle="This plan changes nothing"
    />
  );
}
