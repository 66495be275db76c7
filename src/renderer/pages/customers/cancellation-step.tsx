import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { periodWords } from '#shared/billing/period.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { clusterPath, offboardingPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { MakeStatement } from './bills/make-statement.tsx';
import classes from './shared/customers.module.css';

type Cancellation = CallOutput<'offboarding.get'>;
type Step = Cancellation['steps'][number];

/** Name and verb of each step of a cancellation. */
export const stepTitles: Record<Step['step'], { name: string; verb: string; words: string }> = {
  disable: {
    name: 'Disable users',
    verb: 'Disable users',
    words:
      'Nothing can be read or written with their keys from then on. While the owner empties buckets, you can enable them again, in a later step.',
  },
  collect: {
    name: 'Last collection',
    verb: 'Collect statistics',
    words:
      'Samples sizes and collects statistics. The gateway writes the last hours later: collect again if the statement asks for it.',
  },
  statement: {
    name: 'Final statement',
    verb: 'Issue final statement',
    words:
      'From the end of the last issued statement, or the beginning of the month, to the hour in which the users were disabled.',
  },
  empty: {
    name: 'Buckets the owner must empty',
    verb: 'Check buckets',
    words:
      'Only the owner can delete objects, and users with buckets can’t be deleted. What is left is listed here; you enable a user for its owner, and disable it when it is done.',
  },
  delete: {
    name: 'Delete users',
    verb: 'Delete users',
    words: 'Permanently deletes users, keys and accounts. Statements and mappings stay on record.',
  },
};

const useFinalPreview = (offboardingId: string, enabled: boolean) =>
  useCall('offboarding.previewStatement', { offboardingId }, { enabled });

/** Period and amount of the statement that is about to be issued for good. */
function FinalPreview({ query }: { query: ReturnType<typeof useFinalPreview> }) {
  const preview = query.data;
  if (query.error) return <CallError call={query} compact />;
  if (preview === undefined) return <p className="oc-flush oc-dimmed">Adding up…</p>;
  if (preview === null) return null;
  const { state, total, currency, minorDigits } = preview;
  return (
    <p className="oc-flush">
      {periodWords(preview)}:{' '}
      <strong>{total === null ? 'no data' : formatMoney(total, currency, minorDigits)}</strong>
      {state === 'draft' && ', not final yet'}. Once issued it never changes.
    </p>
  );
}

type Asked = 'run' | 'draft' | 'skip' | 'review';
type Preview = NonNullable<CallOutput<'offboarding.previewStatement'>>;

/** Why the statement can't be final yet, one reason a line, and the ways on. */
function NotFinal(props: {
  of: Cancellation;
  preview: Preview;
  why: NonNullable<Preview['notFinal']>;
  onAsk(next: Asked): void;
}) {
  const { of, onAsk } = props;
  const { from, to } = props.preview;
  const { reasons, message, hint } = props.why;
  const { id: here } = useCluster();
  const back = offboardingPath(here, of.offboardingId);
  const query = new URLSearchParams({ period: 'custom', from, to, back });
  const clusters = new Map(of.users.map((user) => [user.connectionId, user.clusterName]));
  return (
    <Note tone="warning" title="Not final yet">
      <ul className="oc-flush">
        {(reasons.length > 0 ? reasons : [message]).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p className="oc-flush">{hint}</p>
      <div className={classes.tools}>
        <SmallButton onClick={() => onAsk('review')}>Review statement</SmallButton>
        {[...clusters].map(([id, name]) => (
          <Link key={id} to={`${clusterPath(id, 'usage/coverage')}?${query}`}>
            Hours missing on {name}
          </Link>
        ))}
        <SmallButton onClick={() => onAsk('draft')}>Issue draft statement instead</SmallButton>
      </div>
    </Note>
  );
}

interface StepDialog {
  of: Cancellation;
  step: Step['step'];
  onClose(): void;
}

const mostNamed = 3;

/** `bob@example.com and 2 other users`: what is deleted is named. */
function usersWords(users: Cancellation['users']): string {
  const names = users.slice(0, mostNamed).map(({ email, userId }) => email || userId);
  const rest = users.length - names.length;
  return `${names.join(', ')}${rest > 0 ? ` and ${formatCounted(rest, 'other user')}` : ''}`;
}

/** Asks before a step is done; of the statement, with what it comes to and why it can't be final yet. */
function RunDialog({
  of,
  step,
  onAsk,
  onClose,
}: StepDialog & {
  onAsk(next: Asked): void;
}) {
  const { offboardingId, users, needsTypedName } = of;
  const { verb, words } = stepTitles[step];
  const call = useConsole();
  const destructive = step === 'delete';
  const isStatement = step === 'statement';
  const final = useFinalPreview(offboardingId, isStatement);
  // a preview read for the statement is still there when the next step asks
  const preview = isStatement ? final.data : null;
  const why = preview?.notFinal ?? null;
  return (
    <ConfirmDialog
      verb={verb}
      subject={`of ${of.customerName}`}
      destructive={destructive}
      disabled={preview === undefined || why !== null}
      {...(destructive && needsTypedName !== null ? { typedName: needsTypedName } : {})}
      onClose={onClose}
      onConfirm={(typedName) =>
        call('offboarding.run', {
          ...{ offboardingId, step },
          ...(destructive && typedName !== '' ? { typedName } : {}),
        })
      }
    >
      <p className="oc-flush">
        {words} Affects {usersWords(users)}.
      </p>
      {isStatement && <FinalPreview query={final} />}
      {preview && why && <NotFinal {...{ of, preview, why, onAsk }} />}
    </ConfirmDialog>
  );
}

/** The statement as it would be, with its lines: what is held back is accepted here. */
function ReviewDialog({ of, onClose }: StepDialog) {
  const preview = useFinalPreview(of.offboardingId, true).data;
  if (!preview) return null;
  return (
    <MakeStatement
      month={{ ...preview, label: periodWords(preview) }}
      making={of.customerId}
      name={of.customerName}
      onIssued={() => undefined}
      onClose={onClose}
    />
  );
}

function DraftDialog({ of, step, onClose }: StepDialog) {
  const { offboardingId } = of;
  const call = useConsole();
  const final = useFinalPreview(offboardingId, true);
  return (
    <ConfirmDialog
      verb="Issue draft statement"
      subject={`of ${of.customerName}`}
      onClose={onClose}
      onConfirm={() => call('offboarding.run', { offboardingId, step, acceptDraft: true })}
    >
      <FinalPreview query={final} />
      <p className="oc-flush">
        Bills what was collected so far, lines held back for review included. The statement is
        numbered, marked as a draft and never changes: usage that arrives later is shown as a
        difference on the Statements page, where you can issue a correction.
      </p>
    </ConfirmDialog>
  );
}

function SkipDialog({ of, step, onClose }: StepDialog) {
  const { offboardingId } = of;
  const call = useConsole();
  const [reason, setReason] = useState('');
  if (step !== 'collect' && step !== 'statement') return null;
  return (
    <ConfirmDialog
      verb="Skip step"
      subject={`"${stepTitles[step].name}"`}
      onClose={onClose}
      onConfirm={() => call('offboarding.skip', { offboardingId, step, reason })}
    >
      <TextInput
        label="Reason"
        description="Kept in the journal of customers."
        {...typed(reason, setReason)}
        data-autofocus
      />
    </ConfirmDialog>
  );
}

/** The buttons of a step that is next, and the dialogs that they open. */
export function StepActions(props: {
  of: Cancellation;
  step: Step['step'];
  tried: boolean;
  waits: boolean;
}) {
  const { of, step, tried, waits } = props;
  const [asking, setAsking] = useState<Asked | null>(null);
  const { verb } = stepTitles[step];
  const isNext = of.next === step;
  const dialog = { of, step, onClose: () => setAsking(null) };
  return (
    <div className={classes.fieldRow}>
      <Button
        size="compact-sm"
        {...(isNext ? {} : { variant: 'default' })}
        onClick={() => setAsking('run')}
      >
        {tried && step !== 'statement' ? `${verb} again` : verb}
      </Button>
      {step === 'statement' && waits && (
        <SmallButton onClick={() => setAsking('draft')}>Issue draft statement</SmallButton>
      )}
      {(step === 'collect' || step === 'statement') && isNext && (
        <SmallButton onClick={() => setAsking('skip')}>Skip</SmallButton>
      )}
      {asking === 'run' && <RunDialog {...dialog} onAsk={setAsking} />}
      {asking === 'review' && <ReviewDialog {...dialog} />}
      {asking === 'draft' && <DraftDialog {...dialog} />}
      {asking === 'skip' && <SkipDialog {...dialog} />}
    </div>
  );
}
