import { notifications } from '@mantine/notifications';
import { Link } from 'react-router';
import { clusterPath } from '../../kit/addresses.ts';
import { type Connection, useCluster } from '../../kit/cluster-context.tsx';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import { QuietButton, SmallButton } from '../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../kit/components/confirm-dialog.tsx';
import { formatMoney } from '../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import { type CampaignDraft, openNewCampaign } from '../keys/new-campaign.tsx';
import { editLimitsOf, editQuotaOf } from '../limits/edit-when-read.tsx';
import type { LimitState, LimitTarget } from '../limits/limit-value.tsx';
import { openPutBack } from '../limits/temporary.tsx';
import { openUserOperation } from '../users/user-operations.tsx';
import classes from './attention.module.css';
import { openSnooze, type SignalRow } from './snooze-dialog.tsx';

type Severity = SignalRow['severity'];

const tones: Record<Severity, { tone: StateTone; label: string }> = {
  critical: { tone: 'bad', label: 'Critical' },
  warning: { tone: 'warning', label: 'Warning' },
  information: { tone: 'information', label: 'Note' },
};

/** How urgent a signal is, as a word with its icon. */
export function SeverityBadge({ severity }: { severity: Severity }) {
  const { tone, label } = tones[severity];
  return <StateBadge tone={tone}>{label}</StateBadge>;
}

/**
 * Signals with evidence, fix and snooze, most urgent first.
 * @param props.connections names the cluster in each row; omitted: all are of the cluster on screen
 */
export function SignalList(props: {
  rows: readonly SignalRow[];
  connections?: readonly Connection[];
  label: string;
}) {
  const { rows, connections } = props;
  return (
    <ul className="oc-bare-list" aria-label={props.label}>
      {rows.map((row) => {
        const of = connections?.find(({ id }) => id === row.connectionId);
        const signal = <Signal row={row} across={connections !== undefined} />;
        return (
          <li key={row.signalId} className={classes.signal}>
            {of ? <ActingCluster connection={of}>{signal}</ActingCluster> : signal}
          </li>
        );
      })}
    </ul>
  );
}

function Signal({ row, across }: { row: SignalRow; across: boolean }) {
  const { title, subject, evidence, snoozed } = row;
  return (
    <div className={classes.row}>
      <SeverityBadge severity={row.severity} />
      <div className={classes.what}>
        <div className={classes.title}>
          {title}:{' '}
          <Link to={clusterPath(row.connectionId, row.page)} title="Open the evidence">
            {subject.name}
          </Link>
          {across && subject.kind !== 'cluster' && (
            <span className="oc-dimmed"> on {row.connectionName}</span>
          )}
        </div>
        <div className="oc-dimmed">{evidence.join(' ')}</div>
        {row.money && <MoneyAtRisk money={row.money} />}
        {snoozed && (
          <div className="oc-dimmed">
            Snoozed until <Time value={snoozed.until} /> by {snoozed.by}: {snoozed.reason}
          </div>
        )}
      </div>
      <span className={`oc-dimmed ${classes.since}`}>
        <Time value={row.since} as="age" />
      </span>
      <div className={classes.actions}>
        <FixButton row={row} />
        <QuietButton
          aria-label={`${snoozed ? 'End snooze of' : 'Snooze'} ${title}: ${subject.name}`}
          onClick={() => openSnooze(row)}
        >
          {snoozed ? 'End snooze' : 'Snooze'}
        </QuietButton>
      </div>
    </div>
  );
}

/** What is at stake by the tariff: for a month of storage, or for traffic once. */
function MoneyAtRisk({ money }: { money: NonNullable<SignalRow['money']> }) {
  const { amount, currency, minorDigits, per, tariffName } = money;
  const source =
    per === 'month'
      ? `A calendar month of what is stored, by ${tariffName}`
      : `This traffic, by ${tariffName}`;
  return (
    <div className="oc-number" title={source}>
      At risk: {formatMoney(amount, currency, minorDigits)}
      {per === 'month' && ' a month'}
    </div>
  );
}

/** The way to what fixes it: the dialog that previews the prepared change, or its page. */
function FixButton({ row }: { row: SignalRow }) {
  const { action, connectionId, subject } = row;
  if (!action) return null;
  const label = `${action.label}: ${subject.name}`;
  if (action.page !== undefined) {
    return (
      <SmallButton component={Link} to={clusterPath(connectionId, action.page)} aria-label={label}>
        {action.label}
      </SmallButton>
    );
  }
  return (
    <SmallButton aria-label={label} onClick={() => startFix(action)}>
      {action.label}
    </SmallButton>
  );
}

/** Opens the dialog of a prepared change: nothing is sent before it is confirmed there. */
export function startFix({ operation, input = {} }: NonNullable<SignalRow['action']>): void {
  if (operation === 'quotas.set') {
    editQuotaOf(input.target as LimitTarget, false, String(input.sizeGb));
  } else if (operation === 'limits.set') {
    editLimitsOf(input.target as LimitTarget, input.limits as LimitState['limits']);
  } else if (operation === 'users.disable') openUserOperation(operation, String(input.userId));
  else if (operation === 'pressure.putBack') openPutBack(String(input.raiseId));
  else if (operation === 'campaigns.start') openNewCampaign(campaignOf(input));
  else if (operation === 'archive.backup') {
    openDialog((close) => <BackUpDialog onClose={close} />);
  }
}

/** What a prepared campaign is about: old keys, or the keys of one user. */
function campaignOf({ kind, olderThanDays, ownerId }: Record<string, unknown>): CampaignDraft {
  const of =
    ownerId === undefined
      ? { filter: { olderThanDays: Number(olderThanDays) } }
      : { ownerId: String(ownerId) };
  return { kind: kind === 'finish' ? 'finish' : 'rotate', of };
}

function BackUpDialog({ onClose }: { onClose(): void }) {
  const { id: connectionId, name } = useCluster();
  const call = useConsole();
  const backUp = async () => {
    const { path } = await call('archive.backup', { connectionId });
    notifications.show({ title: `The archive of ${name} was backed up`, message: path });
  };
  return (
    <ConfirmDialog verb="Back up archive" onConfirm={backUp} onClose={onClose}>
      <div>
        Copies the archive of {name} into one verified file beside it. Settings, Archives restores
        it.
      </div>
    </ConfirmDialog>
  );
}
