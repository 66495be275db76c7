import { Button, TextInput } from '@mantine/core';
import { IconCircleDashed, type TablerIcon } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { periodWords } from '#shared/billing/period.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import {
  bucketPath,
  clusterPath,
  customerPartPath,
  customerPath,
  userPath,
} from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { QuietButton, SmallButton } from '../../kit/components/buttons.ts';
import { Bytes } from '../../kit/components/bytes.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCounted, formatMoney } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { PlainTable } from '../../kit/components/plain-table.tsx';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { Day, Time } from '../../kit/components/time.tsx';
import { typed } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { MakeStatement } from './bills/make-statement.tsx';
import { DemoOwner, SwitchUser } from './bucket-owner.tsx';
import { endedStates } from './shared/customer-parts.tsx';
import classes from './shared/customers.module.css';

type Cancellation = CallOutput<'offboarding.get'>;
type Step = Cancellation['steps'][number];

/** Name and verb of each step of a cancellation. */
export const stepTitles: Record<Step['step'], { name: string; verb: string; words: string }> = {
  disable: {
    name: 'Disable users',
    verb: 'Disable users',
    words:
      'Nothing can be read or written with their keys from then on. For the time in which the owner empties buckets, a later step enables them again.',
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

const states: Record<Step['state'], { tone: StateTone; word: string; icon?: TablerIcon }> = {
  open: { tone: 'idle', word: 'Not started', icon: IconCircleDashed },
  running: { tone: 'information', word: 'In progress' },
  waiting: { tone: 'warning', word: 'Waiting' },
  failed: { tone: 'bad', word: 'Failed' },
  done: { tone: 'good', word: 'Done' },
  skipped: { tone: 'idle', word: 'Skipped' },
};

/** One cancellation: its steps with their results, and the next one. */
export function OffboardingPage() {
  const { offboardingId = '' } = useParams();
  const cluster = useCluster();
  const { data, error, refetch } = useCall('offboarding.get', { offboardingId });
  return (
    <>
      <PageBar
        title={data ? `Cancellation of ${data.customerName}` : 'Cancellation'}
        before={
          data && <BackLink to={customerPath(cluster.id, data.customerId)}>Customer</BackLink>
        }
      />
      <div className="oc-scroll">
        <div className={classes.checks}>
          {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
          {data && <Head of={data} />}
          {data && data.state !== 'cancelled' && <LeftToDo of={data} />}
          {data && (
            <ol className={classes.steps}>
              {data.steps.map((step) => (
                <StepItem key={step.step} of={data} step={step} />
              ))}
            </ol>
          )}
        </div>
      </div>
    </>
  );
}

/** The state of a cancellation, in words. */
export const endWords = { open: 'Open', finished: 'Finished', cancelled: 'Cancelled' } as const;

function Head({ of }: { of: Cancellation }) {
  const [ending, setEnding] = useState(false);
  const call = useConsole();
  const { offboardingId, state, users } = of;
  return (
    <div>
      <div className={classes.checkHead}>
        <StateBadge
          tone={state === 'finished' ? 'good' : state === 'open' ? 'information' : 'idle'}
        >
          {endWords[state]}
        </StateBadge>
        <span className="oc-dimmed">
          Started <Time value={of.startedAt} as="age" /> by {of.startedBy}
        </span>
        {state === 'open' && (
          <QuietButton onClick={() => setEnding(true)}>Stop cancellation</QuietButton>
        )}
      </div>
      {users.map(({ connectionId, clusterName, userId, email }) => (
        <div key={`${connectionId}/${userId}`}>
          <Link to={userPath(connectionId, userId)}>{email || userId}</Link>{' '}
          <span className="oc-dimmed">on {clusterName}</span>
        </div>
      ))}
      {ending && (
        <ConfirmDialog
          verb="Stop cancellation"
          back="Back"
          onClose={() => setEnding(false)}
          onConfirm={() => call('offboarding.cancel', { offboardingId })}
        >
          <p className="oc-flush">
            The steps that are done stay done: users that were disabled stay disabled until they are
            enabled on their pages.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function StepItem({ of, step }: { of: Cancellation; step: Step }) {
  const { name, words } = stepTitles[step.step];
  const { tone, word, icon } = states[step.state];
  const again = step.step === 'collect' && of.next === 'statement';
  const cluster = useCluster();
  return (
    <li className={classes.step} aria-current={of.next === step.step ? 'step' : undefined}>
      <div className={classes.checkHead}>
        <h2 className="oc-heading">{name}</h2>
        <StateBadge tone={tone} {...(icon ? { icon } : {})}>
          {word}
        </StateBadge>
        {step.at !== null && (
          <span className="oc-caption">
            <Time value={step.at} /> by {step.by}
          </span>
        )}
      </div>
      {step.words === null ? (
        <div className="oc-dimmed">{words}</div>
      ) : (
        <div>
          {step.words} {step.hint !== null && <span className="oc-dimmed">{step.hint}</span>}{' '}
          {step.statementId !== undefined && (
            <Link to={`${customerPartPath(cluster.id, 'statements')}?open=${step.statementId}`}>
              Open statement
            </Link>
          )}
        </div>
      )}
      {step.step === 'empty' && step.state === 'waiting' && (
        <div className={classes.tools}>
          {of.users.map((user) => (
            <SwitchUser key={`${user.connectionId}/${user.userId}`} user={user} />
          ))}
        </div>
      )}
      {step.step === 'empty' && step.state === 'waiting' && <DemoOwner of={of} />}
      {step.buckets && step.state === 'waiting' && <Buckets buckets={step.buckets} />}
      {(of.next === step.step || again) && of.taskId === null && (
        <StepActions
          of={of}
          step={step.step}
          tried={step.at !== null}
          waits={step.state === 'waiting'}
        />
      )}
    </li>
  );
}

/** What nobody but a person does in the billing system. */
function LeftToDo({ of }: { of: Cancellation }) {
  const cluster = useCluster();
  const services = useCall('customers.get', { customerId: of.customerId }).data?.serviceList ?? [];
  const ending = services.filter(
    ({ serviceId, status }) =>
      (of.serviceId === null || of.serviceId === serviceId) && !endedStates.has(status),
  );
  const statementId = of.steps.find(({ step }) => step === 'statement')?.statementId;
  if (ending.length === 0 && statementId === undefined) return null;
  return (
    <Note tone="information" title="Left to do in the billing system">
      <ul className="oc-flush">
        {ending.map(({ serviceId, productName, externalId, status, nextDueDate }) => (
          <li key={serviceId}>
            {productName} #{externalId} is {status.toLowerCase()}: end it there, or it is billed on
            {nextDueDate !== null && (
              <>
                , next on <Day value={nextDueDate} unknown="—" />
              </>
            )}
            .
          </li>
        ))}
        {statementId !== undefined && (
          <li>
            <p className="oc-flush">
              Draft the invoice of{' '}
              <Link to={`${customerPartPath(cluster.id, 'statements')}?open=${statementId}`}>
                the final statement
              </Link>{' '}
              here, and publish it there.
            </p>
          </li>
        )}
      </ul>
    </Note>
  );
}

function Buckets({ buckets }: { buckets: NonNullable<Step['buckets']> }) {
  return (
    <PlainTable
      rows={buckets}
      rowKey={({ connectionId, name }) => `${connectionId}/${name}`}
      columns={[
        [
          'Bucket',
          ({ connectionId, name }) => <Link to={bucketPath(connectionId, name)}>{name}</Link>,
        ],
        [
          'Size',
          ({ bytes }) => <Bytes value={bytes} source="read from the gateway for this step" />,
          'figure',
        ],
      ]}
    />
  );
}

const useFinalPreview = (offboardingId: string, enabled: boolean) =>
  useCall('offboarding.previewStatement', { offboardingId }, { enabled });

/** Period and amount of the statement that is about to be issued for good. */
function FinalPreview({ query }: { query: ReturnType<typeof useFinalPreview> }) {
  const preview = query.data;
  if (query.error) return <CallError call={query} compact />;
  if (preview === undefined) return <p className="oc-flush oc-dimmed">Adding up…</p>;
  if (preview === null) return null;
  const { from, to, state, total, currency, minorDigits } = preview;
  return (
    <p className="oc-flush">
      <Time value={from} /> to <Time value={to} />:{' '}
      <strong>{total === null ? 'no data' : formatMoney(total, currency, minorDigits)}</strong>
      {state === 'draft' && ', not final yet'}. Once issued it never changes.
    </p>
  );
}

type Asked = 'run' | 'draft' | 'skip' | 'review';
type Preview = CallOutput<'offboarding.previewStatement'>;

/** Why the statement can't be final yet, one reason a line, and the ways on. */
function NotFinal(props: {
  of: Cancellation;
  preview: Preview | undefined;
  onAsk(next: Asked): void;
}) {
  const { of, preview, onAsk } = props;
  if (!preview?.notFinal) return null;
  const { from, to, notFinal } = preview;
  const { reasons, message, hint } = notFinal;
  const query = new URLSearchParams({ period: 'custom', from, to });
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

function StepActions(props: {
  of: Cancellation;
  step: Step['step'];
  tried: boolean;
  waits: boolean;
}) {
  const { of, step, tried, waits } = props;
  const { offboardingId, users, needsTypedName } = of;
  const call = useConsole();
  const [asking, setAsking] = useState<Asked | null>(null);
  const [reason, setReason] = useState('');
  const { verb, words } = stepTitles[step];
  const destructive = step === 'delete';
  const close = () => setAsking(null);
  const states = step === 'statement' && asking !== null && asking !== 'skip';
  const final = useFinalPreview(offboardingId, states);
  // a preview read for the statement is still there when the next step asks
  const notFinal = (states && final.data?.notFinal) || null;
  const isHeld = states && (final.data === undefined || notFinal !== null);
  return (
    <div className={classes.fieldRow}>
      <Button
        size="compact-sm"
        {...(of.next === step ? {} : { variant: 'default' })}
        onClick={() => setAsking('run')}
      >
        {tried && step !== 'statement' ? `${verb} again` : verb}
      </Button>
      {step === 'statement' && waits && (
        <SmallButton onClick={() => setAsking('draft')}>Issue draft statement</SmallButton>
      )}
      {(step === 'collect' || step === 'statement') && of.next === step && (
        <SmallButton onClick={() => setAsking('skip')}>Skip</SmallButton>
      )}
      {asking === 'run' && (
        <ConfirmDialog
          verb={verb}
          subject={`of ${of.customerName}`}
          destructive={destructive}
          disabled={isHeld}
          {...(destructive && needsTypedName !== null ? { typedName: needsTypedName } : {})}
          onClose={close}
          onConfirm={(typedName) =>
            call('offboarding.run', {
              ...{ offboardingId, step },
              ...(destructive && typedName !== '' ? { typedName } : {}),
            })
          }
        >
          <p className="oc-flush">
            {words} Affects {formatCounted(users.length, 'user')}.
          </p>
          {states && <FinalPreview query={final} />}
          {notFinal && <NotFinal of={of} preview={final.data} onAsk={setAsking} />}
        </ConfirmDialog>
      )}
      {asking === 'review' && final.data && (
        <MakeStatement
          month={{ ...final.data, value: '', label: periodWords(final.data) }}
          customer={{ customerId: of.customerId, name: of.customerName }}
          onIssued={() => undefined}
          onClose={close}
        />
      )}
      {asking === 'draft' && (
        <ConfirmDialog
          verb="Issue draft statement"
          subject={`of ${of.customerName}`}
          onClose={close}
          onConfirm={() => call('offboarding.run', { offboardingId, step, acceptDraft: true })}
        >
          <FinalPreview query={final} />
          <p className="oc-flush">
            Bills what was collected so far, lines held back for review included. The statement is
            numbered, marked as a draft and never changes: usage that arrives later is shown as a
            difference on the Statements page, where you can issue a correction.
          </p>
        </ConfirmDialog>
      )}
      {asking === 'skip' && (step === 'collect' || step === 'statement') && (
        <ConfirmDialog
          verb="Skip step"
          subject={`"${stepTitles[step].name}"`}
          onClose={close}
          onConfirm={() => call('offboarding.skip', { offboardingId, step, reason })}
        >
          <TextInput
            label="Reason"
            description="Kept in the journal of customers."
            {...typed(reason, setReason)}
            data-autofocus
          />
        </ConfirmDialog>
      )}
    </div>
  );
}
