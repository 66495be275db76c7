import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { withoutInvisible } from '#shared/plain-text.ts';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { typed } from '../../kit/components/typed.ts';
import { readDays, writeDays } from './days.ts';
import {
  ageRules,
  ageValue,
  type Bounds,
  enteredAge,
  enteredText,
  type ListFilter,
  type OwnNumber,
  ownNumberRules,
  readBounds,
  textValue,
  writeBounds,
} from './filters.ts';
import classes from './list-view.module.css';

type Set = (value: string | null) => void;

/** Fields for free values of a filter: numbers, days, an age, a text. */
export function OwnEntries(props: { filter: ListFilter; value: string | undefined; onSet: Set }) {
  const { filter, value, onSet } = props;
  const isOption = filter.options.some((option) => option.value === value);
  const own = value === undefined || isOption ? null : value;
  return (
    <>
      {filter.ownNumber && <OwnNumbers own={filter.ownNumber} value={own} onSet={onSet} />}
      {filter.ownAge && (
        <NumberLine
          label="Older than"
          rules={ageRules}
          value={own === null ? null : enteredAge(own)}
          onSet={(days) => onSet(days === null ? null : ageValue(days))}
        />
      )}
      {filter.ownDays && <OwnDaysEntry label={filter.label} value={own} onSet={onSet} />}
      {filter.ownText !== undefined && (
        <TextLine
          label={filter.ownText}
          value={own === null ? null : enteredText(own)}
          onSet={onSet}
        />
      )}
    </>
  );
}

/** One free number, or two: minimum and maximum. */
function OwnNumbers(props: { own: OwnNumber; value: string | null; onSet: Set }) {
  const { own, value, onSet } = props;
  const rules = { ...ownNumberRules(own), unit: own.unit };
  if (!own.hasMost) return <NumberLine label={own.label} {...{ rules, value, onSet }} />;
  const bounds: Bounds = (value === null ? null : readBounds(value, own)) ?? {};
  const set = ({ least, most }: { least?: string | null; most?: string | null }) => {
    const next = { ...(least ? { least } : {}), ...(most ? { most } : {}) };
    onSet(Object.keys(next).length === 0 ? null : writeBounds(next));
  };
  return (
    <>
      <NumberLine
        label={own.label}
        rules={rules}
        value={bounds.least ?? null}
        onSet={(least) => set({ ...bounds, least })}
      />
      <NumberLine
        label="At most"
        rules={rules}
        value={bounds.most ?? null}
        onSet={(most) => set({ ...bounds, most })}
      />
    </>
  );
}

/**
 * Takes a number for a filter, by Enter or by leaving the field; emptied, it lifts the filter. What can't
 * be read is said and sets nothing.
 * @param props.value what is set, null while a choice or nothing is
 */
function NumberLine(props: {
  label: string;
  rules: NumberRules & { unit: string };
  value: string | null;
  onSet: Set;
}) {
  const { label, rules, value, onSet } = props;
  const [entered, setEntered] = useState(value ?? '');
  const set = () => {
    const read = entered.trim() === '' ? null : readEnteredNumber(entered, rules);
    if (read?.error !== undefined) return;
    const next = read?.value ?? null;
    if (next !== value) onSet(next);
  };
  return (
    <div className={classes.ownNumber}>
      <span aria-hidden>{label}</span>
      <NumberEntry
        aria-label={`${label}, ${rules.unit}`}
        size="xs"
        rules={rules}
        value={entered}
        onChange={setEntered}
        onBlur={() => entered.trim() !== '' && set()}
        onKeyDown={({ key }) => key === 'Enter' && set()}
      />
      <span aria-hidden>{rules.unit}</span>
    </div>
  );
}

/** Takes a text for a filter on Enter or blur; emptied, it clears the filter. */
function TextLine(props: { label: string; value: string | null; onSet: Set }) {
  const { label, value, onSet } = props;
  const [entered, setEntered] = useState(value ?? '');
  const set = () => {
    const text = withoutInvisible(entered);
    if (text === (value ?? '')) return;
    onSet(text === '' ? null : textValue(text));
  };
  return (
    <div className={classes.ownText}>
      <TextInput
        aria-label={label}
        placeholder={label}
        size="xs"
        maxLength={150}
        {...typed(entered, setEntered)}
        autoComplete="off"
        spellCheck={false}
        onBlur={set}
        onKeyDown={({ key }) => key === 'Enter' && set()}
      />
    </div>
  );
}

/** Takes the first and the last day of a period; both emptied, it clears the filter. */
function OwnDaysEntry(props: {
  label: string;
  value: string | null;
  onSet(value: string | null): void;
}) {
  const [days, setDays] = useState(readDays(props.value ?? '') ?? { from: '', to: '' });
  const change = (next: typeof days) => {
    setDays(next);
    const text = writeDays(next);
    if (readDays(text)) props.onSet(text);
    else if (next.from === '' && next.to === '') props.onSet(null);
  };
  const field = (end: 'from' | 'to', words: string) => (
    <TextInput
      type="date"
      size="xs"
      aria-label={`${props.label}: ${words}`}
      value={days[end]}
      onChange={(event) => change({ ...days, [end]: event.currentTarget.value })}
    />
  );
  return (
    <div className={classes.ownDays}>
      {field('from', 'first day')}
      <span aria-hidden>to</span>
      {field('to', 'last day')}
    </div>
  );
}
