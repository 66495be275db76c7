import { Checkbox } from '@mantine/core';
import type { MouseEvent } from 'react';
import type { DataColumn } from './columns.ts';
import classes from './data-table.module.css';
import type { RowSelection } from './use-row-selection.ts';

type Headers<Row> = readonly { column: DataColumn<Row> }[];

/** One row at its place; grey bars where its page is still on its way. */
export function DataRow<Row>(props: {
  id: string;
  index: number;
  top: number;
  row: Row | undefined;
  rowId(row: Row): string;
  headers: Headers<Row>;
  selection: RowSelection<Row> | undefined;
  active: boolean;
  openId: string | null;
  flashing: ReadonlySet<string> | undefined;
  onActive(index: number): void;
  onOpen(index: number): void;
  onSelect: ((index: number, how: 'one' | 'range') => void) | undefined;
}) {
  const { row, index, headers, selection } = props;
  const style = { transform: `translateY(${props.top}px)` };
  if (row === undefined) {
    return (
      <div className={classes.row} style={style} id={props.id} aria-busy="true">
        <SkeletonCells headers={headers} selectable={selection !== undefined} seed={index} />
      </div>
    );
  }
  const id = props.rowId(row);
  const selected = selection?.has(id) ?? false;
  const click = (event: MouseEvent) => {
    if (isInteractive(event)) return;
    props.onActive(index);
    if (event.shiftKey && props.onSelect) props.onSelect(index, 'range');
    else if ((event.ctrlKey || event.metaKey) && props.onSelect) props.onSelect(index, 'one');
    else props.onOpen(index);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid that owns the row has the keyboard
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div
      id={props.id}
      className={classes.row}
      style={style}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={selection ? selected : undefined}
      data-active={props.active || undefined}
      data-open={props.openId === id || undefined}
      data-selected={selected || undefined}
      data-flash={props.flashing?.has(id) || undefined}
      onClick={click}
    >
      {selection && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div className={classes.check} role="gridcell" tabIndex={-1}>
          <Checkbox
            tabIndex={-1}
            aria-label="Choose this row"
            checked={selected}
            onChange={() => undefined}
            onClick={(event) => {
              props.onActive(index);
              props.onSelect?.(index, event.shiftKey ? 'range' : 'one');
            }}
          />
        </div>
      )}
      {headers.map(({ column }) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div
          key={column.id}
          className={classes.cell}
          role="gridcell"
          tabIndex={-1}
          data-align={column.align}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row of grey bars, of the height of the real one. */
export function SkeletonRow<Row>(props: {
  headers: Headers<Row>;
  selectable: boolean;
  seed: number;
}) {
  return (
    <div className={classes.skeletonRow}>
      <SkeletonCells {...props} />
    </div>
  );
}

function SkeletonCells<Row>(props: { headers: Headers<Row>; selectable: boolean; seed: number }) {
  return (
    <>
      {props.selectable && <div className={classes.check} />}
      {props.headers.map(({ column }, position) => (
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

function isInteractive(event: MouseEvent): boolean {
  return (
    event.target instanceof Element &&
    event.target.closest('button, input, label, [data-row-action]') !== null
  );
}
