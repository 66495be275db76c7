import type { ReactNode } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import type { DataColumn } from '../table/columns.ts';
import { DataTable } from '../table/data-table.tsx';
import { useColumnLayout } from '../table/use-column-layout.ts';
import { useListPosition } from '../table/use-list-position.tsx';
import type { PagedRows } from '../table/use-paged-rows.ts';

/**
 * The whole list of a page that neither searches nor sorts, or what stands in its place.
 * @param props.tableId key under which the columns are remembered
 * @param props.empty stands there where there are no rows
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
  if (rows.total === 0) return <div className="oc-state">{props.empty}</div>;
  if (rows.error) {
    return rows.total === null ? (
      <div className="oc-state">
        <ErrorPanel error={rows.error} onRetry={rows.retry} />
      </div>
    ) : null;
  }
  return (
    <div className="oc-page">
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
    </div>
  );
}
