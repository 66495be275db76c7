import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type ParameterUpdate, withParameters } from '../../kit/addresses.ts';
import type { ListSort } from './columns.ts';

export interface ListAddress {
  search: string;
  /** By filter id; a filter that is not set is not there. */
  filters: Readonly<Record<string, string>>;
  sort: ListSort | null;
  /** Id of the row whose detail panel is open. */
  open: string | null;
}

/** A part of an address that does not narrow the list. */
export interface UnknownFilter {
  /** Name in the address. */
  id: string;
  /** Set where the filter is known and only this value of it is not, with its label. */
  of?: { label: string; value: string };
}

export interface ListAddressState extends ListAddress {
  /** What of the address no filter of this list is called; a list without filters shares its page's address. */
  unknown: readonly UnknownFilter[];
  setSearch(search: string): void;
  setFilter(id: string, value: string | null): void;
  clear(): void;
  setSort(sort: ListSort | null): void;
  setOpen(id: string | null): void;
}

/** What is in the address of a list, or of the page it is on, besides its filters. */
const known = new Set([
  'q',
  'sort',
  'open',
  'view',
  'of',
  'clusters',
  'target',
  'run',
  'plan',
  'month',
]);

/**
 * Keeps what a list shows in the address (`?q=…&state=disabled&sort=-currentBytes&open=…`), so that
 * back, forward, reload and a copied address do what one expects. Opening a detail is a step to go back
 * over; typing, sorting and moving through rows are not.
 * @param filterIds names of the filters this list has
 */
export function useListAddress(filterIds: readonly string[]): ListAddressState {
  const [parameters, setParameters] = useSearchParams();

  const address = useMemo<ListAddress & Pick<ListAddressState, 'unknown'>>(() => {
    const sort = parameters.get('sort');
    return {
      search: parameters.get('q') ?? '',
      filters: Object.fromEntries(
        filterIds.flatMap((id) => {
          const value = parameters.get(id);
          return value === null ? [] : [[id, value]];
        }),
      ),
      sort: sort ? { by: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : null,
      open: parameters.get('open'),
      unknown: [...new Set(parameters.keys())].flatMap((id) =>
        filterIds.length === 0 || filterIds.includes(id) || known.has(id) ? [] : [{ id }],
      ),
    };
  }, [parameters, filterIds]);

  const change = useCallback(
    (update: ParameterUpdate, replace = true) =>
      setParameters((before) => withParameters(before, update), { replace }),
    [setParameters],
  );

  return {
    ...address,
    setSearch: (search) => change({ q: search }),
    setFilter: (id, value) => change({ [id]: value }, false),
    clear: () => {
      const names = ['q', ...filterIds, ...address.unknown.map(({ id }) => id)];
      change(Object.fromEntries(names.map((name) => [name, null])), false);
    },
    setSort: (sort) => change({ sort: sort && `${sort.descending ? '-' : ''}${sort.by}` }),
    setOpen: (id) => change({ open: id }, address.open !== null && id !== null),
  };
}
