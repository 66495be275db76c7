import type { ChangeEvent } from 'react';

/** The value of a text field, and who is told what is typed. */
export function typed(value: string, onText: (text: string) => void) {
  return {
    value,
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onText(currentTarget.value),
  };
}

/** Returns whether a box or a switch is on, and who is told that it is turned. */
export function ticked(checked: boolean, onTurn: (on: boolean) => void) {
  return {
    checked,
    onChange: ({ currentTarget }: ChangeEvent<HTMLInputElement>) => onTurn(currentTarget.checked),
  };
}
