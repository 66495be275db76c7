import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { AppError } from '#shared/errors.ts';
import { journalPath } from '../../kit/addresses.ts';
import type { OperationPreview } from './use-preview.ts';

export interface ToldOutcome {
  connectionId: string;
  /** The verb: `Disable user`. */
  title: string;
  /** The target's name. */
  name: string;
  verified: boolean;
  sent: boolean;
  journalId: string;
}

/** The journal entry of a write. Toasts stand outside of the router, so the link is a plain address. */
function EntryLink({ connectionId, journalId }: Pick<ToldOutcome, 'connectionId' | 'journalId'>) {
  return (
    <a href={`#${journalPath(connectionId, journalId)}`} style={{ textDecoration: 'underline' }}>
      Journal entry
    </a>
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
  const id = notifications.show({
    title: `${title}: ${outcomeWords(outcome)}`,
    color: verified ? 'teal' : 'yellow',
    icon: verified ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    autoClose: verified ? 8000 : 20_000,
    message: (
      <>
        <span style={{ overflowWrap: 'anywhere' }}>{name}</span> · <EntryLink {...outcome} />
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
