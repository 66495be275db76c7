import { TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Bytes } from '../../kit/components/bytes.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { typed } from '../../kit/components/typed.ts';
import classes from './operation.module.css';
import type { OperationPreview } from './use-preview.ts';

/**
 * Shows what is handed over with a write: the target's name where `production` wants it typed, and a
 * ticket.
 */
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
          {...typed(typedName, props.onTypedName)}
          error={wrong ? 'That is not the name of the target.' : undefined}
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
        />
      )}
      <TicketField {...props} keptIn="the journal" />
    </>
  );
}

/** @param props.keptIn where the change is on record */
export function TicketField(props: {
  ticket: string;
  onTicket(ticket: string): void;
  keptIn: string;
  disabled?: boolean;
}) {
  return (
    <TextInput
      label="Ticket or reason (optional)"
      description={`Kept in ${props.keptIn} with the change.`}
      {...typed(props.ticket, props.onTicket)}
      maxLength={200}
      autoComplete="off"
      disabled={props.disabled ?? false}
    />
  );
}

/** Shows what hangs on the target of a destructive operation, and what the operator is warned of. */
export function ImpactFacts({ preview }: { preview: OperationPreview }) {
  const { impact, warnings } = preview;
  if (impact === null && warnings.length === 0) return null;
  return (
    <div className={classes.impact} data-destructive={preview.destructive || undefined}>
      <IconAlertTriangle size={16} className={classes.impactIcon} aria-hidden />
      <div>
        {impact !== null && <ImpactWords impact={impact} />}
        {warnings.map((warning) => (
          <div key={warning}>{warning}</div>
        ))}
      </div>
    </div>
  );
}

/** Shows how much hangs on the target of an operation, or on the rows of a run. */
export function ImpactWords({ impact }: { impact: NonNullable<OperationPreview['impact']> }) {
  const { buckets, bytes, keys } = impact;
  return (
    <div>
      <b>Affects</b>{' '}
      {buckets === null ? (
        'buckets that are not counted yet'
      ) : (
        <>
          {formatCounted(buckets, 'bucket')} with{' '}
          <Bytes value={bytes} source="from the bucket list" />
        </>
      )}{' '}
      and {formatCounted(keys, 'access key')}.
    </div>
  );
}
