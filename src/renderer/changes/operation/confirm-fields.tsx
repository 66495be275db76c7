import { TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';

/** What is handed over with a write: the target's name where `production` wants it typed, and a ticket. */
export function ConfirmFields(props: {
  ticket: string;
  onTicket(ticket: string): void;
  typedName: string;
  onTypedName(name: string): void;
  /** The name to be typed; null where nothing is asked. */
  asked: string | null;
  disabled: boolean;
}) {
  const { asked, typedName, disabled } = props;
  const field = useRef<HTMLInputElement>(null);
  const asks = asked !== null;
  useEffect(() => {
    // Who is entering a value meanwhile keeps the focus.
    const entering = document.activeElement?.matches('input, textarea, select') ?? false;
    if (asks && !entering) field.current?.focus();
  }, [asks]);
  const wrong = asked !== null && typedName !== '' && !asked.startsWith(typedName);
  return (
    <>
      {asked !== null && (
        <TextInput
          ref={field}
          data-autofocus
          label={
            <>
              Type <span className="oc-mono">{asked}</span> to confirm on production
            </>
          }
          value={typedName}
          onChange={(event) => props.onTypedName(event.currentTarget.value)}
          error={wrong ? 'That is not the name of the target.' : undefined}
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
        />
      )}
      <TextInput
        label="Ticket or reason (optional)"
        description="Kept in the journal with the change."
        value={props.ticket}
        maxLength={200}
        onChange={(event) => props.onTicket(event.currentTarget.value)}
        autoComplete="off"
        disabled={disabled}
      />
    </>
  );
}
