import { TextInput, type TextInputProps } from '@mantine/core';
import type { FocusEvent, Ref } from 'react';
import {
  changeError,
  isChange,
  type NumberRules,
  readEnteredNumber,
  readNumberAgainst,
} from '#shared/entered-number.ts';
import { typed } from './typed.ts';

/**
 * Takes a number as people type it, and says in words what it can't take. It holds what was typed, to
 * the letter: read it with `readEnteredNumber` and the same rules.
 * @param props.current the value there is, which `+10 %` changes; omitted: such is no number here
 * @param props.ofMany whether it is for many: `+10 %` changes what each has
 * @param props.error shown in place of what the number itself is wrong with
 */
export function NumberEntry(
  props: Omit<TextInputProps, 'value' | 'onChange'> & {
    ref?: Ref<HTMLInputElement>;
    rules: NumberRules;
    current?: string | null;
    ofMany?: boolean;
    value: string;
    onChange(text: string): void;
  },
) {
  const { rules, current, ofMany, value, onChange, error, ...rest } = props;
  const read = () => {
    if (ofMany && isChange(value)) return changeError(value, rules);
    return current === undefined
      ? readEnteredNumber(value, rules).error
      : readNumberAgainst(value, current, rules).error;
  };
  const wrong = value.trim() === '' ? undefined : read();
  return (
    <TextInput
      inputMode={rules.decimals ? 'decimal' : 'numeric'}
      autoComplete="off"
      spellCheck={false}
      {...rest}
      {...(current ? { onFocus: selectAll } : {})}
      {...typed(value, onChange)}
      error={error ?? wrong}
    />
  );
}

/** Typing replaces the value; a second click sets the cursor. */
function selectAll({ currentTarget }: FocusEvent<HTMLInputElement>): void {
  currentTarget.select();
}
