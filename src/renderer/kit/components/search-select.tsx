import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { useCall } from '../rpc/use-call.ts';

const pause = 150;

/**
 * Searches once typing pauses.
 * @returns what is found for the words typed, undefined until that is answered, and what to say in its place
 */
export function useFound<Name extends CallName>(
  name: Name,
  typed: string,
  inputOf: (words: string) => CallInput<Name>,
): { found: CallOutput<Name> | undefined; instead: string } {
  const [words] = useDebouncedValue(typed, pause);
  const { data, error } = useCall(name, inputOf(words));
  const found = words === typed ? data : undefined;
  if (found) return { found, instead: 'No results' };
  return { found, instead: error && words === typed ? error.message : 'Searching…' };
}

/** A select whose options are searched for while typing; those of an earlier search are not offered. */
export function SearchSelect(props: {
  label: string;
  description: string;
  /** Undefined until the search for what is typed has answered. */
  options: { value: string; label: string }[] | undefined;
  /** Said where there is no option. */
  instead: string;
  value: string | null;
  onChange(value: string | null): void;
  search: string;
  onSearch(text: string): void;
  onInput?: (() => void) | undefined;
}) {
  const { label, description, options = [], value, search } = props;
  const [taken, setTaken] = useState('');
  const selected = options.find((option) => option.value === value)?.label ?? taken;
  // Enter takes an option: it never confirms the one of before while another is being typed
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && search !== selected) event.preventDefault();
  };
  return (
    <Select
      {...{ label, description, value, onKeyDown }}
      searchable
      data-autofocus
      // what is selected already is not asked for
      openOnFocus={value === null}
      data={options}
      onChange={(id, option) => {
        setTaken(option?.label ?? '');
        props.onChange(id);
      }}
      searchValue={search}
      onSearchChange={props.onSearch}
      onInput={props.onInput}
      filter={({ options: all }) => all}
      nothingFoundMessage={props.instead}
    />
  );
}
