import { useCallback, useState } from 'react';

export interface RowSelection<Row> {
  /** Selected rows by id, in the order they were selected. */
  rows: ReadonlyMap<string, Row>;
  has(id: string): boolean;
  toggle(id: string, row: Row): void;
  add(rows: Iterable<readonly [string, Row]>): void;
  clear(): void;
}

/**
 * Keeps which rows are selected.
 * @param scope when this changes (another search, another cluster) the selection is cleared, so that
 * no row is acted on that is not in sight
 */
export function useRowSelection<Row>(scope: string): RowSelection<Row> {
  const [state, setState] = useState<{ scope: string; rows: ReadonlyMap<string, Row> }>({
    scope,
    rows: new Map(),
  });
  if (state.scope !== scope) setState({ scope, rows: new Map() });
  const rows = state.rows;

  const change = useCallback((next: (rows: Map<string, Row>) => void) => {
    setState((before) => {
      const copy = new Map(before.rows);
      next(copy);
      return { ...before, rows: copy };
    });
  }, []);

  return {
    rows,
    has: (id) => rows.has(id),
    toggle: (id, row) =>
      change((copy) => {
        if (!copy.delete(id)) copy.set(id, row);
      }),
    add: (entries) =>
      change((copy) => {
        for (const [id, row] of entries) copy.set(id, row);
      }),
    clear: () => change((copy) => copy.clear()),
  };
}
