import { Select } from '@mantine/core';
import { useRef, useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { SearchSelect, useFound } from '../../../kit/components/search-select.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';

/** A user of any cluster that is being selected, at first by a search. */
export function useUserChoice(firstSearch = '') {
  const cluster = useCluster();
  const [connectionId, setConnectionId] = useState(cluster.id);
  const [userId, setUserId] = useState<string | null>(null);
  const [search, setSearch] = useState(firstSearch);
  // Mantine empties the search of a field without a value: only what is typed may do so
  const typed = useRef(false);
  const chooseCluster = (id: string | null) => {
    setConnectionId(id ?? cluster.id);
    setUserId(null);
    typed.current = false;
    setSearch(firstSearch);
  };
  const onSearchChange = (text: string) => {
    if (text !== '' || typed.current) setSearch(text);
  };
  const onInput = () => {
    typed.current = true;
  };
  return { connectionId, chooseCluster, userId, setUserId, search, onSearchChange, onInput };
}

/** Fields that select a cluster and one of its users; system users are never offered. */
export function UserChoice({ choice }: { choice: ReturnType<typeof useUserChoice> }) {
  const { connectionId } = choice;
  const connections = useCall('connections.list', {}).data ?? [];
  // lists of some gateways have no flags: a key id begins with the id of its user
  const caller = connections.find(({ id }) => id === connectionId)?.accessKeyId.toLowerCase() ?? '';
  return (
    <>
      <Select
        label="Cluster"
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        value={connectionId}
        onChange={choice.chooseCluster}
      />
      <UserSelect key={connectionId} choice={choice} caller={caller} />
    </>
  );
}

/** Select of a cluster's users. */
function UserSelect(props: { choice: ReturnType<typeof useUserChoice>; caller: string }) {
  const { choice, caller } = props;
  const { connectionId, userId, search } = choice;
  // the label of a selected user is its e-mail and its id
  const typed = search.split(' (')[0] ?? '';
  const { found, instead } = useFound('users.list', typed, (words) => ({
    connectionId,
    filter: { system: false },
    limit: 20,
    ...(words === '' ? {} : { search: words }),
  }));
  const offered = found?.rows.filter(
    (user) => !user.flags.includes('system') && !caller.startsWith(user.userId.toLowerCase()),
  );
  return (
    <SearchSelect
      {...{ instead, search }}
      label="User"
      description="By e-mail or user id."
      options={offered?.map((user) => ({
        value: user.userId,
        label: user.email ? `${user.email} (${user.userId})` : user.userId,
      }))}
      value={userId}
      onChange={choice.setUserId}
      onSearch={choice.onSearchChange}
      onInput={choice.onInput}
    />
  );
}
