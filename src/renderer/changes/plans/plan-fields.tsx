import { Textarea, TextInput } from '@mantine/core';

export interface PlanText {
  name: string;
  note: string;
}

/** The name and the note of a change plan. */
export function PlanNameFields(props: {
  value: PlanText;
  noteLabel: string;
  onChange(value: PlanText): void;
}) {
  const { value, onChange } = props;
  return (
    <>
      <TextInput
        label="Name of the plan"
        value={value.name}
        maxLength={120}
        data-autofocus
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      <Textarea
        label={props.noteLabel}
        value={value.note}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={8}
        onChange={(event) => onChange({ ...value, note: event.currentTarget.value })}
      />
    </>
  );
}
