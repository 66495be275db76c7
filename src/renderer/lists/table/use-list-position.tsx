import { useState } from 'react';
import type { DataColumn, ListSort } from './columns.ts';
import { RowRangeWords, useRowRange } from './row-range.tsx';
import type { PagedRows } from './use-paged-rows.ts';

/** Where the keyboard is in a list, what is in sight, and how a row is opened. */
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
    /** What the table takes of it. */
    table: {
      active: Math.min(active, last),
      onActive: setActive,
      onOpen: open,
      onVisible: range.show,
    },
  };
}

/** How a list is sorted after a click on a heading; null where that column does not sort. */
export function sortAfterClick<Row>(
  sort: ListSort | null,
  { sortKey, sortsDescendingFirst = false }: DataColumn<Row>,
): ListSort | null {
  if (sortKey === undefined) return null;
  const isSame = sort?.by === sortKey;
  return { by: sortKey, descending: isSame ? !sort.descending : sortsDescendingFirst };
}
