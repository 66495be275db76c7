import { IconFilterOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { TinyButton } from '../../kit/components/buttons.ts';
import type { ListAddress, ListAddressState } from '../table/use-list-address.ts';
import type { PagedRows } from '../table/use-paged-rows.ts';
import { filterWords, type ListFilter } from './filters.ts';
import classes from './list-view.module.css';

/** More rows than one identity in `only` stands for. */
const mostAlike = 100;

/** Returns what narrows a list, in words: `search “anna”`, `State: disabled`. */
export function excludingWords(address: ListAddress, filters: readonly ListFilter[]): string[] {
  return [
    ...(address.search === '' ? [] : [`search “${address.search}”`]),
    ...filters.flatMap((filter) => {
      const value = address.filters[filter.id];
      return value === undefined ? [] : [filterWords(filter, value)];
    }),
  ];
}

/** Whether a row is known not to be in the list; false as long as nobody knows. */
function useIsExcluded<Row>(list: {
  rows: PagedRows<Row>;
  rowId(row: Row): string;
  id: string;
  only: string;
  listKey: string;
  narrowed: boolean;
}): boolean {
  const { rows, rowId, id, only, listKey, narrowed } = list;
  const [excluded, setExcluded] = useState<string | null>(null);
  const { total, asOf, changing } = rows;
  const question = JSON.stringify([id, listKey, total, asOf]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question says what it is asked of
  useEffect(() => {
    if (!narrowed || total === null || changing) return;
    const abort = new AbortController();
    rows
      .readRange(0, mostAlike, { signal: abort.signal, only })
      .then((all) => {
        if (!abort.signal.aborted && all.every((row) => rowId(row) !== id)) setExcluded(question);
      })
      .catch(() => undefined);
    return () => abort.abort();
  }, [question, changing]);
  return excluded === question;
}

/** Says over a detail that search or filters exclude its row from the list, and offers to clear them. */
export function ExcludedNotice<Row>(props: {
  noun: string;
  id: string;
  /** What names the row in the call's `only`. */
  only: string;
  rows: PagedRows<Row>;
  rowId(row: Row): string;
  listKey: string;
  address: ListAddressState;
  filters: readonly ListFilter[];
}) {
  const { noun, id, only, rows, rowId, listKey, address, filters } = props;
  const words = excludingWords(address, filters);
  const excluded = useIsExcluded({ rows, rowId, id, only, listKey, narrowed: words.length > 0 });
  if (!excluded) return null;
  return (
    <div className={classes.excluded} role="status">
      <IconFilterOff size={15} aria-hidden />
      <span>
        This {noun} is not in the list: excluded by {excludingWords(address, filters).join(' and ')}
        .
      </span>
      <TinyButton onClick={address.clear}>Clear</TinyButton>
    </div>
  );
}
