import { type ReactNode, type RefObject, useEffect } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import type { DataColumn } from '../table/columns.ts';
import type { ColumnSums } from '../table/data-row.tsx';
import { DataTable } from '../table/data-table.tsx';
import { useColumnLayout } from '../table/use-column-layout.ts';
import { useListAddress } from '../table/use-list-address.ts';
import { sortAfterClick, useListPosition } from '../table/use-list-position.tsx';
import {
  type ListCall,
  type ListInput,
  type RowOf,
  usePagedRows,
  useWholeTotal,
} from '../table/use-paged-rows.ts';
import type { RowSelection } from '../table/use-row-selection.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { ListToolbar, OfAll } from './list-toolbar.tsx';
import list from './list-view.module.css';

const noFilters: readonly string[] = [];

/** Props of {@link ListTable}. */
export interface ListTableProps<Name extends ListCall> {
  /** Key under which the columns are remembered. */
  tableId: string;
  label: string;
  call: Name;
  /** The call's input without page, search and sort. */
  input: ListInput<Name>;
  columns: readonly DataColumn<RowOf<Name>>[];
  rowId(row: RowOf<Name>): string;
  defaultSort: { by: string; descending: boolean } | null;
  /** Omitted: the call can't search. */
  searchPlaceholder?: string;
  onOpen?(row: RowOf<Name>): void;
  /** Id of the row whose detail is open. */
  openId?: string | null;
  /** Given a function that opens the next or previous row, for the panel next to the table. */
  mover?: RefObject<((step: 1 | -1) => void) | null>;
  selection?: RowSelection<RowOf<Name>>;
  /** In the toolbar before the search. */
  before?: ReactNode;
  /** In the toolbar after the columns. */
  after?: ReactNode;
  /** Returns the sums of all rows that match, from what the call says of them. */
  sums?(of: CallOutput<Name>): ColumnSums;
  /** Shown where nothing matches. */
  empty: ReactNode;
}

/** A sorted, searched, virtual table over a call's pages, as part of a page. */
export function ListTable<Name extends ListCall>(props: ListTableProps<Name>) {
  const cluster = useCluster();
  const address = useListAddress(noFilters);
  const sortable = props.columns.some(({ sortKey }) => sortKey === address.sort?.by);
  const sort = address.sort && sortable ? address.sort : props.defaultSort;
  const search = props.searchPlaceholder === undefined ? '' : address.search;
  const input = {
    ...props.input,
    ...(search === '' ? {} : { search }),
    ...(sort ? { sort } : {}),
  };
  const rows = usePagedRows(props.call, input);
  const layout = useColumnLayout(`${cluster.id}/${props.tableId}`, props.columns);
  const position = useListPosition(rows, props.onOpen);
  const total = rows.total ?? 0;
  const whole = { ...props.input, ...(props.defaultSort ? { sort: props.defaultSort } : {}) };
  const all = useWholeTotal(props.call, whole, search !== '');
  useEffect(() => {
    if (props.mover) props.mover.current = position.move;
  });
  const select = (index: number) => {
    const row = rows.rowAt(index);
    if (row !== undefined) props.selection?.toggle(props.rowId(row), row);
  };
  const selectAll = async () => {
    const all = await rows.readRange(0, total);
    props.selection?.add(all.map((row) => [props.rowId(row), row] as const));
  };
  return (
    <>
      <ListToolbar
        before={props.before}
        placeholder={props.searchPlaceholder}
        address={address}
        range={<OfAll range={position.range} all={all} />}
      >
        <ColumnsMenu layout={layout} />
        {props.after}
      </ListToolbar>
      {rows.error && (
        <div className={list.strip}>
          <ErrorPanel error={rows.error} compact onRetry={rows.retry} />
        </div>
      )}
      {rows.total === 0 && !rows.changing ? (
        <div className="oc-state">{props.empty}</div>
      ) : (
        <DataTable
          label={props.label}
          search={search}
          rows={rows}
          rowId={props.rowId}
          layout={layout}
          sort={sort}
          onSort={(column) => {
            const next = sortAfterClick(sort, column);
            if (next === null) return;
            address.setSort(next);
            position.setActive(0);
          }}
          {...(props.selection
            ? {
                selection: props.selection,
                onSelect: select,
                onSelectAll: () => void selectAll(),
              }
            : {})}
          {...position.table}
          sums={rows.firstPage && props.sums?.(rows.firstPage)}
          openId={props.openId ?? null}
        />
      )}
    </>
  );
}
