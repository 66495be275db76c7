import { useMemo } from 'react';
import type { PagedRows } from '../../../lists/table/use-paged-rows.ts';

/** Rows that are all at hand, in the form the virtual table draws. */
export function useLocalRows<Row>(rows: readonly Row[]): PagedRows<Row> {
  return useMemo(
    () => ({
      total: rows.length,
      asOf: null,
      rowAt: (index) => rows[index],
      show: () => undefined,
      subscribe: () => () => undefined,
      version: () => 0,
      changing: false,
      error: null,
      retry: () => undefined,
      readRange: async (from, to) => rows.slice(from, to),
    }),
    [rows],
  );
}
