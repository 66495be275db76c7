import { ActionIcon, Button, Checkbox, Popover, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useShortcut } from '../../kit/shortcuts.ts';
import type { ColumnLayoutState } from '../table/use-column-layout.ts';
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

function SearchField({ placeholder, address }: { placeholder: string; address: ListAddressState }) {
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(address.search);
  const sent = useRef(address.search);
  const { search, setSearch } = address;

  // Back, forward and "clear" change the address under the field.
  useEffect(() => {
    if (search === sent.current) return;
    sent.current = search;
    setText(search);
  }, [search]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: waits for a pause in typing, nothing else
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      setSearch(text);
    }, typingPause);
    return () => clearTimeout(timer);
  }, [text]);

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
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (text === '') field.current?.blur();
        else setText('');
      }}
    />
  );
}

/** Which columns are shown and in which order; the first one stays first. */
export function ColumnsMenu<Row>({ layout }: { layout: ColumnLayoutState<Row> }) {
  return (
    <Popover position="bottom-end" width={260} trapFocus>
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon aria-label="Columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns" p={8}>
        {layout.all.map(({ column, visible }, position) => (
          <div key={column.id} className={classes.columnRow}>
            <Checkbox
              label={column.header}
              checked={visible}
              disabled={position === 0}
              onChange={(event) => layout.setVisible(column.id, event.currentTarget.checked)}
            />
            <span>
              <ActionIcon
                size={22}
                aria-label={`Move ${column.header} up`}
                disabled={position < 2}
                onClick={() => layout.move(column.id, position - 1)}
              >
                <IconArrowUp size={13} />
              </ActionIcon>
              <ActionIcon
                size={22}
                aria-label={`Move ${column.header} down`}
                disabled={position === 0 || position === layout.all.length - 1}
                onClick={() => layout.move(column.id, position + 1)}
              >
                <IconArrowDown size={13} />
              </ActionIcon>
            </span>
          </div>
        ))}
        <Button size="compact-sm" variant="subtle" color="gray" mt={4} onClick={layout.reset}>
          Reset columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
