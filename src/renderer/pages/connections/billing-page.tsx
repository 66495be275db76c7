import { IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { AppError, type AppErrorData, toAppError } from '#shared/errors.ts';
import { billingPath, connectionsPath } from '../../kit/addresses.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { Fingerprint } from '../../kit/components/fingerprint.tsx';
import { formatCounted } from '../../kit/components/format.ts';
import { GuardChip } from '../../kit/components/guard-chip.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { BillingForm, pinnedInput } from './billing-form.tsx';
import classes from './connections.module.css';
import { Untrusted } from './untrusted.tsx';

type Billing = CallOutput<'billing.list'>[number];
type Test = CallOutput<'billing.test'>;

/** One billing connection's form, new or saved, with its test next to it. */
export function BillingPage() {
  const { id = 'new' } = useParams();
  const query = useCall('billing.list', {});
  const system = query.data?.find((other) => other.id === id) ?? null;
  return (
    <>
      <PageBar
        title={id === 'new' ? 'Add a billing system' : (system?.name ?? 'Billing system')}
        before={<BackLink to={connectionsPath}>Connections</BackLink>}
        {...(system ? { primaryAction: <GuardChip of={system} domain="billing" /> } : {})}
      />
      <div className="oc-scroll">
        <CallError call={query} />
        {query.data && (id === 'new' || system) && <Editor key={id} system={system} />}
        {query.data && id !== 'new' && !system && (
          <EmptyState icon={IconPlugConnectedX} title="No such billing system">
            It may have been removed in another window.
          </EmptyState>
        )}
      </div>
    </>
  );
}

/** The result of saving. A new connection gets its own page, which receives it in the address's state. */
interface Outcome {
  test?: Test;
  read?: CallOutput<'billing.refresh'>;
  error?: AppErrorData;
}

function Editor({ system }: { system: Billing | null }) {
  const call = useConsole();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const carried = useLocation().state as Outcome | null;
  const [outcome, setOutcome] = useState<Outcome>(carried ?? {});
  const save = async (input: CallInput<'billing.save'>) => {
    setBusy(true);
    setOutcome({});
    let id = system?.id;
    const next: Outcome = {};
    try {
      id = (await call('billing.save', id === undefined ? input : { ...input, id })).id;
      next.test = await call('billing.test', { id });
      if (next.test.ok) next.read = await call('billing.refresh', { id });
    } catch (thrown) {
      next.error = toAppError(thrown).toData();
    }
    setBusy(false);
    setOutcome(next);
    // saved, whatever came after it: saving once more is no second one
    if (!system && id !== undefined) navigate(billingPath(id), { replace: true, state: next });
  };
  const { test, read, error } = outcome;
  const isOld = !busy && !test && !error;
  return (
    <div className={classes.editor}>
      <BillingForm
        key={JSON.stringify(system?.tls ?? null)}
        system={system}
        busy={busy}
        onSubmit={(input) => void save(input)}
      />
      <div className={classes.side} aria-live="polite">
        {error && <ErrorPanel error={AppError.fromData(error)} />}
        {isOld && system?.problem && <LastProblem problem={system.problem} />}
        {system?.pinAlarm && <PinAlarm alarm={system.pinAlarm} />}
        {test && <Steps test={test} />}
        {test?.certificate && system && (
          <Untrusted
            of="WHMCS"
            fingerprint256={test.certificate.fingerprint256}
            certificate={test.certificate}
            busy={busy}
            onPin={(fingerprint256) => void pinnedInput(system, fingerprint256).then(save)}
          />
        )}
        {read && (
          <p>
            {formatCounted(read.customers, 'customer')} and{' '}
            {formatCounted(read.services, 'service')} read. Customers, Mismatches shows which users
            are theirs.
          </p>
        )}
      </div>
    </div>
  );
}

function PinAlarm({ alarm }: { alarm: NonNullable<Billing['pinAlarm']> }) {
  return (
    <div>
      <StateBadge tone="bad">Another certificate than the pinned one</StateBadge>
      <div>
        Nothing is sent to this billing system. Pinned: <Fingerprint text={alarm.pinned} />. Shown:{' '}
        {alarm.shown === null ? 'none' : <Fingerprint text={alarm.shown} />},{' '}
        <Time value={alarm.at} as="age" />.
      </div>
      <div className="oc-caption">
        Compare the fingerprints with WHMCS itself, then pin the new certificate, or test again once
        the pinned one is back.
      </div>
    </div>
  );
}

function LastProblem({ problem }: { problem: NonNullable<Billing['problem']> }) {
  return (
    <div>
      <StateBadge tone="bad">Last refresh failed</StateBadge>
      <div>{problem.message}</div>
      <div className="oc-caption">
        {problem.hint} Tried <Time value={problem.at} as="age" />.
      </div>
    </div>
  );
}

const tones = {
  passed: 'good',
  caution: 'warning',
  failed: 'bad',
  'not-tried': 'idle',
} as const;
const words = {
  passed: 'Passed',
  caution: 'Caution',
  failed: 'Failed',
  'not-tried': 'Not tried',
} as const;

const stepNames: Record<string, string> = {
  address: 'Address',
  tls: 'Encryption (TLS)',
  credential: 'Credential',
  permissions: 'Permissions',
};

function Steps({ test }: { test: Test }) {
  return (
    <ol className={classes.billingSteps} aria-label="Test of the billing system">
      {test.steps.map(({ name, state, detail, hint }) => (
        <li key={name}>
          <StateBadge tone={tones[state]}>{words[state]}</StateBadge>
          <div>
            <div className="oc-caption">{stepNames[name] ?? name}</div>
            {detail}
            {hint !== undefined && <div className="oc-caption">{hint}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
