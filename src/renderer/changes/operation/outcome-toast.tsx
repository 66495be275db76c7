import { UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { AppError } from '#shared/errors.ts';
import { journalPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { useDialogs } from '../../kit/stores/dialogs.ts';
import type { OperationPreview } from './use-preview.ts';

export interface ToldOutcome {
  connection: Connection;
  /** The verb: `Disable user`. */
  title: string;
  /** The target's name. */
  name: string;
  verified: boolean;
  sent: boolean;
  journalId: string;
  /** Whether the values before can be brought back. */
  reversible?: boolean | undefined;
}

/** The journal entry of a write. Toasts are outside the router, so the link is a plain address. */
function EntryLink({ connection, journalId }: Pick<ToldOutcome, 'connection' | 'journalId'>) {
  return (
    <a href={`#${journalPath(connection.id, journalId)}`} style={{ textDecoration: 'underline' }}>
      Journal entry
    </a>
  );
}

function Undo({ of, onUndo }: { of: ToldOutcome; onUndo(): void }) {
  const undo = () => {
    onUndo();
    useDialogs.getState().undo(of.connection, of.journalId);
  };
  return (
    <UnstyledButton
      onClick={undo}
      aria-label={`Undo: ${of.title}, ${of.name}`}
      style={{ textDecoration: 'underline', fontSize: 'inherit', color: 'inherit' }}
    >
      Undo
    </UnstyledButton>
  );
}

function outcomeWords({ verified, sent }: Pick<ToldOutcome, 'verified' | 'sent'>): string {
  if (!sent) return 'no change needed, nothing sent';
  return verified ? 'verified' : 'sent, not confirmed';
}

/** More toasts than this would wait in a queue: the news of a write must not come seconds late. */
const mostVerified = 3;
const verifiedToasts: string[] = [];

function makeRoom(): void {
  while (verifiedToasts.length >= mostVerified) notifications.hide(verifiedToasts.shift() ?? '');
}

/** Says how a write ended, with the way to its journal entry. */
export function tellOutcome(outcome: ToldOutcome): void {
  const { verified, title, name } = outcome;
  if (verified) makeRoom();
  const id: string = notifications.show({
    title: `${title}: ${outcomeWords(outcome)}`,
    color: verified ? 'teal' : 'yellow',
    icon: verified ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    autoClose: verified ? 8000 : 20_000,
    message: (
      <>
        <span style={{ overflowWrap: 'anywhere' }}>{name}</span> · <EntryLink {...outcome} />
        {outcome.reversible && (
          <>
            {' '}
            · <Undo of={outcome} onUndo={() => notifications.hide(id)} />
          </>
        )}
      </>
    ),
  });
  if (verified) verifiedToasts.push(id);
}

/** Says that a write failed whose dialog was closed meanwhile. */
export function tellRefused({ title, target }: OperationPreview, error: AppError): void {
  notifications.show({
    title: `${title} ${target.name}: ${error.message}`,
    color: 'red',
    icon: <IconAlertTriangle size={18} />,
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    message: error.hint,
  });
}
