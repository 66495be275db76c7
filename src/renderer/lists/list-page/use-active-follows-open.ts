import { useEffect } from 'react';
import { pageSize } from '../table/page-reader.ts';
import type { PagedRows } from '../table/use-paged-rows.ts';

/**
 * Puts the keyboard on the row whose detail is open, where an address or a step back opened it: so that
 * up and down go on from there. Looks among the first rows, which are the ones at hand then.
 */
export function useActiveFollowsOpen<Row>(list: {
  rows: PagedRows<Row>;
  rowId(row: Row): string;
  openId: string | null;
  active: number;
  setActive(index: number): void;
}): void {
  const { rows, rowId, openId, active, setActive } = list;
  const idAt = (index: number) => {
    const row = rows.rowAt(index);
    return row === undefined ? null : rowId(row);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another row opens or the rows arrive
  useEffect(() => {
    if (openId === null || rows.total === null || idAt(active) === openId) return;
    const last = Math.min(rows.total, pageSize);
    for (let index = 0; index < last; index += 1) {
      if (idAt(index) === openId) return setActive(index);
    }
  }, [openId, rows.total]);
}
