import { Menu, UnstyledButton } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import type { ListAddressState } from '../table/use-list-address.ts';
import { filterWords, type ListFilter } from './filters.ts';
import classes from './list-view.module.css';
import { OwnEntries } from './own-entries.tsx';

/** What filters are kept in: an address, or a form. */
export type FilterState = Pick<ListAddressState, 'filters' | 'setFilter' | 'clear'>;

/** Offers everything a list can be narrowed by, grouped, with what is set ticked. */
export function FilterMenu(props: { filters: readonly ListFilter[]; address: FilterState }) {
  const { filters, address } = props;
  return (
    <Menu position="bottom-start" closeOnItemClick={false} width="auto">
      <Menu.Target>
        <SecondaryButton px={10} style={{ flex: 'none' }} aria-label="Filter">
          <IconFilter size={14} aria-hidden />
          <span className={classes.wide}>&nbsp; Filter</span>
        </SecondaryButton>
      </Menu.Target>
      <Menu.Dropdown className={classes.filterMenu}>
        <div className={classes.filterGroups} data-many={filters.length > 5 || undefined}>
          {filters.map((filter) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
            <div
              key={filter.id}
              role="group"
              aria-label={filter.label}
              className={classes.filterGroup}
            >
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
              <OwnEntries
                filter={filter}
                value={address.filters[filter.id]}
                onSet={(value) => address.setFilter(filter.id, value)}
              />
            </div>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Shows what the list is narrowed to, each with its own way out, and "clear". */
export function FilterChips(props: { filters: readonly ListFilter[]; address: FilterState }) {
  const { filters, address } = props;
  const set = filters.flatMap((filter) => {
    const value = address.filters[filter.id];
    return value === undefined || value === '' ? [] : [{ filter, value }];
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
