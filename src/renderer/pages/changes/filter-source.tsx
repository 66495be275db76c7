import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { agreeing } from '#shared/counted.ts';
import classes from '../../changes/bulk/bulk.module.css';
import { ChangeForm } from '../../changes/bulk/change-form.tsx';
import { changeOf, emptyChange } from '../../changes/bulk/change-values.ts';
import { sourceOf } from '../../changes/bulk/sources.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import {
  bucketFilterOf,
  bucketNarrowing,
  everyOne,
  type Narrowed,
  type Narrowing,
  targetsOf,
  userFilterOf,
  userNarrowing,
} from './narrowing.ts';
import { PrepareActions } from './prepare-actions.tsx';

/** How many users or buckets of the snapshot match. */
function useTotal(noun: Narrowing['noun'], narrowed: Narrowed): number {
  const { id: connectionId } = useCluster();
  const search = narrowed.search.trim();
  const common = { connectionId, ...(search === '' ? {} : { search }), offset: 0, limit: 1 };
  const ofUsers = noun === 'user';
  const users = useCall(
    'users.list',
    { ...common, filter: ofUsers ? userFilterOf(narrowed) : {} },
    { keepPrevious: true, enabled: ofUsers },
  );
  const buckets = useCall(
    'buckets.list',
    { ...common, filter: ofUsers ? {} : bucketFilterOf(narrowed) },
    { keepPrevious: true, enabled: !ofUsers },
  );
  return (ofUsers ? users : buckets).data?.total ?? 0;
}

/** A change of every user or every bucket that matches: what they are narrowed by, and what changes. */
export function FilterSource({ noun }: { noun: Narrowing['noun'] }) {
  const narrowing = noun === 'user' ? userNarrowing : bucketNarrowing;
  const [narrowed, setNarrowed] = useState(() => everyOne(narrowing));
  const [values, setValues] = useState(() => emptyChange('quota'));
  const total = useTotal(noun, narrowed);
  return (
    <>
      <div className={classes.narrow}>
        <TextInput
          label={narrowing.searchLabel}
          value={narrowed.search}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => setNarrowed({ ...narrowed, search: event.currentTarget.value })}
        />
        {narrowing.fields.map(({ name, label, options }) => (
          <Select
            key={name}
            label={label}
            data={options}
            value={narrowed[name] ?? null}
            allowDeselect={false}
            onChange={(value) => value && setNarrowed({ ...narrowed, [name]: value })}
          />
        ))}
      </div>
      <p className={classes.matches} aria-live="polite">
        <b className="oc-number">{formatCounted(total, noun)}</b>{' '}
        {agreeing(total, 'matches', 'match')}, as of the last refresh.
      </p>
      <div className={classes.narrowForm}>
        <ChangeForm values={values} onChange={setValues} noun={noun} />
      </div>
      <PrepareActions
        source={total > 0 ? sourceOf(targetsOf(noun, narrowed, total), changeOf(values)) : null}
        verb={`Preview ${formatCounted(total, 'change')}`}
      />
    </>
  );
}
