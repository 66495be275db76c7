import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { agreeing } from '#shared/counted.ts';
import classes from '../../changes/bulk/bulk.module.css';
import { ChangeForm } from '../../changes/bulk/change-form.tsx';
import {
  type ChosenTargets,
  changeOf,
  emptyChange,
  sourceOf,
} from '../../changes/bulk/change-values.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { optionsOf } from '../../kit/components/options.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { Segments } from '../../kit/components/segments.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { FilterChips, FilterMenu, type FilterState } from '../../lists/list-page/filter-menu.tsx';
import type { ListFilter } from '../../lists/list-page/filters.ts';
import { filterInput, searchInput } from '../../lists/list-page/list-view.tsx';
import { bucketFilters } from '../../lists/list-page/target-filters.ts';
import { useUserFilters } from '../../lists/list-page/use-user-filters.ts';
import { PrepareActions } from './prepare-actions.tsx';
import { BackToRuns } from './run-words.tsx';
import { TableSource } from './table-source.tsx';

const sources = ['table', 'filter', 'buckets'] as const;

/** Starts a bulk change without a list: from a table, or for every user or bucket that matches. */
export function NewChangesPage() {
  const [parameters, setParameters] = useSearchParams();
  const from = sources.find((source) => source === parameters.get('from')) ?? 'table';
  return (
    <>
      <PageBar title="New bulk change" before={<BackToRuns />} />
      <div className="oc-scroll">
        <div className={classes.page}>
          <Segments
            aria-label="What is changed"
            value={from}
            onChange={(value) => setParameters({ from: value }, { replace: true })}
            data={optionsOf({
              table: 'From a table (CSV)',
              filter: 'All users that match',
              buckets: 'All buckets that match',
            })}
          />
          {from === 'table' ? (
            <TableSource />
          ) : (
            <FilterSource key={from} noun={from === 'filter' ? 'user' : 'bucket'} />
          )}
        </div>
      </div>
    </>
  );
}

type Noun = 'user' | 'bucket';

const searchLabels = { user: 'E-mail or id contains', bucket: 'Name contains' } as const;

/** Returns initial values of these filters: empty, except where one option is always set. */
export function initialValues(filters: readonly ListFilter[]): Record<string, string> {
  const always = filters.filter((filter) => filter.any === undefined);
  return Object.fromEntries(always.map(({ id, options }) => [id, options[0]?.value ?? '']));
}

/** Returns whether a filter takes only its options; others need the room of a menu. */
function isSimple({ ownNumber, ownDays, ownText }: ListFilter): boolean {
  return ownNumber === undefined && !ownDays && ownText === undefined;
}

/** How many users or buckets of the snapshot match. */
function useTotal(noun: Noun, input: ReturnType<typeof searchInput> & object): number {
  const { id: connectionId } = useCluster();
  const page = { connectionId, ...input, offset: 0, limit: 1 };
  const users = useCall('users.list', page, { keepPrevious: true, enabled: noun === 'user' });
  const buckets = useCall('buckets.list', page, { keepPrevious: true, enabled: noun === 'bucket' });
  return (noun === 'user' ? users : buckets).data?.total ?? 0;
}

/** A change for every user or bucket that matches: the filters of the list, and the change. */
function FilterSource({ noun }: { noun: Noun }) {
  const ofUsers = useUserFilters();
  const filters: readonly ListFilter[] = noun === 'user' ? ofUsers : bucketFilters;
  const simple = filters.filter(isSimple);
  const further = filters.filter((filter) => !isSimple(filter));
  const [search, setSearch] = useState('');
  const [set, setSet] = useState(() => initialValues(filters));
  const [values, setValues] = useState(() => emptyChange('quota'));
  const input = { ...searchInput(search), ...filterInput(filters, set) };
  const total = useTotal(noun, input);
  const targets = { kind: 'filter', of: noun, total, search: undefined, ...input } as ChosenTargets;
  const state: FilterState = {
    filters: set,
    setFilter: (id, value) => setSet({ ...set, [id]: value ?? '' }),
    clear: () => setSet({ ...set, ...Object.fromEntries(further.map(({ id }) => [id, ''])) }),
  };
  return (
    <>
      <div className={classes.narrow}>
        <TextInput
          label={searchLabels[noun]}
          {...typed(search, setSearch)}
          maxLength={200}
          spellCheck={false}
        />
        {simple.map(({ id, label, any, options }) => (
          <Select
            key={id}
            label={label}
            data={any === undefined ? options : [{ value: '', label: any }, ...options]}
            value={set[id] ?? ''}
            onChange={(value) => value !== null && setSet({ ...set, [id]: value })}
          />
        ))}
      </div>
      <div>
        <FilterMenu filters={further} address={state} />
        <FilterChips filters={further} address={state} />
      </div>
      <p className="oc-flush" aria-live="polite">
        <b className="oc-number">{formatCounted(total, noun)}</b>{' '}
        {agreeing(total, 'matches', 'match')}, as of the last refresh.
      </p>
      <div className={classes.narrowForm}>
        <ChangeForm values={values} onChange={setValues} noun={noun} />
      </div>
      <PrepareActions
        source={total > 0 ? sourceOf(targets, changeOf(values)) : null}
        verb={`Preview ${formatCounted(total, 'change')}`}
      />
    </>
  );
}
