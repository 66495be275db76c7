import { Button } from '@mantine/core';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { formatCount } from '#shared/counted.ts';
import { hour } from '#shared/durations.ts';
import { startFix } from '../../changes/attention/signal-fixes.tsx';
import { clusterPath, connectionPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { usePreferences } from '../../kit/stores/preferences.ts';
import { useNow } from '../../kit/timers.ts';
import { useSync } from '../../kit/use-sync.ts';
import classes from './overview.module.css';

interface Step {
  title: string;
  why: string;
  /** Whether it is done, by stored facts; undefined while unknown. */
  done: boolean | undefined;
  action: { label: string; to: string } | { label: string; run(): void };
}

/** Whether statistics were collected within two days: cron may do what no schedule here does. */
function useLastListing(connectionId: string): { recent: boolean } | undefined {
  const now = Math.floor(useNow(60_000) / hour) * hour;
  const [from, to] = [now - 24 * hour, now].map((time) => new Date(time).toISOString());
  const coverage = useCall('usage.coverage', { connectionId, from: from ?? '', to: to ?? '' }).data;
  if (!coverage) return undefined;
  const { listedAt } = coverage.summary;
  return { recent: listedAt !== null && now - Date.parse(listedAt) < 48 * hour };
}

/** The setup steps of a new cluster, each checked by stored facts. */
function useFirstSteps(): Step[] {
  const cluster = useCluster();
  const { id: connectionId } = cluster;
  const { status, refresh } = useSync(connectionId);
  const sampled = useCall('storage.lastSample', { connectionId }).data;
  const schedule = useCall('usage.schedule', { connectionId }).data;
  const listed = useLastListing(connectionId);
  const inventory = useCall('inventory.status', { connectionId }).data;
  const backups = useCall('archive.backups', { connectionId }).data;
  const tariffs = useCall('tariffs.list', { connectionId }).data;
  const page = (path: string) => clusterPath(connectionId, path);
  return [
    {
      title: 'Connection tested',
      why: 'The gateway answers with this key pair.',
      done: status && status.asOf !== null,
      action: { label: 'Test connection', to: connectionPath(connectionId) },
    },
    {
      title: 'Refreshed, sizes sampled',
      why: 'Each refresh samples sizes; growth and storage bills are based on these.',
      done: sampled && sampled.sampledAt !== null,
      action: { label: 'Refresh', run: refresh },
    },
    {
      title: 'Collection on',
      why: 'Statistics are archived before the gateway drops them: on a schedule here, or by cron.',
      done: schedule && listed && (schedule.everyMinutes !== null || listed.recent),
      action: { label: 'Set up collection', to: page('usage/collection') },
    },
    {
      title: 'Keys, limits and system users known',
      why: 'Bulk changes skip known system users.',
      done: inventory && inventory.users > 0 && inventory.usersKnown >= inventory.users,
      action: { label: 'Load them', to: page('limits') },
    },
    {
      title: 'Archive backed up',
      why: 'What was collected can’t be fetched again.',
      done: backups && backups.length > 0,
      action: {
        label: 'Back up now',
        run: () => startFix({ label: 'Back up now', operation: 'archive.backup' }),
      },
    },
    {
      title: 'Tariff set',
      why: 'Statements and money at risk need prices.',
      done: tariffs && tariffs.length > 0,
      action: { label: 'Add a tariff', to: page('usage/tariffs') },
    },
  ];
}

/** The remaining setup steps, until all are done or dismissed for good. */
export function FirstSteps() {
  const { id, demo } = useCluster();
  const dismissed = usePreferences(({ firstStepsDismissed }) => firstStepsDismissed);
  if (demo || dismissed.includes(id)) return null;
  const dismiss = () => usePreferences.setState({ firstStepsDismissed: [...dismissed, id] });
  return <Steps onDismiss={dismiss} />;
}

function Steps({ onDismiss }: { onDismiss(): void }) {
  const steps = useFirstSteps();
  const done = steps.filter((step) => step.done).length;
  const isKnown = steps.every((step) => step.done !== undefined);
  if (!isKnown || done === steps.length) return null;
  return (
    <section className={classes.attention} aria-label="First steps">
      <div className={classes.headingRow}>
        <h2 className="oc-heading">First steps</h2>
        <span className="oc-dimmed">
          {formatCount(done)} of {formatCount(steps.length)} done
        </span>
        <Button variant="subtle" color="gray" size="compact-xs" ml="auto" onClick={onDismiss}>
          Dismiss for good
        </Button>
      </div>
      <ul className={classes.steps} aria-label="First steps of this cluster">
        {steps.map((step) => (
          <li key={step.title}>
            {step.done ? (
              <IconCircleCheck size={16} className="oc-good" role="img" aria-label="Done" />
            ) : (
              <IconCircle size={16} className="oc-faint" role="img" aria-label="To do" />
            )}
            <span>
              <strong>{step.title}</strong> <span className="oc-dimmed">{step.why}</span>
            </span>
            {!step.done && <StepAction action={step.action} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function StepAction({ action }: { action: Step['action'] }) {
  const look = { size: 'compact-xs', variant: 'default' } as const;
  return 'to' in action ? (
    <Button {...look} component={Link} to={action.to}>
      {action.label}
    </Button>
  ) : (
    <Button {...look} onClick={action.run}>
      {action.label}
    </Button>
  );
}
