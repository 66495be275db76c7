import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { useCall } from '../../api/use-call.ts';
import { useCluster } from '../../app/cluster-context.tsx';
import { formatCounted } from '../../components/format.ts';
import { ChangeForm } from './change-form.tsx';
import { changeOf, emptyChange } from './change-values.ts';
import classes from './changes.module.css';
import { PrepareActions } from './prepare-actions.tsx';
import { type ChosenTargets, sourceOf } from './sources.ts';

interface Narrowed {
  search: string;
  state: string;
  buckets: string;
  size: string;
  kind: string;
}

const everyUser: Narrowed = { search: '', state: 'any', buckets: 'any', size: 'any', kind: 'no' };
const gibibyte = 1024 ** 3;

type UserFilter = NonNullable<CallInput<'users.list'>['filter']>;

function filterOf({ state, buckets, size, kind }: Narrowed): UserFilter {
  return {
    ...(state === 'enabled' || state === 'disabled' ? { state } : {}),
    ...(buckets === 'some' || buckets === 'none' ? { buckets } : {}),
    ...(size === 'any' ? {} : { minBytes: Number(size) * gibibyte }),
    ...(kind === 'any' ? {} : { system: kind === 'yes' }),
  };
}

const choices = {
  state: [
    { value: 'any', label: 'Any state' },
    { value: 'enabled', label: 'Enabled' },
    { value: 'disabled', label: 'Disabled' },
  ],
  buckets: [
    { value: 'any', label: 'With or without buckets' },
    { value: 'some', label: 'Owns some' },
    { value: 'none', label: 'Owns none' },
  ],
  size: [
    { value: 'any', label: 'Any size' },
    { value: '1', label: '1 GiB or more' },
    { value: '100', label: '100 GiB or more' },
    { value: '1024', label: '1 TiB or more' },
    { value: '10240', label: '10 TiB or more' },
  ],
  kind: [
    { value: 'no', label: 'Tenants only' },
    { value: 'yes', label: 'System users only' },
    { value: 'any', label: 'Tenants and system users' },
  ],
} as const;

/** A change of every user that matches: what they are narrowed by, and what changes. */
export function FilterSource() {
  const cluster = useCluster();
  const [narrowed, setNarrowed] = useState(everyUser);
  const [values, setValues] = useState(() => emptyChange('quota'));
  const filter = filterOf(narrowed);
  const search = narrowed.search.trim() === '' ? undefined : narrowed.search.trim();
  const query = useCall(
    'users.list',
    {
      connectionId: cluster.id,
      ...(search === undefined ? {} : { search }),
      filter,
      offset: 0,
      limit: 1,
    },
    { keepPrevious: true },
  );
  const total = query.data?.total ?? 0;
  const change = changeOf(values);
  const targets: ChosenTargets = { kind: 'filter', total, search, filter };
  const field = (name: keyof typeof choices, label: string) => (
    <Select
      label={label}
      data={choices[name]}
      value={narrowed[name]}
      allowDeselect={false}
      onChange={(value) => value && setNarrowed({ ...narrowed, [name]: value })}
    />
  );
  return (
    <>
      <div className={classes.narrow}>
        <TextInput
          label="E-mail or id contains"
          value={narrowed.search}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => setNarrowed({ ...narrowed, search: event.currentTarget.value })}
        />
        {field('state', 'State')}
        {field('buckets', 'Buckets')}
        {field('size', 'Size')}
        {field('kind', 'Kind')}
      </div>
      <p className={classes.matches} aria-live="polite">
        <b className="oc-number">{formatCounted(total, 'user')}</b>{' '}
        {total === 1 ? 'matches' : 'match'}, as of the last refresh.
      </p>
      <div className={classes.narrowForm}>
        <ChangeForm values={values} onChange={setValues} noun="user" />
      </div>
      <PrepareActions
        source={total > 0 ? sourceOf(targets, change) : null}
        verb={`Preview ${formatCounted(total, 'change')}`}
      />
    </>
  );
}
