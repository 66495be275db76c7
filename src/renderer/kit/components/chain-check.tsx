import { ActionIcon } from '@mantine/core';
import { IconLinkOff, IconShieldCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { useAction } from '../use-action.ts';
import { SecondaryButton } from './buttons.ts';
import classes from './chain-check.module.css';
import { ErrorPanel } from './error-panel.tsx';
import { formatClockTime, formatCounted } from './format.ts';

interface Checked {
  result: CallOutput<'journal.verify'>;
  at: string;
}

/** What checking the journal's chain of hashes showed, or why it could not be checked. */
export interface ChainCheck {
  running: boolean;
  checked: Checked | null;
  error: AppError | null;
  run(): void;
  dismiss(): void;
}

/** Recomputes a chain on request. */
export function useChainCheck(recompute: () => Promise<Checked['result']>): ChainCheck {
  const [checked, setChecked] = useState<Checked | null>(null);
  const { running, error, run, clear } = useAction();
  const verify = () =>
    run(async () => {
      const result = await recompute();
      setChecked({ result, at: new Date().toISOString() });
    });
  return {
    running,
    checked,
    error,
    run: () => void verify(),
    dismiss: () => {
      setChecked(null);
      clear();
    },
  };
}

export function ChainCheckButton({ check }: { check: ChainCheck }) {
  return (
    <SecondaryButton
      leftSection={<IconShieldCheck size={14} />}
      loading={check.running}
      onClick={check.run}
    >
      Verify
    </SecondaryButton>
  );
}

function words({ result, at }: Checked, of: string): string {
  const time = formatClockTime(at, 'local');
  if (result.entries === 0) return `Checked at ${time}: the ${of} has no entry yet.`;
  // the list shows an intent and its outcome as one entry; the chain holds a record of each
  const count = `${formatCounted(result.acts, 'entry')} (${formatCounted(result.entries, 'record')})`;
  return result.ok
    ? `Checked at ${time}: all of ${count} as written, none missing.`
    : `Checked at ${time}: ${formatCounted(result.problems.length, 'problem')} in ${count}.`;
}

/** The result in a strip above the list: intact, or every entry that was altered. */
export function ChainCheckStrip({ check, of }: { check: ChainCheck; of: 'journal' | 'history' }) {
  const { checked, error } = check;
  if (error) {
    return (
      <div className={classes.strip}>
        <ErrorPanel
          error={error}
          compact
          onRetry={check.run}
          title="The chain could not be checked"
        />
      </div>
    );
  }
  if (!checked) return null;
  const { ok, problems, head, sealed } = checked.result;
  const Icon = ok ? IconShieldCheck : IconLinkOff;
  return (
    <div className={classes.strip} data-tone={ok ? 'good' : 'bad'} role={ok ? 'status' : 'alert'}>
      <Icon size={16} aria-hidden />
      <div className={classes.stripBody}>
        <b>
          {ok
            ? `${of === 'journal' ? 'Journal' : 'History'} intact.`
            : `The ${of} was tampered with or damaged.`}
        </b>{' '}
        {words(checked, of)}
        {head !== null && (
          <div className="oc-caption">
            Last hash <span className="oc-mono">{head}</span>
            {sealed
              ? ', sealed with a key in the keychain'
              : ', not sealed: without a key in the keychain, whoever can write files could cut the end unseen'}
          </div>
        )}
        {problems.length > 0 && (
          <ul className={classes.problems}>
            {problems.map(({ kind, sequence, detail }) => (
              <li key={`${sequence} ${kind} ${detail}`}>
                {sequence > 0 && `Entry ${sequence}, `}
                {kind}: {detail}
              </li>
            ))}
          </ul>
        )}
      </div>
      <ActionIcon size={24} aria-label="Dismiss the result" onClick={check.dismiss}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
