import { SegmentedControl } from '@mantine/core';
import { IconArrowsDiff, IconLock, IconLockOpen, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import type { AppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatClockTime } from '../../kit/components/format.ts';
import { Note, NoteActions } from '../../kit/components/note.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useAction } from '../../kit/use-action.ts';
import { FieldChanges, fieldText } from './field-words.tsx';
import classes from './operation.module.css';
import type { WritePhase } from './use-write.ts';

const differenceList = z.array(
  z.object({
    field: z.string(),
    label: z.string(),
    expected: z.string().nullable(),
    found: z.string().nullable(),
  }),
);

/** Shows what an error names field by field: what was expected there, and what was found. */
export function Differences({ list, words }: { list: unknown; words: readonly [string, string] }) {
  const parsed = differenceList.safeParse(list);
  if (!parsed.success || parsed.data.length === 0) return null;
  return (
    <ul className={classes.differences}>
      {parsed.data.map(({ field, label, expected, found }) => (
        <li key={field}>
          <b>{label}</b>: {words[0]} {fieldText({ field }, expected, 'before')}, {words[1]}{' '}
          {fieldText({ field }, found, 'after')}
        </li>
      ))}
    </ul>
  );
}

/** Shows why a write was not sent or was refused. What was entered stays. */
export function WriteFailure(props: {
  error: AppError;
  /** Closes the failure and reads the target again. */
  onNewPreview(): void;
  children?: ReactNode;
}) {
  const { error, onNewPreview } = props;
  if (error.code === 'TARGET_CHANGED') {
    return (
      <Note
        tone="warning"
        role="alert"
        icon={IconArrowsDiff}
        title="Somebody changed it since the preview; nothing was sent"
      >
        <Differences
          list={error.details?.differences}
          words={['the preview showed', 'it is now']}
        />
        <div className="oc-dimmed">{error.hint}</div>
        <div className="oc-caption">
          <span className="oc-mono">{error.code}</span>
        </div>
        <NoteActions>
          <SmallButton leftSection={<IconRefresh size={14} />} onClick={onNewPreview}>
            Make a new preview
          </SmallButton>
        </NoteActions>
      </Note>
    );
  }
  return (
    <ErrorPanel error={error} compact>
      <Differences list={error.details?.partDone} words={['was', 'is']} />
      {props.children}
    </ErrorPanel>
  );
}

/** A write that was sent, not confirmed: what is known, and reading again; nothing is sent again. */
export function Unconfirmed<Value>(props: {
  phase: Extract<WritePhase<Value>, { is: 'unconfirmed' }>;
  onRecheck(): void;
}) {
  const { error, recheck, recheckError, rechecking } = props.phase;
  return (
    <Note tone="warning" role="alert" title="Sent, not confirmed">
      <div>
        {error
          ? error.message
          : 'The gateway took it, but reading back does not show it yet. Storage may need a moment.'}
      </div>
      {error && <Differences list={error.details?.differences} words={['wanted', 'found']} />}
      <div className="oc-dimmed">
        {error ? error.hint : 'Check again in a moment. Nothing is sent twice.'}
      </div>
      {error && (
        <div className="oc-caption">
          <span className="oc-mono">{error.code}</span>
          {error.requestId !== undefined && (
            <>
              {' · request id '}
              <span className="oc-mono">{error.requestId}</span>
            </>
          )}
        </div>
      )}
      {recheck && (
        <>
          <div>
            Checked at {formatClockTime(recheck.asOf, 'local')}: the change did not take effect.
            Current and intended values:
          </div>
          <FieldChanges fields={recheck.fields} />
        </>
      )}
      {recheckError && <ErrorPanel error={recheckError} compact />}
      <NoteActions>
        <SmallButton
          leftSection={<IconRefresh size={14} />}
          loading={rechecking}
          onClick={props.onRecheck}
        >
          Check again
        </SmallButton>
      </NoteActions>
    </Note>
  );
}

const choices = ['5', '15', '30', '60'];

/** Unlocks the production cluster on screen for some minutes; it locks automatically. */
export function UnlockHere(props: { onUnlocked?(): void; children?: ReactNode }) {
  const call = useConsole();
  const { id } = useCluster();
  return (
    <Unlock
      title="This production cluster is locked against changes"
      unlock={async (minutes) => {
        await call('connections.unlock', { id, minutes });
        props.onUnlocked?.();
      }}
    >
      {props.children}
    </Unlock>
  );
}

/** Unlocks a production billing system for some minutes; it locks automatically. */
export function UnlockBilling({ system: { id, name } }: { system: { id: string; name: string } }) {
  const call = useConsole();
  return (
    <Unlock
      title={`The production billing system ${name} is locked against changes`}
      unlock={(minutes) => call('billing.unlock', { id, minutes })}
    />
  );
}

function Unlock(props: {
  title: string;
  unlock(minutes: number): Promise<unknown>;
  children?: ReactNode;
}) {
  const [minutes, setMinutes] = useState('15');
  const { running, error, run } = useAction();
  const unlock = () => run(() => props.unlock(Number(minutes)));
  return (
    <Note tone="warning" icon={IconLock} title={props.title}>
      <div>{props.children ?? 'Unlock it for a few minutes; it locks automatically.'}</div>
      <NoteActions>
        <SegmentedControl
          size="xs"
          aria-label="Minutes to unlock for"
          value={minutes}
          onChange={setMinutes}
          data={choices.map((value) => ({ value, label: `${value} min` }))}
        />
        <SmallButton
          leftSection={<IconLockOpen size={14} />}
          loading={running}
          onClick={() => void unlock()}
        >
          Unlock for {minutes} min
        </SmallButton>
      </NoteActions>
      {error && <ErrorPanel error={error} compact />}
    </Note>
  );
}
