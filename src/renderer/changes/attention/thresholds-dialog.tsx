import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { signalThresholds } from '#shared/contract/signals.ts';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { openDialog } from '../../kit/stores/dialogs.ts';
import classes from './attention.module.css';

type Thresholds = CallOutput<'signals.thresholds'>;

/** Every threshold with its label and unit, in the order shown. */
const fields: Record<keyof Thresholds, { label: string; unit: string; decimals?: number }> = {
  quotaPercent: { label: 'Quota used from', unit: '%' },
  daysToFull: { label: 'Quota reached within', unit: 'days' },
  limitedHours: { label: 'Hours a day at the rate limit', unit: 'h' },
  egressFactor: { label: 'Traffic out, times the usual day', unit: '×', decimals: 1 },
  egressGb: { label: 'Traffic out a day from', unit: 'GB', decimals: 1 },
  shrinkPercent: { label: 'Data lost within a day', unit: '%' },
  dormantDays: { label: 'User is dormant after', unit: 'days' },
  collectionHours: { label: 'Collection is late after', unit: 'h' },
  silentDays: { label: 'Gateway is silent after', unit: 'days' },
  certificateDays: { label: 'Certificate expires within', unit: 'days' },
  skewSeconds: { label: 'Clocks differ by', unit: 's' },
  keyAgeDays: { label: 'Key is old after', unit: 'days' },
  twoKeysDays: { label: 'Rotation takes at most', unit: 'days' },
  backupDays: { label: 'Backup is old after', unit: 'days' },
  workFrom: { label: 'Working hours from', unit: 'h' },
  workTo: { label: 'Working hours to', unit: 'h' },
  runDays: { label: 'Failed run is listed for', unit: 'days' },
  cancellationDays: { label: 'Cancellation waits for', unit: 'days' },
  freePercent: { label: 'Free disk space below', unit: '%' },
};
const names = Object.keys(fields) as (keyof Thresholds)[];

function rulesOf(name: keyof Thresholds): NumberRules {
  const { unit, decimals = 0 } = fields[name];
  return { unit, decimals, pointIsDecimal: decimals > 0 };
}

/**
 * Sets the thresholds of this cluster's signals.
 * @param props.first the one that has the focus
 */
function ThresholdsDialog({ first, onClose }: { first: string; onClose(): void }) {
  const { id: connectionId, name } = useCluster();
  const { data, error, refetch } = useCall('signals.thresholds', { connectionId });
  if (data) return <ThresholdsForm thresholds={data} first={first} onClose={onClose} />;
  if (!error) return null;
  return (
    <Modal opened onClose={onClose} title={`Thresholds of ${name}`}>
      <ErrorPanel error={error} compact onRetry={() => void refetch()} />
    </Modal>
  );
}

function ThresholdsForm(props: { thresholds: Thresholds; first: string; onClose(): void }) {
  const { id: connectionId, name: clusterName } = useCluster();
  const call = useConsole();
  const [texts, setTexts] = useState(() =>
    Object.fromEntries(names.map((name) => [name, String(props.thresholds[name])])),
  );
  const entered = Object.fromEntries(
    names.map((name) => [name, Number(readEnteredNumber(texts[name] ?? '', rulesOf(name)).value)]),
  );
  const parsed = signalThresholds.safeParse(entered);
  const wrong = new Map(parsed.error?.issues.map(({ path, message }) => [path[0], message]));
  const save = () => {
    const thresholds = entered as Omit<CallInput<'signals.setThresholds'>, 'connectionId'>;
    return call('signals.setThresholds', { ...thresholds, connectionId });
  };
  return (
    <ConfirmDialog
      verb="Save thresholds"
      title={`Thresholds of ${clusterName}`}
      width={640}
      disabled={!parsed.success}
      onConfirm={save}
      onClose={props.onClose}
    >
      <div className={classes.thresholds}>
        {names.map((name) => (
          <NumberEntry
            key={name}
            {...(name === props.first ? { 'data-autofocus': true } : {})}
            label={fields[name].label}
            value={texts[name] ?? ''}
            rules={rulesOf(name)}
            error={wrong.get(name)}
            onChange={(text) => setTexts({ ...texts, [name]: text })}
            rightSection={<span className="oc-dimmed">{fields[name].unit}</span>}
            rightSectionWidth={44}
          />
        ))}
      </div>
      <p className="oc-caption">
        Working hours from 22 to 6 are a shift over midnight, from an hour to the same hour around
        the clock. Shifts that begin on a Saturday or Sunday are outside.
      </p>
    </ConfirmDialog>
  );
}

/** Opens the thresholds of the cluster that is acted on, at one of them. */
export function openThresholds(first = 'quotaPercent'): void {
  openDialog((close) => <ThresholdsDialog first={first} onClose={close} />);
}
