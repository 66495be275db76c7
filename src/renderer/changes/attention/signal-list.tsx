import { Link } from 'react-router';
import { forGood, isHappening, isMoreSevere } from '#shared/contract/signals.ts';
import type { Connection } from '../../kit/cluster-context.tsx';
import { useClusterIfAny } from '../../kit/cluster-context.tsx';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import { QuietButton } from '../../kit/components/buttons.ts';
import { formatMoney } from '../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { Time } from '../../kit/components/time.tsx';
import classes from './attention.module.css';
import { namedOn, SignalFixes, signalPath } from './signal-fixes.tsx';
import { openSnooze, type SignalRow } from './snooze-dialog.tsx';

type Severity = SignalRow['severity'];
type Snooze = NonNullable<SignalRow['snoozed']>;

const tones: Record<Severity, { tone: StateTone; label: string }> = {
  critical: { tone: 'bad', label: 'Critical' },
  warning: { tone: 'warning', label: 'Warning' },
  information: { tone: 'information', label: 'Note' },
};

/** Signals change without an event (a collection is late, a day is over): core is asked again after this, milliseconds. */
export const signalsAskAgainAfter = 5 * 60_000;

/** Shows how urgent a signal is, as a word with its icon. */
function SeverityBadge({ severity }: { severity: Severity }) {
  const { tone, label } = tones[severity];
  return <StateBadge tone={tone}>{label}</StateBadge>;
}

/**
 * Signals with evidence, fix and snooze, most urgent first.
 * @param props.connections of several, each row names its cluster; omitted: all are of the one on screen
 */
export function SignalList(props: {
  rows: readonly SignalRow[];
  connections?: readonly Connection[];
  label: string;
}) {
  const { rows, connections } = props;
  return (
    <ul className={`oc-bare-list ${classes.signals}`} aria-label={props.label}>
      {rows.map((row) => {
        const of = connections?.find(({ id }) => id === row.connectionId);
        const signal = <Signal row={row} across={(connections?.length ?? 0) > 1} />;
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
  // one that was removed meanwhile has nothing that could be done to it
  const cluster = useClusterIfAny();
  const isSnoozed = snoozed !== undefined && !snoozed.overtaken;
  return (
    <div className={classes.row}>
      <SeverityBadge severity={row.severity} />
      <div className={classes.what}>
        <div className={classes.title}>
          {title}:{' '}
          <Link to={signalPath(row.connectionId, row.page)} title="Open the evidence">
            {subject.name}
          </Link>
          {across && subject.kind !== 'cluster' && (
            <span className="oc-dimmed"> on {row.connectionName}</span>
          )}
        </div>
        <div className="oc-dimmed">{evidence.join(' ')}</div>
        {row.money && <MoneyAtRisk money={row.money} />}
        {isSnoozed && (
          <div className="oc-dimmed">
            {snoozed.until === forGood ? (
              'Snoozed for good'
            ) : (
              <>
                Snoozed until <Time value={snoozed.until} />
              </>
            )}{' '}
            by {snoozed.by}: {snoozed.reason}
          </div>
        )}
        {snoozed?.overtaken && (
          <div className="oc-warning">
            {overtakenWords(row, snoozed)}: {snoozed.reason}
          </div>
        )}
      </div>
      <span className={`oc-dimmed ${classes.since}`}>
        <Time value={row.since} as="age" />
      </span>
      <div className={classes.actions}>
        {cluster && <SignalFixes row={row} across={across} />}
        <QuietButton
          aria-label={`${isSnoozed ? 'End snooze of' : 'Snooze'} ${title}: ${namedOn(row, across)}`}
          onClick={() => openSnooze(row)}
        >
          {isSnoozed ? 'End snooze' : 'Snooze'}
        </QuietButton>
      </div>
    </div>
  );
}

/** Why a snooze no longer applies. */
function overtakenWords({ kind, severity }: SignalRow, { by, severity: before }: Snooze): string {
  const was = `snoozed it (${tones[before].label})`;
  if (isMoreSevere(severity, before)) return `More severe than when ${by} ${was}`;
  if (isHappening(kind)) return `Happened again since ${by} snoozed it`;
  return `Was more severe since ${by} ${was}`;
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
