import type { ReactNode } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import type { DataColumn } from '../table/columns.ts';
import { DataTable } from '../table/data-table.tsx';
import { useColumnLayout } from '../table/use-column-layout.ts';
import { useListPosition } from '../table/use-list-position.tsx';
import type { PagedRows } from '../table/use-paged-rows.ts';
import list from './list-view.module.css';

/**
 * The whole list of a page that neither searches nor sorts, or what is shown in its place.
 * @param props.tableId key under which the columns are remembered
 * @param props.empty shown where there are no rows
 */
export function PagedTable<Row>(props: {
  tableId: string;
  label: string;
  rows: PagedRows<Row>;
  columns: readonly DataColumn<Row>[];
  rowId(row: Row): string;
  onOpen(row: Row): void;
  empty: ReactNode;
}) {
  const { rows } = props;
  const cluster = useCluster();
  const layout = useColumnLayout(`${cluster.id}/${props.tableId}`, props.columns);
  const position = useListPosition(rows, props.onOpen);
  const failed = rows.error && (
    <ErrorPanel error={rows.error} compact={rows.total !== null} onRetry={rows.retry} />
  );
  if (failed && rows.total === null) return <div className="oc-state">{failed}</div>;
  return (
    <div className="oc-page">
      {failed && <div className={list.strip}>{failed}</div>}
      {rows.total === 0 ? (
        <div className="oc-state">{props.empty}</div>
      ) : (
        <DataTable
          label={props.label}
          rows={rows}
          rowId={props.rowId}
          layout={layout}
          sort={null}
          onSort={() => undefined}
          {...position.table}
          openId={null}
        />
      )}
    </div>
  );
}
