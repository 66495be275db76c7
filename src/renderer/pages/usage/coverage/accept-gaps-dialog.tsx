import { useState } from 'react';
import { hour } from '#shared/durations.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import type { Span } from '../period/period.ts';
import type { Coverage } from './cells.ts';
import classes from './coverage.module.css';
import { EffectOnAll } from './effect-on-all.tsx';
import { ReasonField } from './reason-field.tsx';

type Gap = Coverage['gaps'][number];

const mostShown = 6;

/** Returns whether a gap can be accepted as silent: nothing of it is anywhere. */
export function isAcceptable({ state }: Gap): boolean {
  return state === 'missing' || state === 'idle';
}

/** From the first hour of some gaps to the last. */
function spanOf(gaps: readonly Gap[]): Span {
  return {
    from: gaps.map(({ from }) => from).toSorted()[0] ?? '',
    to:
      gaps
        .map(({ to }) => to)
        .toSorted()
        .at(-1) ?? '',
  };
}

/** Asks why no statistics are expected for these hours, and records the reason. */
export function AcceptGapsDialog(props: { gaps: readonly Gap[]; onClose(): void }) {
  const { gaps, onClose } = props;
  const cluster = useCluster();
  const call = useConsole();
  const [reason, setReason] = useState('');
  const hours =
    gaps.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0) / hour;
  return (
    <ConfirmDialog
      verb={`Accept ${formatCounted(hours, 'gateway hour')}`}
      subject="as silent"
      width={560}
      onClose={onClose}
      onConfirm={() =>
        call('usage.acceptGaps', {
          connectionId: cluster.id,
          gaps: gaps.map(({ serviceId, from, to }) => ({ serviceId, from, to })),
          reason,
        })
      }
    >
      <ul className={classes.stretches}>
        {gaps.slice(0, mostShown).map(({ serviceId, from, to }) => (
          <li key={`${serviceId} ${from}`}>
            <span className="oc-mono">{serviceId}</span> <Time value={from} /> to{' '}
            <Time value={to} />
          </li>
        ))}
        {gaps.length > mostShown && (
          <li>and {formatCounted(gaps.length - mostShown, 'more gap')}</li>
        )}
      </ul>
      <EffectOnAll {...spanOf(gaps)} />
      <p style={{ margin: 0 }}>
        Accept only if nothing was used, or if the usage is not to be counted. Figures can then be
        final without these hours. The decision is shown with your name next to each such figure, is
        recorded in the journal, and can be withdrawn; an object of these hours that is collected
        later still counts.
      </p>
      <ReasonField
        example="Gateway was down for maintenance, change 4711"
        value={reason}
        onChange={setReason}
      />
    </ConfirmDialog>
  );
}
