import { useMemo } from 'react';
import { type ListAddressState, useListAddress } from '../table/use-list-address.ts';
import { type ListFilter, takesValue } from './filters.ts';

/**
 * The address of a list with filters, as `useListAddress` has it. A value that its filter does not take
 * narrows nothing and is among what is unknown, so that the list stays usable.
 */
export function useFilters(filters: readonly ListFilter[]): ListAddressState {
  const ids = useMemo(() => filters.map(({ id }) => id), [filters]);
  const address = useListAddress(ids);
  const { filters: set, unknown } = address;
  const split = useMemo(() => {
    const wrong = filters.flatMap((filter) => {
      const value = set[filter.id];
      if (value === undefined || takesValue(filter, value)) return [];
      return [{ id: filter.id, of: { label: filter.label, value } }];
    });
    if (wrong.length === 0) return null;
    const isWrong = (name: string): boolean => wrong.some(({ id }) => id === name);
    return {
      filters: Object.fromEntries(Object.entries(set).filter(([name]) => !isWrong(name))),
      unknown: [...unknown, ...wrong],
    };
  }, [filters, set, unknown]);
  return split === null ? address : { ...address, ...split };
}
