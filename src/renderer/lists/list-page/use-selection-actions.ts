import { notifications } from '@mantine/notifications';
import { useRef, useState } from 'react';
import { toAppError } from '#shared/errors.ts';
import type { PagedRows } from '../table/use-paged-rows.ts';
import type { RowSelection } from '../table/use-row-selection.ts';

/** Selecting one row, a range (also over rows that were never on screen) or all that match. */
export function useSelectionActions<Row>(list: {
  rows: PagedRows<Row>;
  selection: RowSelection<Row>;
  rowId(row: Row): string;
  active: number;
}) {
  const { rows, selection, rowId } = list;
  const anchor = useRef(0);
  const [selectingAll, setSelectingAll] = useState(false);

  const addRange = async (from: number, to: number) => {
    setSelectingAll(true);
    try {
      const read = await rows.readRange(from, to);
      selection.add(read.map((row) => [rowId(row), row] as const));
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    } finally {
      setSelectingAll(false);
    }
  };

  return {
    selectingAll,
    select: (index: number, how: 'one' | 'range') => {
      if (how === 'range') {
        const from = selection.rows.size === 0 ? list.active : anchor.current;
        anchor.current = from;
        void addRange(Math.min(from, index), Math.max(from, index) + 1);
        return;
      }
      const row = rows.rowAt(index);
      if (row === undefined) return;
      anchor.current = index;
      selection.toggle(rowId(row), row);
    },
    selectAll: () => void addRange(0, rows.total ?? 0),
  };
}
