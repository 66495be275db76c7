import { useMemo, useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import type { DataColumn, ListSort } from './columns.ts';
import { DataTable } from './data-table.tsx';
import { useColumnLayout } from './use-column-layout.ts';
import { sortAfterClick, useListPosition } from './use-list-position.tsx';
import type { PagedRows } from './use-paged-rows.ts';

/** Rows that are all available, in the form the virtual table draws. */
function useLocalRows<Row>(rows: readonly Row[]): PagedRows<Row> {
  return useMemo(
    () => ({
      total: rows.length,
      asOf: null,
      rowAt: (index) => rows[index],
      show: () => undefined,
      subscribe: () => () => undefined,
      version: () => 0,
      changing: false,
      error: null,
      retry: () => undefined,
      readRange: async (from, to) => rows.slice(from, to),
    }),
    [rows],
  );
}

/**
 * A virtual table over rows that are all available, sorted here.
 * @param props.tableId key under which the columns are remembered
 * @param props.sorted the rows in an order; must be stable (module scope or `useCallback`)
 */
export function LocalTable<Row>(props: {
  tableId: string;
  label: string;
  rows: readonly Row[];
  columns: readonly DataColumn<Row>[];
  rowId(row: Row): string;
  defaultSort: ListSort;
  sorted(rows: readonly Row[], sort: ListSort): readonly Row[];
  openId?: string | null;
  onOpen(row: Row): void;
}) {
  const { rows: given, sorted, openId = null } = props;
  const cluster = useCluster();
  const [sort, setSort] = useState(props.defaultSort);
  const rows = useLocalRows(useMemo(() => sorted(given, sort), [sorted, given, sort]));
  const position = useListPosition(rows, props.onOpen);
  return (
    <DataTable
      label={props.label}
      rows={rows}
      rowId={props.rowId}
      layout={useColumnLayout(`${cluster.id}/${props.tableId}`, props.columns)}
      sort={sort}
      onSort={(column) => setSort((now) => sortAfterClick(now, column) ?? now)}
      {...position.table}
      openId={openId}
    />
  );
}
