import { useState } from 'react';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { type OwnNumber, ownNumberRules } from './filters.ts';
import classes from './list-view.module.css';

/**
 * Takes a number of one's own for a filter, by Enter or by leaving the field; emptied, it lifts the
 * filter. What can't be read is said and sets nothing.
 * @param props.value what is set, null while a choice or nothing is
 */
export function OwnNumberEntry(props: {
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
