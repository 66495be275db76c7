import { useState } from 'react';
import { create } from 'zustand';
import { formatCount } from '../../kit/components/format.ts';
import type { DataColumn, ListSort } from './columns.ts';
import type { PagedRows } from './use-paged-rows.ts';

export function useListPosition<Row>(rows: PagedRows<Row>, onOpen?: (row: Row) => void) {
  const [active, setActive] = useState(0);
  const range = useRowRange();
  const total = rows.total ?? 0;
  const last = Math.max(0, total - 1);
  const open = (index: number) => {
    const row = rows.rowAt(index);
    setActive(index);
    if (row !== undefined) onOpen?.(row);
  };
  return {
    active,
    setActive,
    /** Opens the next or the previous row. */
    move: (step: 1 | -1) => open(Math.max(0, Math.min(last, active + step))),
    range: <RowRangeWords range={range} total={total} />,
    /** Props for the table. */
    table: {
      active: Math.min(active, last),
      onActive: setActive,
      onOpen: open,
      onVisible: range.show,
    },
  };
}

/** Returns how a list is sorted after a click on a heading; null where that column does not sort. */
export function sortAfterClick<Row>(
  sort: ListSort | null,
  { sortKey, align, sortsDescendingFirst = align === 'right' }: DataColumn<Row>,
): ListSort | null {
  if (sortKey === undefined) return null;
  const isSame = sort?.by === sortKey;
  return { by: sortKey, descending: isSame ? !sort.descending : sortsDescendingFirst };
}

interface RowRange {
  first: number;
  last: number;
  show(first: number, last: number): void;
}

const createRowRange = () =>
  create<RowRange>()((set) => ({ first: 0, last: 0, show: (first, last) => set({ first, last }) }));

/**
 * Keeps the positions of the first and the last row in sight, outside of the page's own state: scrolling
 * draws the rows and {@link RowRangeWords} again, and nothing else.
 */
function useRowRange() {
  const [range] = useState(createRowRange);
  return { show: range.getState().show, use: range };
}

/** Says which rows are in sight: `1–40 of 100,000`. */
function RowRangeWords(props: { range: ReturnType<typeof useRowRange>; total: number }) {
  const { range, total } = props;
  const { first, last } = range.use();
  if (total === 0) return null;
  return `${formatCount(first + 1)}–${formatCount(Math.min(last + 1, total))} of ${formatCount(total)}`;
}
