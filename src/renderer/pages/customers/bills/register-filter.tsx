import { Select, Switch } from '@mantine/core';
import { IconSearch, type TablerIcon } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { type ParameterUpdate, withParameters } from '../../../kit/addresses.ts';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { ticked } from '../../../kit/components/typed.ts';
import { useCallResults } from '../../../kit/rpc/use-call.ts';
import { SearchField } from '../../../lists/list-page/list-toolbar.tsx';
import classes from '../shared/customers.module.css';
import { lastMonths, thisMonth } from './months.ts';

/** The month that a register's page works on and what its list shows, as the address says. */
export function useRegisterFilter() {
  const [parameters, setParameters] = useSearchParams();
  const now = new Date();
  const ended = lastMonths(now);
  const months = [thisMonth(now), ...ended];
  const month = months.find(({ value }) => value === parameters.get('month')) ?? ended[0];
  const search = parameters.get('q') ?? '';
  const everyMonth = parameters.get('of') === 'all';
  const set = (update: ParameterUpdate) =>
    setParameters((before) => withParameters(before, update));
  const within = month && !everyMonth ? { within: { from: month.from, to: month.to } } : {};
  const filter = { ...(search === '' ? {} : { search }), ...within };
  return { parameters, months, month, search, everyMonth, filter, set };
}

/**
 * Reads a page of a register; meanwhile its rows stay where the search or the page changes, not where
 * the month does.
 */
export function useRegister<Name extends 'statements.issued' | 'invoices.list'>(
  name: Name,
  input: CallInput<Name>,
): UseQueryResult<CallOutput<Name>, AppError> {
  const [result] = useCallResults(name, [input], monthOf);
  return result as UseQueryResult<CallOutput<Name>, AppError>;
}

const monthOf = (input: object): string =>
  'within' in input ? JSON.stringify(input.within) : 'all';

export type RegisterFilter = ReturnType<typeof useRegisterFilter>;

/** The month that statements are issued and drafted for; the list below shows it. */
export function MonthSelect({ of: { months, month, set } }: { of: RegisterFilter }) {
  return (
    <Select
      aria-label="Month"
      w={220}
      data={months.map(({ value, label, notYet }) => ({
        value,
        label: notYet === null ? label : `${label}, so far`,
      }))}
      value={month?.value ?? null}
      onChange={(value) => set({ month: value, of: null })}
    />
  );
}

/** Search and months of a register. */
export function RegisterTools(props: { of: RegisterFilter; placeholder: string }) {
  const { search, everyMonth, set } = props.of;
  return (
    <div className={classes.tools}>
      <SearchField
        placeholder={props.placeholder}
        address={{ search, setSearch: (text) => set({ q: text }) }}
      />
      <Switch
        size="xs"
        label="All months"
        {...ticked(everyMonth, (all) => set({ of: all ? 'all' : null }))}
      />
    </div>
  );
}

/** What is said where a register has nothing to list: of a search, of a month, or at all. */
export function NothingListed(props: {
  of: RegisterFilter;
  what: string;
  icon: TablerIcon;
  /** What is missing, without "yet": `No draft invoice`. */
  none: string;
  /** The same of one month. */
  noneOf(month: string): string;
  /** What the register is for. */
  children: ReactNode;
}) {
  const { search, everyMonth, month, set } = props.of;
  const label = month?.label ?? '';
  if (search === '') {
    return (
      <EmptyState icon={props.icon} title={`${everyMonth ? props.none : props.noneOf(label)} yet`}>
        {props.children}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconSearch}
      title="No results"
      action={<SecondaryButton onClick={() => set({ q: null })}>Clear search</SecondaryButton>}
    >
      No {props.what}
      {!everyMonth && ` of ${label}`} matches the search.
    </EmptyState>
  );
}
