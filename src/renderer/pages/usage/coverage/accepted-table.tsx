import { useCluster } from '../../../kit/cluster-context.tsx';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import { PlainTable } from '../../../kit/components/plain-table.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import type { Coverage } from './cells.ts';
import { EffectOnAll } from './effect-on-all.tsx';

type Accepted = Coverage['summary']['accepted'][number];

const kindWords: Record<Accepted['kind'], string> = {
  gap: 'Silent',
  retired: 'Retired',
  idle: 'Idle',
};

function hoursWords({ hours, kind }: Accepted): string {
  if (hours > 0) return formatCount(hours);
  return kind === 'gap' ? 'none: collected since' : 'none';
}

/** Shows who accepted which hours as silent, and why; each decision can be withdrawn. */
export function AcceptedTable({ accepted }: { accepted: readonly Accepted[] }) {
  return (
    <div className="oc-scroll">
      <PlainTable
        label="Accepted as silent"
        stacks
        rows={accepted}
        rowKey={({ acceptanceId }) => acceptanceId}
        columns={[
          ['State', ({ kind }) => kindWords[kind]],
          ['Gateway service', ({ serviceId }) => serviceId, 'code'],
          ['From', ({ from }) => <Time value={from} />],
          [
            'To',
            ({ to, wroteAt }) =>
              wroteAt === null ? (
                <Time value={to} unknown="no end" />
              ) : (
                <>
                  wrote again on <Time value={wroteAt} />
                </>
              ),
          ],
          ['Hours silent', hoursWords, 'figure'],
          ['Reason', ({ reason }) => reason],
          ['By', ({ operator }) => operator],
          ['On', ({ acceptedAt }) => <Time value={acceptedAt} />],
          [
            'Decision',
            (decision) => (
              <TinyButton
                onClick={() =>
                  openDialog((close) => <TakeBack decision={decision} onClose={close} />)
                }
              >
                Withdraw
              </TinyButton>
            ),
            'buttons',
          ],
        ]}
      />
    </div>
  );
}

function TakeBack({ decision, onClose }: { decision: Accepted; onClose(): void }) {
  const cluster = useCluster();
  const call = useConsole();
  const { acceptanceId, serviceId, from, to } = decision;
  return (
    <ConfirmDialog
      verb="Withdraw acceptance"
      onClose={onClose}
      onConfirm={() =>
        call('usage.withdrawGaps', { connectionId: cluster.id, acceptanceIds: [acceptanceId] })
      }
    >
      <EffectOnAll from={from} to={to ?? new Date().toISOString()} />
      <p className="oc-flush">
        The hours of <span className="oc-mono">{serviceId}</span> from <Time value={from} /> to{' '}
        <Time value={to} unknown="now" /> are missing again, and figures with them are not final.
        The journal keeps both decisions.
      </p>
    </ConfirmDialog>
  );
}
