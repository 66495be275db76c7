import { Button, Menu, Popover, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { SecondaryButton } from '../../../kit/components/buttons.ts';
import { useMenuEntries } from '../../../kit/components/menu-entries.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { typed } from '../../../kit/components/typed.ts';
import { usePreferences } from '../../../kit/stores/preferences.ts';
import classes from './period.module.css';
import {
  datesOf,
  monthName,
  periodPresets,
  presetLabels,
  presetSpan,
  spanOfDates,
  spanWords,
} from './period.ts';
import type { PeriodState } from './use-period.ts';

/** Selects the period: months, days back, dates, or all that was collected; and which clock counts. */
export function PeriodPicker({ period }: { period: PeriodState }) {
  const [choosingDates, setChoosingDates] = useState(false);
  const setPreferences = usePreferences((preferences) => preferences.set);
  const label = period.preset === 'custom' ? period.words : presetLabels[period.preset];
  return (
    <div className={classes.picker}>
      {period.ofBill ? (
        <span className="oc-dimmed" data-hint="A bill’s days and months are UTC.">
          UTC
        </span>
      ) : (
        <SegmentedControl
          size="xs"
          aria-label="Which clock days and months follow"
          data={optionsOf({ local: 'Local', utc: 'UTC' })}
          value={period.clock}
          onChange={(clock) => setPreferences({ clock: clock === 'utc' ? 'utc' : 'local' })}
        />
      )}
      <Popover
        opened={choosingDates}
        onChange={setChoosingDates}
        position="bottom-end"
        trapFocus
        returnFocus
        withRoles={false}
      >
        <Popover.Target>
          <div>
            <PresetMenu period={period} label={label} onDates={() => setChoosingDates(true)} />
          </div>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label="Select dates">
          <DatesForm period={period} onDone={() => setChoosingDates(false)} />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function PresetMenu(props: { period: PeriodState; label: string; onDates(): void }) {
  const { period } = props;
  const items = useMenuEntries(
    periodPresets.map((preset) => {
      const label = preset === 'custom' ? 'Select dates…' : presetLabels[preset];
      return {
        label,
        verb: `Period: ${label.replace('…', '')}`,
        icon: <IconCheck size={14} visibility={preset === period.preset ? 'visible' : 'hidden'} />,
        mark: <span className="oc-dimmed oc-number">{hintOf(preset, period)}</span>,
        start: () => (preset === 'custom' ? props.onDates() : period.select(preset)),
      };
    }),
  );
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <SecondaryButton
          leftSection={<IconCalendar size={14} />}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`Period: ${props.label}`}
          title={props.label}
          maw={250}
        >
          <span className="oc-truncate">{props.label}</span>
        </SecondaryButton>
      </Menu.Target>
      <Menu.Dropdown>{items}</Menu.Dropdown>
    </Menu>
  );
}

function hintOf(preset: (typeof periodPresets)[number], period: PeriodState): string {
  if (preset === 'last-month' || preset === 'this-month') {
    const { from, to } = presetSpan(preset, Date.now(), period.clock);
    return preset === 'last-month'
      ? spanWords({ from, to }, period.clock)
      : monthName(from, period.clock);
  }
  if (preset !== 'collected' || !period.collected) return '';
  const [first, last] = datesOf(period.collected, period.clock);
  return first === last ? first : `${first} – ${last}`;
}

function DatesForm({ period, onDone }: { period: PeriodState; onDone(): void }) {
  const [first, last] = period.span ? datesOf(period.span, period.clock) : ['', ''];
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const span = spanOfDates(from, to, period.clock);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!span) return;
    period.chooseSpan(span);
    onDone();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={8}>
        <div className={classes.dates}>
          <TextInput type="date" label="From" {...typed(from, setFrom)} data-autofocus />
          <TextInput
            type="date"
            label="To, included"
            {...typed(to, setTo)}
            error={from !== '' && to !== '' && !span ? 'Ends before it begins' : undefined}
          />
        </div>
        <div className="oc-caption">
          Whole days, {period.clock === 'utc' ? 'UTC' : 'by the local clock'}.
        </div>
        <Button type="submit" disabled={!span}>
          Show these dates
        </Button>
      </Stack>
    </form>
  );
}
