import { UnstyledButton } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ListAddressState } from '../table/use-list-address.ts';
import { filterWords, type ListFilter } from './filters.ts';
import classes from './list-view.module.css';

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
