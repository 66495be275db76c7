import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type KeyboardEvent, memo, type ReactNode, useState } from 'react';
import type { DataColumn, ListSort } from './columns.ts';
import classes from './data-table.module.css';
import type { ColumnLayoutState } from './use-column-layout.ts';

const dragType = 'application/x-ostor-column';
const widthStep = 16;

interface HeaderRowProps<Row> {
  layout: ColumnLayoutState<Row>;
  sort: ListSort | null;
  onSort(column: DataColumn<Row>): void;
  total: number;
  /** How many rows are selected; undefined: rows can't be. */
  selected: number | undefined;
  onSelectNone: (() => void) | undefined;
  onSelectAll: (() => void) | undefined;
}

export const HeaderRow = memo(function HeaderRow<Row>(props: HeaderRowProps<Row>) {
  const { layout, sort, onSort, total, selected } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div className={classes.header} role="row" aria-rowindex={1} tabIndex={-1}>
      {selected !== undefined && (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div className={classes.check} role="columnheader" tabIndex={-1}>
          <input
            type="checkbox"
            aria-label={selected > 0 ? 'Clear selection' : 'Select all rows'}
            ref={(box) => {
              if (box) box.indeterminate = selected > 0 && selected < total;
            }}
            checked={total > 0 && selected >= total}
            onChange={() => (selected > 0 ? props.onSelectNone?.() : props.onSelectAll?.())}
            disabled={total === 0}
          />
        </div>
      )}
      {layout.headers.map((header, position) => (
        <HeaderCell
          key={header.column.id}
          {...header}
          position={position}
          layout={layout}
          sort={sort}
          onSort={onSort}
        />
      ))}
    </div>
  );
}) as <Row>(props: HeaderRowProps<Row>) => ReactNode;

/**
 * A column's heading: sorts by click, moves by dragging, is widened at its right edge. By keyboard:
 * Enter sorts, Alt with left or right changes the width, Alt Shift with left or right moves it.
 */
function HeaderCell<Row>(props: {
  column: DataColumn<Row>;
  width: number;
  position: number;
  onResizeStart: (event: unknown) => void;
  layout: ColumnLayoutState<Row>;
  sort: ListSort | null;
  onSort(column: DataColumn<Row>): void;
}) {
  const { column, width, position, layout, sort } = props;
  const [dropHere, setDropHere] = useState(false);
  const sorted = column.sortKey !== undefined && sort?.by === column.sortKey;
  const direction = sort?.descending ? 'descending' : 'ascending';

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step === 0 || !event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) layout.move(column.id, position + step);
    else layout.setWidth(column.id, width + step * widthStep);
  };
  const label = (
    <UnstyledButton
      className={classes.heading}
      data-align={column.align}
      data-hint={column.description}
      disabled={column.sortKey === undefined}
      onClick={() => props.onSort(column)}
      onKeyDown={onKeyDown}
    >
      <span className={classes.headingText}>{column.header}</span>
      {sorted && (sort?.descending ? <IconArrowDown size={13} /> : <IconArrowUp size={13} />)}
    </UnstyledButton>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div
      className={classes.headerCell}
      role="columnheader"
      tabIndex={-1}
      aria-sort={sorted ? direction : undefined}
      data-drop={dropHere || undefined}
      data-menu={column.menu !== undefined || undefined}
      draggable={position > 0}
      onDragStart={(event) => event.dataTransfer.setData(dragType, column.id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        setDropHere(true);
      }}
      onDragLeave={() => setDropHere(false)}
      onDrop={(event) => {
        setDropHere(false);
        const moved = event.dataTransfer.getData(dragType);
        if (moved && moved !== column.id) layout.move(moved, position);
      }}
    >
      {label}
      <span
        className={classes.resizer}
        aria-hidden="true"
        onPointerDown={(event) => event.stopPropagation()}
        onMouseDown={(event) => {
          event.preventDefault();
          props.onResizeStart(event);
        }}
        onTouchStart={props.onResizeStart}
      />
    </div>
  );
}
