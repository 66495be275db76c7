import type { ChangeEvent } from 'react';

/** Props of a text field: its value, and a callback with what is typed. */
export function typed(value: string, onText: (text: string) => void) {
  return {
    value,
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onText(currentTarget.value),
  };
}

/** Props of a checkbox or switch: whether it is on, and a callback with the new state. */
export function ticked(checked: boolean, onTurn: (on: boolean) => void) {
  return {
    checked,
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement>) => onTurn(currentTarget.checked),
  };
}
