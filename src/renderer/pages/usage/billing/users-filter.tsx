import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { userWords } from '../../../kit/components/format.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from './billing.module.css';

const offered = 30;

/** Selects whom a statement is for; nobody selected is everyone. */
export function UsersFilter(props: {
  users: readonly string[];
  onChange(users: readonly string[]): void;
}) {
  const cluster = useCluster();
  const [search, setSearch] = useState('');
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const found =
    useCall(
      'users.list',
      {
        connectionId: cluster.id,
        ...(search.trim() === '' ? {} : { search: search.trim() }),
        sort: { by: 'email', descending: false },
        offset: 0,
        limit: offered,
      },
      { keepPrevious: true },
    ).data?.rows ?? [];
  const options = new Map(props.users.map((userId) => [userId, names.get(userId) ?? userId]));
  for (const { userId, email } of found) options.set(userId, userWords(email, userId));
  return (
    <MultiSelect
      aria-label="Users"
      placeholder={props.users.length === 0 ? 'Everyone' : ''}
      w={320}
      classNames={{ input: classes.usersInput ?? '' }}
      searchable
      clearable
      data={[...options].map(([value, label]) => ({ value, label }))}
      // What the cluster found is what is offered: it searches e-mails and ids alike.
      filter={({ options: all }) => all}
      value={[...props.users]}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(users) => {
        setNames(new Map([...names, ...options]));
        props.onChange(users);
      }}
      nothingFoundMessage="No user matches"
      maxDropdownHeight={280}
    />
  );
}
