import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { formatCount } from '../../kit/components/format.ts';
import { useShortcut } from '../../kit/shortcuts.ts';
import type { ListAddressState } from '../table/use-list-address.ts';
import { FilterMenu } from './filter-menu.tsx';
import type { ListFilter } from './filters.ts';
import classes from './list-view.module.css';

const typingPause = 150;

/** Search, filters, where one is in the list, columns and export. */
export function ListToolbar(props: {
  /** Before the search. */
  before?: ReactNode;
  /** Undefined: the list can't be searched. */
  placeholder: string | undefined;
  filters?: readonly ListFilter[];
  address: ListAddressState;
  range: ReactNode;
  children: ReactNode;
}) {
  const { placeholder, filters = [], address } = props;
  return (
    <div className={classes.toolbar}>
      {props.before}
      {placeholder !== undefined && <SearchField placeholder={placeholder} address={address} />}
      {filters.length > 0 && <FilterMenu filters={filters} address={address} />}
      <span className={classes.space} />
      <span className={`oc-number ${classes.range}`} aria-live="polite">
        {props.range}
      </span>
      {props.children}
    </div>
  );
}

/** The range in sight, and how many rows there are without search and filters. */
export function OfAll({ range, all }: { range: ReactNode; all: number | null }) {
  return (
    <>
      {range}
      {all !== null && ` · ${formatCount(all)} in all`}
    </>
  );
}

/** Moves the keyboard from the search to the rows below it. Returns false where no list is on screen. */
function focusList(): boolean {
  const list = document.querySelector<HTMLElement>('main [role="grid"]');
  list?.focus({ preventScroll: true });
  return list !== null;
}

/** A search that is kept in the address of its page. */
export function SearchField({
  placeholder,
  address,
}: {
  placeholder: string;
  address: Pick<ListAddressState, 'search' | 'setSearch'>;
}) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(address.search);
  const sent = useRef(address.search);
  const { search, setSearch } = address;

  const send = useDebouncedCallback((next: string) => {
    if (next === sent.current) return;
    sent.current = next;
    setSearch(next);
  }, typingPause);
  const enter = (next: string) => {
    setText(next);
    send(next);
  };

  // Back, forward and "clear" change the address under the field.
  useEffect(() => {
    if (search === sent.current) return;
    send.cancel();
    sent.current = search;
    setText(search);
  }, [search, send]);

  useShortcut('/', () => {
    field.current?.focus();
    field.current?.select();
  });
  return (
    <TextInput
      ref={field}
      className={classes.search}
      aria-label={placeholder}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} />}
      value={text}
      maxLength={200}
      spellCheck={false}
      onChange={(event) => enter(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          if (text === '') field.current?.blur();
          else enter('');
        } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
          send.flush();
          if (focusList()) event.preventDefault();
        }
      }}
    />
  );
}
