import { IconCircleDashed, IconLoader, type TablerIcon } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { bucketPath, customerPartPath, customerPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { QuietButton } from '../../kit/components/buttons.ts';
import { Bytes } from '../../kit/components/bytes.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { PlainTable } from '../../kit/components/plain-table.tsx';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { DemoOwner, SwitchUser } from './bucket-owner.tsx';
import { StepActions, stepTitles } from './cancellation-step.tsx';
import { LeftToDo } from './left-to-do.tsx';
import classes from './shared/customers.module.css';

type Cancellation = CallOutput<'offboarding.get'>;
type Step = Cancellation['steps'][number];

const states: Record<Step['state'], { tone: StateTone; word: string; icon?: TablerIcon }> = {
  open: { tone: 'idle', word: 'Not started', icon: IconCircleDashed },
  running: { tone: 'information', word: 'In progress', icon: IconLoader },
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
const endWords = { open: 'Open', finished: 'Finished', cancelled: 'Cancelled' } as const;
const ends = {
  open: { tone: 'information', icon: IconCircleDashed },
  finished: { tone: 'good' },
  cancelled: { tone: 'idle' },
} as const;

function Head({ of }: { of: Cancellation }) {
  const [ending, setEnding] = useState(false);
  const call = useConsole();
  const { offboardingId, state, users } = of;
  return (
    <div>
      <div className={classes.checkHead}>
        <StateBadge {...ends[state]}>{endWords[state]}</StateBadge>
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
