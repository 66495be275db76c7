import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type MouseEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { useNavigate } from 'react-router';
import { useRowMenu } from '../../kit/components/row-menu.tsx';
import { usePreferences } from '../../kit/stores/preferences.ts';
import { useDelayed } from '../../kit/timers.ts';
import type { DataColumn, ListSort } from './columns.ts';
import { type ColumnSums, DataRow, SkeletonRows, SumRow } from './data-row.tsx';
import classes from './data-table.module.css';
import { HeaderRow } from './header-row.tsx';
import { type ColumnLayoutState, gridTracks } from './use-column-layout.ts';
import { useDrawnRows } from './use-drawn-rows.ts';
import { useHighlights } from './use-highlights.ts';
import type { PagedRows } from './use-paged-rows.ts';
import type { RowSelection } from './use-row-selection.ts';
import { type TableKeyboardActions, useTableKeyboard } from './use-table-keyboard.ts';

/** Row heights by density, in pixels. */
const rowHeights = { compact: 32, comfortable: 40 } as const;

/** Height of the sticky heading, in pixels. */
const headerHeight = 32;

/** The narrowest a list is, in pixels, for its first and its last column to stay while others scroll. */
const leastPinnedWidth = 440;

/** How long the rows before stay on screen while the ones scrolled to are on their way, in ms. */
const holdsFor = 1000;

export interface DataTableProps<Row> extends TableKeyboardActions {
  /** Accessible name: `Users`. */
  label: string;
  rows: PagedRows<Row>;
  /** Changes with what is searched, filtered and sorted by; omitted: the scroll position is kept. */
  listKey?: string;
  rowId(row: Row): string;
  layout: ColumnLayoutState<Row>;
  sort: ListSort | null;
  onSort(column: DataColumn<Row>): void;
  /** Omitted: rows can't be selected. */
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
  /** What is searched for, marked in the cells that are searched. */
  search?: string;
  /** Ids of rows that were just changed: they flash once. */
  flashing?: ReadonlySet<string>;
  /** The sums of all rows, by column: a last row that stays in sight. */
  sums?: ColumnSums | undefined;
}

/**
 * A list of any length: sticky header, virtual rows over core's pages, selection, keyboard. It draws;
 * `ListView` gives it data, address and toolbar.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, layout, selection, active, openId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const height = usePreferences(({ density }) => rowHeights[density]);
  const total = rows.total ?? 0;
  const sums = total > 0 ? props.sums : undefined;
  const covered = sums ? height : 0;
  const showSkeleton = useDelayed(rows.total === null && rows.error === null, 150);
  useSyncExternalStore(rows.subscribe, rows.version);

  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 16,
    // The heading is before the first row and stays in sight: rows end that much further down.
    scrollPaddingEnd: headerHeight + covered,
  });
  const first = virtualizer.range?.startIndex ?? 0;
  const last = virtualizer.range?.endIndex ?? 0;
  useLayoutEffect(() => rows.show(first, last), [rows.show, first, last]);
  const { template, leastWidth } = gridTracks(layout, selection !== undefined);
  usePinnedColumns(scroller, leastWidth);
  useRowsInSight(props, { scroller, virtualizer, height, total, leastWidth, covered });
  const isComplete = positions(first, last).every((index) => rows.rowAt(index) !== undefined);
  const items = virtualizer.getVirtualItems();
  const picture = usePicture({ items, offset: virtualizer.scrollOffset ?? 0, total }, isComplete);
  const drawn = useDrawnRows(picture.items, rows.rowAt, { first, last });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer measures by density alone
  useEffect(() => virtualizer.measure(), [height]);
  const isEmpty = total === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its first row
  useEffect(() => virtualizer.scrollToOffset(0), [props.listKey, virtualizer]);
  useEffect(() => {
    if (openId !== null && !isEmpty) virtualizer.scrollToIndex(active);
  }, [openId, active, isEmpty, virtualizer]);
  useTableKeyboard(props, { scroller, virtualizer, total, height });
  useHighlights(scroller, props.search ?? '');

  const rowMenu = useMenuOfRows(props);
  const { onClick, onContextMenu } = usePointer(props, rowMenu);
  const rowDomId = (index: number) => `${tableId}-${index}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: virtual rows can't be laid out in a <table>
    <div
      ref={scroller}
      className={classes.scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={total + (sums ? 2 : 1)}
      aria-colcount={layout.columns.length + (selection ? 1 : 0)}
      aria-multiselectable={selection !== undefined}
      aria-busy={rows.changing || rows.total === null}
      aria-activedescendant={total > 0 ? rowDomId(active) : undefined}
      data-changing={rows.changing || undefined}
      onScroll={rowMenu.followScroll}
      style={
        {
          '--row-height': `${height}px`,
          '--columns': template,
          '--least-width': `${leastWidth}px`,
        } as CSSProperties
      }
    >
      <HeaderRow
        layout={layout}
        sort={props.sort}
        onSort={props.onSort}
        total={total}
        selected={selection?.rows.size}
        onSelectNone={selection?.clear}
        onSelectAll={props.onSelectAll}
      />
      {rows.total === null ? (
        showSkeleton && (
          <SkeletonRows columns={layout.columns} selectable={selection !== undefined} />
        )
      ) : (
        <div className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keyboard */}
          <div
            className={classes.rows}
            role="rowgroup"
            // their order for those who hear them: in the page they stay where they were first
            aria-owns={picture.items.map(({ index }) => rowDomId(index)).join(' ') || undefined}
            style={picture.style}
            onClick={onClick}
            onContextMenu={onContextMenu}
          >
            {drawn.map(({ slot, index, start, row }) => {
              const id = row === undefined ? undefined : props.rowId(row);
              return (
                <DataRow
                  // a row that leaves on one side comes back on the other: its elements are used again
                  key={slot}
                  id={rowDomId(index)}
                  index={index}
                  top={start}
                  row={row}
                  columns={layout.columns}
                  selectable={selection !== undefined}
                  selected={id !== undefined && selection?.has(id) === true}
                  active={index === active}
                  open={id !== undefined && openId === id}
                  flashing={id !== undefined && props.flashing?.has(id) === true}
                />
              );
            })}
          </div>
        </div>
      )}
      {sums && (
        <SumRow
          sums={sums}
          total={total}
          columns={layout.columns}
          selectable={selection !== undefined}
        />
      )}
      {rowMenu.menu}
    </div>
  );
}

/** Answers clicks on rows, and opens their menus. */
function usePointer<Row>(
  table: DataTableProps<Row>,
  rowMenu: Pick<ReturnType<typeof useRowMenu<Row>>, 'openAt' | 'openAtPointer'>,
) {
  const navigate = useNavigate();
  return {
    onClick: (event: MouseEvent) => {
      if (!followLink(event, navigate)) answerClick(event, table, rowMenu.openAt);
    },
    onContextMenu: (event: MouseEvent) => {
      const index = rowIndexOf(event.target);
      const row = index === null ? undefined : table.rows.rowAt(index);
      // with text selected, the menu that copies it is what is wanted
      if (index === null || row === undefined || !window.getSelection()?.isCollapsed) return;
      if (!rowMenu.openAtPointer(event, row)) return;
      event.preventDefault();
      table.onActive(index);
    },
  };
}

/** The menu of a row, which the command palette offers too for the row that keys act on. */
function useMenuOfRows<Row>({ layout, rows, active }: DataTableProps<Row>) {
  const column = layout.columns.find(({ menu }) => menu);
  const rowMenu = useRowMenu(column?.menu);
  const row = rows.rowAt(active);
  const offer = row === undefined ? null : column?.offer?.(row);
  return {
    ...rowMenu,
    menu: (
      <>
        {rowMenu.menu}
        {offer}
      </>
    ),
  };
}

/** Follows a row's link; false where the click is on the row itself. */
function followLink(event: MouseEvent, navigate: (to: string) => unknown): boolean {
  const link = (event.target as Element).closest<HTMLElement>('a[data-to]');
  if (!link) return false;
  const leaves = link.dataset.rowAction !== undefined;
  const isOwnTab = !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (!leaves || isOwnTab) event.preventDefault();
  if (leaves && isOwnTab) navigate(link.dataset.to ?? '');
  return leaves;
}

/** The position of the row in which an event was; null outside of rows. */
function rowIndexOf(target: EventTarget): number | null {
  if (!(target instanceof Element)) return null;
  const position = target.closest<HTMLElement>('[data-index]')?.dataset.index;
  return position === undefined ? null : Number(position);
}

/** Handles a click anywhere in the rows. */
function answerClick<Row>(
  event: MouseEvent,
  table: DataTableProps<Row>,
  openMenu: (pressed: Element, row: Row) => boolean,
): void {
  const index = rowIndexOf(event.target);
  if (index === null || !(event.target instanceof Element)) return;
  const row = table.rows.rowAt(index);
  if (row !== undefined && openMenu(event.target, row)) return;
  const isCheck = event.target.closest('[data-row-check]') !== null;
  if (!isCheck && event.target.closest('button, input, label, [data-row-action]')) return;
  table.onActive(index);
  if (table.onSelect && event.shiftKey) table.onSelect(index, 'range');
  else if (table.onSelect && (isCheck || event.ctrlKey || event.metaKey))
    table.onSelect(index, 'one');
  else table.onOpen(index);
}

function positions(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

interface Picture {
  items: readonly VirtualItem[];
  offset: number;
  total: number;
}

/**
 * Holds the rows that were last in sight where the ones scrolled to are on their way still: nothing is
 * blank for the moment that takes. What takes longer shows grey bars.
 * @param isComplete whether every row in sight is there
 * @returns the rows to draw, and the style that moves all of them into sight
 */
function usePicture(now: Picture, isComplete: boolean) {
  const complete = useRef<Picture | null>(null);
  const takesLong = useDelayed(!isComplete, holdsFor);
  useLayoutEffect(() => {
    if (isComplete) complete.current = now;
  });
  const before = complete.current;
  if (isComplete || takesLong || before?.total !== now.total) return { items: now.items };
  const shift = now.offset - before.offset;
  return { items: before.items, style: { transform: `translateY(${shift}px)` } };
}

/**
 * Returns the positions of the first and the last row that are completely in sight: not under the heading,
 * not cut by the lower edge.
 */
export function rowsInSight(
  offset: number,
  scrollerHeight: number,
  rowHeight: number,
  total: number,
): { first: number; last: number } {
  const room = Math.max(0, scrollerHeight - headerHeight);
  const first = Math.ceil(offset / rowHeight);
  const last = Math.max(first, Math.floor((offset + room) / rowHeight) - 1);
  return { first, last: Math.min(last, Math.max(0, total - 1)) };
}

/** Marks a list that scrolls sideways and is wide enough to hold on to its first and last column. */
function usePinnedColumns(scroller: RefObject<HTMLElement | null>, leastWidth: number): void {
  useEffect(() => {
    const list = scroller.current;
    if (!list) return;
    const observer = new ResizeObserver(() => {
      const { clientWidth } = list;
      const isPinned = clientWidth >= leastPinnedWidth && clientWidth < leastWidth;
      list.toggleAttribute('data-pinned', isPinned);
    });
    observer.observe(list);
    return () => observer.disconnect();
  }, [scroller, leastWidth]);
}

function useRowsInSight<Row>(
  { onVisible }: DataTableProps<Row>,
  view: {
    scroller: RefObject<HTMLElement | null>;
    virtualizer: Virtualizer<HTMLDivElement, Element>;
    height: number;
    total: number;
    leastWidth: number;
    /** What the row of sums hides, in pixels. */
    covered: number;
  },
): void {
  const { scroller, virtualizer, height, total, leastWidth, covered } = view;
  // only where it may have changed: to read it makes the browser lay out what was just drawn
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the height goes by
  const scrollerHeight = useMemo(
    () => scroller.current?.clientHeight ?? 0,
    [virtualizer.scrollRect, leastWidth],
  );
  const offset = virtualizer.scrollOffset ?? 0;
  const { first, last } = rowsInSight(offset, scrollerHeight - covered, height, total);
  useEffect(() => onVisible?.(first, last), [onVisible, first, last]);
}
