import { Checkbox, Popover, UnstyledButton } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import type { ListAddressState, UnknownFilter } from '../table/use-list-address.ts';
import { filterWords, type ListFilter } from './filters.ts';
import classes from './list-view.module.css';
import { OwnEntries } from './own-entries.tsx';

/** What filters are kept in: an address, or a form. */
export type FilterState = Pick<ListAddressState, 'filters' | 'setFilter' | 'clear'> &
  Partial<Pick<ListAddressState, 'unknown'>>;

/** Offers everything a list can be narrowed by, grouped, with what is set ticked. */
export function FilterMenu(props: { filters: readonly ListFilter[]; address: FilterState }) {
  const { filters, address } = props;
  useOfferOnScreen(() =>
    filters.flatMap((filter) =>
      filter.options.map(({ value }) => ({
        id: `filter-${filter.id}-${value}`,
        label: `Filter by ${filterWords(filter, value)}`,
        keywords: 'show only',
        ofRow: true,
        reason: null,
        start: () => address.setFilter(filter.id, value),
      })),
    ),
  );
  return (
    <Popover position="bottom-start" trapFocus>
      <Popover.Target>
        <SecondaryButton px={10} style={{ flex: 'none' }} aria-label="Filter">
          <IconFilter size={14} aria-hidden />
          <span className={classes.wide}>&nbsp; Filter</span>
        </SecondaryButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.filterMenu} p={8}>
        <div className={classes.filterGroups} data-many={filters.length > 5 || undefined}>
          {filters.map((filter) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset would have a frame
            <div
              key={filter.id}
              role="group"
              aria-label={filter.label}
              className={classes.filterGroup}
            >
              <div className={classes.filterName}>{filter.label}</div>
              {filter.options.map(({ value, label }) => (
                <Checkbox
                  key={value}
                  label={label}
                  className={classes.filterOption}
                  checked={address.filters[filter.id] === value}
                  onChange={({ currentTarget: { checked } }) =>
                    address.setFilter(filter.id, checked ? value : null)
                  }
                />
              ))}
              <OwnEntries
                filter={filter}
                value={address.filters[filter.id]}
                onSet={(value) => address.setFilter(filter.id, value)}
              />
            </div>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function unknownWords({ id, of }: UnknownFilter): string {
  return of ? `unknown value for ${of.label}: ${of.value}` : `unknown filter: ${id}`;
}

/** Shows what the list is narrowed to, each with its own way out, and "clear". */
export function FilterChips(props: { filters: readonly ListFilter[]; address: FilterState }) {
  const { filters, address } = props;
  const set = filters.flatMap((filter) => {
    const value = address.filters[filter.id];
    return value === undefined || value === '' ? [] : [{ filter, value }];
  });
  const { unknown = [] } = address;
  if (set.length === 0 && unknown.length === 0) return null;
  return (
    <div className={classes.chips}>
      {unknown.map((one) => (
        <UnstyledButton
          key={one.id}
          className={classes.chip}
          aria-label={`Remove ${unknownWords(one)}`}
          onClick={() => address.setFilter(one.id, null)}
        >
          {unknownWords(one).replace(/^u/, 'U')}
          <IconX size={12} aria-hidden />
        </UnstyledButton>
      ))}
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
