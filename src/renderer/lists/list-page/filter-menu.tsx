import { Button, Menu, UnstyledButton } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import type { ListAddressState } from '../table/use-list-address.ts';
import { filterWords, type ListFilter, type OwnNumber, ownNumberRules } from './filters.ts';
import classes from './list-view.module.css';

/** Offers everything a list can be narrowed by, grouped, with what is set ticked. */
export function FilterMenu(props: { filters: readonly ListFilter[]; address: ListAddressState }) {
  const { filters, address } = props;
  return (
    <Menu position="bottom-start" closeOnItemClick={false} width={240}>
      <Menu.Target>
        <Button variant="default" px={10} style={{ flex: 'none' }} aria-label="Filter">
          <IconFilter size={14} aria-hidden />
          <span className={classes.wide}>&nbsp; Filter</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        {filters.map((filter) => (
          <div key={filter.id}>
            <Menu.Label>{filter.label}</Menu.Label>
            {filter.options.map(({ value, label }) => {
              const on = address.filters[filter.id] === value;
              return (
                <Menu.CheckboxItem
                  key={value}
                  checked={on}
                  onChange={() => address.setFilter(filter.id, on ? null : value)}
                >
                  {label}
                </Menu.CheckboxItem>
              );
            })}
            {filter.ownNumber && (
              <OwnNumberEntry
                own={filter.ownNumber}
                value={ownValue(filter, address.filters[filter.id])}
                onSet={(value) => address.setFilter(filter.id, value)}
              />
            )}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ownValue({ options }: ListFilter, value: string | undefined): string | null {
  return value === undefined || options.some((option) => option.value === value) ? null : value;
}

/**
 * Takes a number of one's own for a filter, by Enter or by leaving the field; emptied, it lifts the
 * filter. What can't be read is said and sets nothing.
 * @param props.value what is set, null while a choice or nothing is
 */
function OwnNumberEntry(props: {
  own: OwnNumber;
  value: string | null;
  onSet(value: string | null): void;
}) {
  const { own, value, onSet } = props;
  const rules = ownNumberRules(own);
  const [entered, setEntered] = useState(value ?? '');
  const set = () => {
    const read = entered.trim() === '' ? null : readEnteredNumber(entered, rules);
    if (read?.error !== undefined) return;
    const next = read?.value ?? null;
    if (next !== value) onSet(next);
  };
  return (
    <div className={classes.ownNumber}>
      <span aria-hidden>{own.label}</span>
      <NumberEntry
        aria-label={`${own.label}, ${own.unit}`}
        size="xs"
        rules={rules}
        value={entered}
        onChange={setEntered}
        onBlur={() => entered.trim() !== '' && set()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') set();
          // letters and arrows are for the number here, not for the menu around it
          if (event.key !== 'Escape' && event.key !== 'Tab') event.stopPropagation();
        }}
      />
      <span aria-hidden>{own.unit}</span>
    </div>
  );
}

/** What the list is narrowed to, each with its own way out, and "clear". */
export function FilterChips(props: { filters: readonly ListFilter[]; address: ListAddressState }) {
  const { filters, address } = props;
  const set = filters.flatMap((filter) => {
    const value = address.filters[filter.id];
    return value === undefined ? [] : [{ filter, value }];
  });
  if (set.length === 0) return null;
  return (
    <div className={classes.chips}>
      {set.map(({ filter, value }) => (
        <UnstyledButton
          key={filter.id}
          className={classes.chip}
          aria-label={`Remove filter ${filterWords(filter, value)}`}
          onClick={() => address.setFilter(filter.id, null)}
        >
          {filterWords(filter, value)}
          <IconX size={12} aria-hidden />
        </UnstyledButton>
      ))}
      <UnstyledButton className={classes.clear} onClick={address.clear}>
        Clear
      </UnstyledButton>
    </div>
  );
}
