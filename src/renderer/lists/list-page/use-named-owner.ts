import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { enteredText, type ListFilter } from './filters.ts';
import { ownerFilter } from './target-filters.ts';

/** Returns the filters with the owner that the address names said by e-mail. */
export function useNamedOwner<Input extends object>(
  filters: readonly ListFilter<Input>[],
): readonly ListFilter<Input>[] {
  const cluster = useCluster();
  const [parameters] = useSearchParams();
  const value = parameters.get('owner');
  const owner = value === null || enteredText(value) !== null ? null : value;
  const user = useCall(
    'users.list',
    { connectionId: cluster.id, search: owner ?? '', offset: 0, limit: 1 },
    { enabled: owner !== null },
  ).data?.rows.find(({ userId }) => userId === owner);
  const label = user?.email || owner;
  return useMemo(() => {
    if (owner === null || label === null) return filters;
    const { options } = ownerFilter([{ value: owner, label }]);
    return filters.map((filter) => (filter.id === 'owner' ? { ...filter, options } : filter));
  }, [filters, owner, label]);
}
