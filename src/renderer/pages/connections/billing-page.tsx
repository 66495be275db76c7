import { IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { billingPath, connectionsPath } from '../../kit/addresses.ts';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { BackLink, PageBar } from '../../kit/components/page-bar.tsx';
import { StateBadge } from '../../kit/components/state-badge.tsx';
import frame from '../../kit/frame.module.css';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { BillingForm } from './billing-form.tsx';
import classes from './connections.module.css';

type Billing = CallOutput<'billing.list'>[number];
type Test = CallOutput<'billing.test'>;

/** One billing connection's form, new or saved, with its test beside it. */
export function BillingPage() {
  const { id = 'new' } = useParams();
  const query = useCall('billing.list', {});
  const system = query.data?.find((other) => other.id === id) ?? null;
  return (
    <>
      <PageBar
        title={id === 'new' ? 'Add a billing system' : (system?.name ?? 'Billing system')}
        before={<BackLink to={connectionsPath}>Connections</BackLink>}
      />
      <div className={frame.scroll}>
        {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
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

function Editor({ system }: { system: Billing | null }) {
  const call = useConsole();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  // handed on in the address's state when a new one gets its own page
  const carried = useLocation().state as { test?: Test } | null;
  const [test, setTest] = useState<Test | null>(carried?.test ?? null);
  const [error, setError] = useState<AppError | null>(null);
  const save = async (input: CallInput<'billing.save'>) => {
    setBusy(true);
    setError(null);
    setTest(null);
    try {
      const saved = await call('billing.save', system ? { ...input, id: system.id } : input);
      const result = await call('billing.test', { id: saved.id });
      if (result.ok) await call('billing.refresh', { id: saved.id });
      setTest(result);
      if (!system) navigate(billingPath(saved.id), { replace: true, state: { test: result } });
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={classes.editor}>
      <BillingForm system={system} busy={busy} onSubmit={(input) => void save(input)} />
      <div className={classes.beside} aria-live="polite">
        {error && <ErrorPanel error={error} />}
        {test && <Steps test={test} />}
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
