import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { agreeing } from '#shared/counted.ts';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useAction } from '../../../kit/use-action.ts';
import classes from '../shared/customers.module.css';
import { AcceptedLines, type Statement } from './statement-body.tsx';

/** What a statement is made for. */
export interface MadeFor {
  customerId: string;
  from: string;
  to: string;
  tariffId?: string;
}

export type HeldLine = NonNullable<Statement['held']>[number];

/** Decisions about held-back lines, with their words. */
const decisions = {
  accept: {
    call: 'statements.acceptHeld',
    title: 'Lines held back',
    label: (count: number) => `Reason to let ${agreeing(count, 'it', 'them')} count`,
    placeholder: 'Migration of 40 TB, confirmed by the customer',
  },
  withdraw: {
    call: 'statements.withdrawHeld',
    title: 'Withdraw acceptance',
    label: () => 'Reason to hold it back again',
    placeholder: 'The customer disputes the migration',
  },
} as const;

/** Asks for the reason of a decision about held-back lines. */
export function HeldForm(props: {
  decision: keyof typeof decisions;
  input: MadeFor;
  /** Omitted: every line that waits for the decision. */
  line?: HeldLine;
  verb: string;
  /** How many lines it is about. */
  count?: number;
  /** The statement is calculated again. */
  isCalculating?: boolean;
  onDone?(): void;
}) {
  const { input, line, verb, onDone, count = 1, isCalculating = false } = props;
  const { call: name, title, label, placeholder } = decisions[props.decision];
  const call = useConsole();
  const [reason, setReason] = useState('');
  const { running: busy, error, run } = useAction();
  const lines = line && [{ connectionId: line.connectionId, userId: line.userId, item: line.item }];
  const decide = () =>
    run(async () => {
      await call(name, { ...input, ...(lines ? { lines } : {}), reason });
      onDone?.();
    });
  return (
    <form
      aria-label={title}
      className="oc-form"
      onSubmit={(event) => {
        event.preventDefault();
        void decide();
      }}
    >
      <TextInput
        label={label(count)}
        description="Recorded in the statement or the journal, with your name."
        placeholder={placeholder}
        required
        minLength={3}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {error && <ErrorPanel error={error} compact />}
      <div className={classes.tools}>
        <Button
          type="submit"
          variant="default"
          loading={busy || isCalculating}
          disabled={reason.trim().length < 3}
        >
          {verb}
        </Button>
        {(busy || isCalculating) && (
          <span role="status" className="oc-dimmed">
            Recording the decision and calculating the statement again…
          </span>
        )}
        {onDone && (
          <Button variant="subtle" onClick={onDone}>
            Keep accepted
          </Button>
        )}
      </div>
    </form>
  );
}

/** Accepted lines, each of which can be held back again. */
export function Accepted({ held, input }: { held: Statement['held']; input: MadeFor }) {
  const [withdrawn, setWithdrawn] = useState<HeldLine | null>(null);
  return (
    <>
      <AcceptedLines held={held} onWithdraw={setWithdrawn} />
      {withdrawn && (
        <HeldForm
          key={`${withdrawn.connectionId} ${withdrawn.userId} ${withdrawn.item}`}
          decision="withdraw"
          input={input}
          line={withdrawn}
          verb="Withdraw acceptance"
          onDone={() => setWithdrawn(null)}
        />
      )}
    </>
  );
}
