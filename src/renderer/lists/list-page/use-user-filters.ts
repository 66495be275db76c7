import { useMemo } from 'react';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { FilterPart, ListFilter } from './filters.ts';
import { planFilter, userFilters } from './target-filters.ts';

/** The filters of users, with the service plans there are. */
export function useUserFilters(): readonly ListFilter<FilterPart<'users.list'>>[] {
  const plans = useCall('servicePlans.list', {}).data;
  return useMemo(() => {
    const names = plans?.map(({ name }) => name) ?? [];
    return userFilters.map((filter) => (filter.id === 'plan' ? planFilter(names) : filter));
  }, [plans]);
}
