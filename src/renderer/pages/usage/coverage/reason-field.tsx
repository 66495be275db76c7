import { Textarea } from '@mantine/core';
import { typed } from '../../../kit/components/typed.ts';

interface ReasonFieldProps {
  /** A reason somebody could have. */
  example: string;
  value: string;
  onChange(reason: string): void;
}

/** Shows why a decision on coverage was taken; the decision is shown and kept with it. */
export function ReasonField({ example, value, onChange }: ReasonFieldProps) {
  return (
    <Textarea
      label="Reason"
      placeholder={example}
      required
      minLength={3}
      maxLength={500}
      autosize
      minRows={2}
      data-autofocus
      {...typed(value, onChange)}
    />
  );
}
