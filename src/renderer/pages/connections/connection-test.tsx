import { Button, Modal } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconPlugConnected,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors.ts';
import { clusterPath } from '../../kit/addresses.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { SecondaryButton } from '../../kit/components/buttons.ts';
import { CallError, ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useAction } from '../../kit/use-action.ts';
import { saveInput, valuesOf } from './connection-values.ts';
import classes from './connections.module.css';
import { FieldPackDialog } from './field-pack-dialog.tsx';
import { Untrusted } from './untrusted.tsx';

export type ConnectionTest = CallOutput<'connections.test'>;
type Step = ConnectionTest['steps'][number];

const stepNames: Record<Step['name'], string> = {
  endpoint: 'Address',
  name: 'Name',
  connect: 'Connection',
  certificate: 'Certificate',
  clock: 'Clock',
  route: 'Proxies',
  signature: 'Signature',
  rights: 'Users',
  selector: 'Naming of users',
  keys: 'Keys, accounts',
  buckets: 'Buckets',
  limits: 'Rate limits',
  quotas: 'Quotas',
  statistics: 'Statistics',
};

const marks: Record<Step['state'], { Icon: typeof IconCircleX; words: string; look: string }> = {
  passed: { Icon: IconCircleCheck, words: 'Passed', look: 'oc-good' },
  caution: {
    Icon: IconAlertTriangle,
    words: 'Passed, with a caution',
    look: 'oc-warning',
  },
  failed: { Icon: IconCircleX, words: 'Failed', look: 'oc-bad' },
  'not-tried': { Icon: IconCircleDashed, words: 'Not tried', look: 'oc-faint' },
};

function StepIcon({ step }: { step: Step }) {
  const { Icon, words, look } = marks[step.state];
  return <Icon size={16} className={look} aria-label={words} />;
}

/**
 * The steps of a test, and what to do about a certificate that is not trusted.
 * @param props.onPin trusts the reported certificate from now on
 */
export function ConnectionTestResult(props: {
  test: ConnectionTest;
  busy: boolean;
  onPin(fingerprint256: string): void;
  /** Omitted where the connection is not saved. */
  connectionId?: string | undefined;
  /** Called when the dialog of a field pack opens above it, and closes. */
  onPacking?(packing: boolean): void;
}) {
  const { test, connectionId } = props;
  const [packing, setPacking] = useState(false);
  const pack = (open: boolean) => {
    setPacking(open);
    props.onPacking?.(open);
  };
  return (
    <section className={classes.test} aria-label="Test of the connection">
      <h2 className="oc-heading">{test.ok ? 'The gateway answers' : 'The test did not pass'}</h2>
      <ol className={classes.steps}>
        {test.steps.map((step) => (
          <li key={step.name} className={classes.step}>
            <StepIcon step={step} />
            <span className={classes.stepName}>{stepNames[step.name]}</span>
            <span className={step.state === 'not-tried' ? 'oc-faint' : undefined}>
              {step.detail}
              {step.hint && <span className={classes.stepHint}>{step.hint}</span>}
            </span>
            <span className={classes.stepTime}>
              {step.milliseconds === undefined ? '' : `${formatCount(step.milliseconds)} ms`}
            </span>
          </li>
        ))}
      </ol>
      {test.fingerprint256 && (
        <Untrusted
          of="the gateway"
          fingerprint256={test.fingerprint256}
          certificate={test.certificate}
          busy={props.busy}
          onPin={props.onPin}
        />
      )}
      <div className={classes.testActions}>
        {test.ok && connectionId !== undefined && (
          <Button
            leftSection={<IconPlugConnected size={15} />}
            component={Link}
            to={clusterPath(connectionId, 'overview')}
          >
            Open the cluster
          </Button>
        )}
        {connectionId !== undefined && (
          <SecondaryButton onClick={() => pack(true)}>Field pack</SecondaryButton>
        )}
      </div>
      {packing && connectionId !== undefined && (
        <FieldPackDialog connectionId={connectionId} onClose={() => pack(false)} />
      )}
    </section>
  );
}

/** Tests a saved connection as soon as it opens. */
export function TestDialog(props: { connection: Connection; onClose(): void }) {
  const { connection, onClose } = props;
  const call = useConsole();
  const [packing, setPacking] = useState(false);
  const { running: pinning, error: pinError, run } = useAction();
  const test = useQuery<ConnectionTest, AppError>({
    queryKey: [connection.id, 'connections.test'],
    queryFn: ({ signal }) => call('connections.test', { id: connection.id }, signal),
    gcTime: 0,
    staleTime: 0,
  });
  const pin = (fingerprint256: string) =>
    run(async () => {
      const values = { ...valuesOf(connection), trust: 'pin' as const, fingerprint256 };
      await call('connections.save', saveInput(values, connection.id));
      await test.refetch();
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Test of ${connection.name}`}
      size={560}
      closeOnEscape={!packing}
    >
      {test.isFetching && <p className="oc-dimmed">Asking the gateway …</p>}
      <CallError call={test} />
      {pinError && <ErrorPanel error={pinError} compact />}
      {test.data && !test.isFetching && (
        <ConnectionTestResult
          test={test.data}
          busy={pinning}
          onPin={(fingerprint256) => void pin(fingerprint256)}
          connectionId={connection.id}
          onPacking={setPacking}
        />
      )}
    </Modal>
  );
}
