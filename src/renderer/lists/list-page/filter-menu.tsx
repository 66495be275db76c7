import { Button, Menu } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import type { ListAddressState } from '../table/use-list-address.ts';
import type { ListFilter } from './filters.ts';
import classes from './list-view.module.css';
import { OwnNumberEntry } from './own-number-entry.tsx';

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

/** What is set where it is none of the choices. */
function ownValue({ options }: ListFilter, value: string | undefined): string | null {
  return value === undefined || options.some((option) => option.value === value) ? null : value;
}
