import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { OwnNumber } from './filters.ts';
import classes from './list-view.module.css';

/**
 * Takes a number of one's own for a filter, by Enter or by leaving the field; emptied, it lifts the
 * filter.
 * @param props.value what is set, null while a choice or nothing is
 */
export function OwnNumberEntry(props: {
  own: OwnNumber;
  value: string | null;
  onSet(value: string | null): void;
}) {
  const { own, value, onSet } = props;
  const [entered, setEntered] = useState<string | number>(value ?? '');
  const set = () => {
    const next = entered === '' ? null : String(entered);
    if (next !== value) onSet(next);
  };
  return (
    <div className={classes.ownNumber}>
      <span aria-hidden>{own.label}</span>
      <NumberInput
        aria-label={`${own.label}, ${own.unit}`}
        size="xs"
        hideControls
        allowDecimal={false}
        allowNegative={false}
        min={1}
        max={own.most}
        clampBehavior="strict"
        value={entered}
        onChange={setEntered}
        onBlur={() => entered !== '' && set()}
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
