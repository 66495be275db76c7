import { Checkbox } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useId, useRef } from 'react';
import { useDelayed } from '../../kit/components/use-delayed.ts';
import { usePreferences } from '../../kit/stores/preferences.ts';
import type { DataColumn, ListSort } from './columns.ts';
import { DataRow, SkeletonRow } from './data-row.tsx';
import classes from './data-table.module.css';
import { HeaderCell } from './header-cell.tsx';
import { type ColumnLayoutState, gridTracks } from './use-column-layout.ts';
import type { PagedRows } from './use-paged-rows.ts';
import type { RowSelection } from './use-row-selection.ts';
import { type TableKeyboardActions, useTableKeyboard } from './use-table-keyboard.ts';

/** Row heights by density, in pixels. */
export const rowHeights = { compact: 32, comfortable: 40 } as const;

/** Height of the sticky heading, in pixels. */
const headerHeight = 32;

/** What a list is drawn from. */
export interface DataTableProps<Row> extends TableKeyboardActions {
  /** Accessible name: `Users`. */
  label: string;
  rows: PagedRows<Row>;
  /** Changes with what is searched, filtered and sorted by; left out: the scroll position is kept. */
  listKey?: string;
  rowId(row: Row): string;
  layout: ColumnLayoutState<Row>;
  sort: ListSort | null;
  onSort(column: DataColumn<Row>): void;
  /** Left out: rows can't be chosen. */
  selection?: RowSelection<Row>;
  onSelect?(index: number, how: 'one' | 'range'): void;
  onSelectAll?(): void;
  /** The row that the keyboard is on. */
  active: number;
  onActive(index: number): void;
  /** Id of the row whose detail is open. */
  openId: string | null;
  onOpen(index: number): void;
  /** Tells the positions in sight. */
  onVisible?(first: number, last: number): void;
  /** Ids of rows that were just changed: they flash once. */
  flashing?: ReadonlySet<string>;
}

/**
 * A list of any length: sticky header, virtual rows over core's pages, selection, keyboard. It draws;
 * `ListView` gives it data, address and toolbar.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, layout, selection, active, openId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const density = usePreferences((preferences) => preferences.density);
  const height = rowHeights[density];
  const total = rows.total ?? 0;
  const showSkeleton = useDelayed(rows.total === null && rows.error === null, 150);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 16,
    // The heading stands before the first row and stays in sight: rows end that much further down.
    scrollPaddingEnd: headerHeight,
  });
  const items = virtualizer.getVirtualItems();
  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;
  useVisibleRange(props, first, last);
  const inSight = rowsInSight(virtualizer.scrollOffset ?? 0, scroller.current, height, total);
  useRowsInSight(props, inSight);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer measures by density alone
  useEffect(() => virtualizer.measure(), [height]);
  const isEmpty = total === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its first row
  useEffect(() => virtualizer.scrollToOffset(0), [props.listKey, virtualizer]);
  useEffect(() => {
    if (openId !== null && !isEmpty) virtualizer.scrollToIndex(active);
  }, [openId, active, isEmpty, virtualizer]);
  useTableKeyboard(props, { scroller, virtualizer, total, height });

  const rowDomId = (index: number) => `${tableId}-${index}`;
  const { template, leastWidth } = gridTracks(layout, selection !== undefined);
  const chosen = selection?.rows.size ?? 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div
      ref={scroller}
      className={classes.scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-colcount={layout.headers.length + (selection ? 1 : 0)}
      aria-multiselectable={selection !== undefined}
      aria-busy={rows.changing || rows.total === null}
      aria-activedescendant={total > 0 ? rowDomId(active) : undefined}
      data-changing={rows.changing || undefined}
      style={
        {
          '--row-height': `${height}px`,
          '--columns': template,
          '--least-width': `${leastWidth}px`,
        } as CSSProperties
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div className={classes.header} role="row" aria-rowindex={1} tabIndex={-1}>
        {selection && (
          // biome-ignore lint/a11y/useSemanticElements: see above
          <div className={classes.check} role="columnheader" tabIndex={-1}>
            <Checkbox
              aria-label={chosen > 0 ? 'Choose none' : 'Choose all rows'}
              checked={total > 0 && chosen >= total}
              indeterminate={chosen > 0 && chosen < total}
              onChange={() => (chosen > 0 ? selection.clear() : props.onSelectAll?.())}
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
            sort={props.sort}
            onSort={props.onSort}
          />
        ))}
      </div>
      {rows.total === null ? (
        showSkeleton && <SkeletonRows columns={layout} selectable={selection !== undefined} />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div
          className={classes.body}
          role="rowgroup"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => (
            <DataRow
              key={item.index}
              id={rowDomId(item.index)}
              index={item.index}
              top={item.start}
              row={rows.rowAt(item.index)}
              rowId={props.rowId}
              headers={layout.headers}
              selection={selection}
              active={item.index === active}
              openId={openId}
              flashing={props.flashing}
              onActive={props.onActive}
              onOpen={props.onOpen}
              onSelect={props.onSelect}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function useVisibleRange<Row>(props: DataTableProps<Row>, first: number, last: number): void {
  const { rows } = props;
  useEffect(() => rows.show(first, last), [rows.show, first, last]);
}

/**
 * Returns the positions of the first and the last row that are wholly in sight: not under the heading,
 * not cut by the lower edge.
 */
export function rowsInSight(
  offset: number,
  scroller: { clientHeight: number } | null,
  rowHeight: number,
  total: number,
): { first: number; last: number } {
  const room = Math.max(0, (scroller?.clientHeight ?? 0) - headerHeight);
  const first = Math.ceil(offset / rowHeight);
  const last = Math.max(first, Math.floor((offset + room) / rowHeight) - 1);
  return { first, last: Math.min(last, Math.max(0, total - 1)) };
}

function useRowsInSight<Row>(
  { onVisible }: DataTableProps<Row>,
  { first, last }: { first: number; last: number },
): void {
  useEffect(() => onVisible?.(first, last), [onVisible, first, last]);
}

function SkeletonRows<Row>(props: { columns: ColumnLayoutState<Row>; selectable: boolean }) {
  return (
    <div className={classes.skeletons} aria-hidden="true">
      {Array.from({ length: 14 }, (_, index) => (
        <SkeletonRow
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing but a position
          key={index}
          headers={props.columns.headers}
          selectable={props.selectable}
          seed={index}
        />
      ))}
    </div>
  );
}
