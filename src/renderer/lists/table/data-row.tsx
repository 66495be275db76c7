import { memo, type ReactNode } from 'react';
import type { DataColumn } from './columns.ts';
import classes from './data-table.module.css';

interface DataRowProps<Row> {
  id: string;
  index: number;
  top: number;
  row: Row | undefined;
  columns: readonly DataColumn<Row>[];
  selectable: boolean;
  selected: boolean;
  active: boolean;
  open: boolean;
  flashing: boolean;
}

/**
 * One row at its place; grey bars where its page is still on its way. It is drawn again only when
 * something of it changed; clicks on it are the table's to answer.
 */
export const DataRow = memo(function DataRow<Row>(props: DataRowProps<Row>) {
  const { row, index, columns, selectable, selected } = props;
  const style = { transform: `translateY(${props.top}px)` };
  if (row === undefined) {
    return (
      <div className={classes.row} style={style} id={props.id} aria-busy="true">
        <SkeletonCells columns={columns} selectable={selectable} seed={index} />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div
      id={props.id}
      className={classes.row}
      style={style}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      data-index={index}
      data-active={props.active || undefined}
      data-open={props.open || undefined}
      data-selected={selected || undefined}
      data-flash={props.flashing || undefined}
    >
      {selectable && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div className={classes.check} role="gridcell" tabIndex={-1}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select this row"
            data-row-check
            checked={selected}
            readOnly
          />
        </div>
      )}
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div
          key={column.id}
          className={classes.cell}
          role="gridcell"
          tabIndex={-1}
          data-align={column.align}
          data-searched={column.searched}
          data-menu={column.menu !== undefined || undefined}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}) as <Row>(props: DataRowProps<Row>) => React.ReactNode;

/** The sum of a column over all rows, by the column's id. */
export type ColumnSums = Readonly<Record<string, ReactNode>>;

/** What all rows add up to, also those that are not in sight; it stays at the lower edge. */
export function SumRow<Row>(props: {
  sums: ColumnSums;
  total: number;
  columns: readonly DataColumn<Row>[];
  selectable: boolean;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div className={classes.sums} role="row" tabIndex={-1} aria-rowindex={props.total + 2}>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {props.selectable && <div className={classes.check} role="gridcell" tabIndex={-1} />}
      {props.columns.map(({ id, align, menu }) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div
          key={id}
          className={classes.cell}
          role="gridcell"
          tabIndex={-1}
          data-align={align}
          data-menu={menu !== undefined || undefined}
        >
          {props.sums[id]}
        </div>
      ))}
    </div>
  );
}

/** Rows of grey bars, of the height of real ones. */
export function SkeletonRows<Row>(props: {
  columns: readonly DataColumn<Row>[];
  selectable: boolean;
}) {
  return (
    <div className={classes.skeletons} aria-hidden="true">
      {Array.from({ length: 14 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing but a position
        <div key={index} className={classes.skeletonRow}>
          <SkeletonCells {...props} seed={index} />
        </div>
      ))}
    </div>
  );
}

function SkeletonCells<Row>(props: {
  columns: readonly DataColumn<Row>[];
  selectable: boolean;
  seed: number;
}) {
  return (
    <>
      {props.selectable && <div className={classes.check} />}
      {props.columns.map((column, position) => (
        <div key={column.id} className={classes.cell} data-align={column.align}>
          <span
            className={classes.bar}
            style={{ width: `${45 + ((props.seed * 37 + position * 53) % 45)}%` }}
          />
        </div>
      ))}
    </>
  );
}
