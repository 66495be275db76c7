import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

/** A user of any cluster that is being chosen, at first by a search. */
export function useUserChoice(firstSearch = '') {
  const cluster = useCluster();
  const [connectionId, setConnectionId] = useState(cluster.id);
  const [userId, setUserId] = useState<string | null>(null);
  const [search, setSearch] = useState(firstSearch);
  const chooseCluster = (id: string | null) => {
    setConnectionId(id ?? cluster.id);
    setUserId(null);
  };
  return { connectionId, chooseCluster, userId, setUserId, search, setSearch };
}

/** Fields that choose a cluster and one of its users. */
export function UserChoice({ choice }: { choice: ReturnType<typeof useUserChoice> }) {
  const { connectionId, userId, search } = choice;
  const connections = useCall('connections.list', {}).data ?? [];
  const [wanted] = useDebouncedValue(search, 150);
  const asked = { connectionId, limit: 20, ...(wanted === '' ? {} : { search: wanted }) };
  const users = useCall('users.list', asked).data?.rows ?? [];
  return (
    <>
      <Select
        label="Cluster"
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        value={connectionId}
        allowDeselect={false}
        onChange={choice.chooseCluster}
      />
      <Select
        label="User"
        description="By e-mail or user id."
        searchable
        data-autofocus
        data={users.map((user) => ({
          value: user.userId,
          label: user.email ? `${user.email} (${user.userId})` : user.userId,
        }))}
        value={userId}
        onChange={choice.setUserId}
        searchValue={search}
        onSearchChange={choice.setSearch}
        filter={({ options }) => options}
        nothingFoundMessage="No results"
      />
    </>
  );
}
