import { Tooltip } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment } from 'react';
import { Link } from 'react-router';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { mostBytesAnHour } from '#shared/contract/usage.ts';
import { fromWireInteger } from '#shared/units.ts';
import { bucketPath, userPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { formatBytes, formatCount, userWords } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useNow } from '../../../kit/timers.ts';
import { monthName, presetSpan } from '../period/period.ts';
import type { PeriodState } from '../period/use-period.ts';
import { Completeness, idleWords, isCollected } from '../shared/completeness.tsx';
import {
  bucketWords,
  bytesWithExact,
  type Counters,
  exactCount,
  operationKinds,
  operationsOf,
  percentWords,
  trafficOf,
  type UsageRow,
} from '../shared/figures.ts';
import classes from '../shared/usage.module.css';
import { type ScopeState, type UsageScope, wholeCluster } from './scope.ts';

type HeaviestReport = CallOutput<'usage.report'>;

/** Reads who or what moved most bytes in a period. */
export function heaviestInput(
  connectionId: string,
  { from, to }: { from: string; to: string },
  filter: ScopeState['filter'] = {},
  groupBy: CallInput<'usage.report'>['groupBy'] = 'user',
): CallInput<'usage.report'> {
  return {
    connectionId,
    from,
    to,
    groupBy,
    filter,
    sort: { by: 'traffic', descending: true },
    offset: 0,
    limit: 1,
  };
}

/** States who used most, and whether the figures are complete. */
export function Headline(props: { period: PeriodState; scope: ScopeState }) {
  const { period, scope } = props;
  const cluster = useCluster();
  const groupBy = scope.userId === null && scope.bucket === null ? 'user' : 'bucket';
  const span = period.span ?? { from: '', to: '' };
  const report = useCall('usage.report', heaviestInput(cluster.id, span, scope.filter, groupBy), {
    enabled: period.span !== null,
    keepPrevious: true,
  }).data;
  if (!report) return <div className={classes.head} data-part="summary" aria-busy="true" />;
  return (
    <section className={classes.head} data-part="summary" aria-label="In short">
      <SubjectTrail scope={scope} row={report.rows[0]} />
      <p className={classes.sentence}>
        <Sentence report={report} scope={scope} words={period.words} />
      </p>
      <ImpossibleNote row={report.rows[0]} userId={scope.userId} span={period.span} />
      <Completeness coverage={report.coverage} since={period.beginsWithin} />
      {isKnown(report) && <Totals totals={report.totals} />}
      {groupBy === 'user' && period.preset !== 'last-month' && <LastMonth period={period} />}
    </section>
  );
}

/** Says where what a user moved has an hour that no network can do: the figures contain it. */
export function ImpossibleNote(props: {
  row: UsageRow | undefined;
  span: { from: string; to: string } | null;
  /** Whose the row is, where it is a bucket's. */
  userId?: string | null;
}) {
  const cluster = useCluster();
  const userId = props.userId ?? props.row?.userId ?? null;
  const enabled = !!props.span && !!props.row && userId !== null && isMuch(props.row);
  const input = heaviestInput(
    cluster.id,
    props.span ?? { from: '', to: '' },
    { userId: userId ?? '' },
    'hour',
  );
  const [most] = useCall('usage.report', input, { enabled }).data?.rows ?? [];
  if (!enabled || !most || !isMuch(most)) return null;
  return (
    <p className={classes.completeness}>
      <StateBadge tone="warning">Implausible</StateBadge>
      <span>
        One hour of it shows <Amount bytes={trafficOf(most)} />, more than a network can do. Bills
        hold such a line back.
      </span>
    </p>
  );
}

const isMuch = ({ uploaded, downloaded }: UsageRow): boolean =>
  fromWireInteger(uploaded) > mostBytesAnHour || fromWireInteger(downloaded) > mostBytesAnHour;

/** Where no hour is on record, figures are unknown, not zero. */
function isKnown({ rows, coverage }: HeaviestReport): boolean {
  return rows.length > 0 || isCollected(coverage);
}

/** The sentence of a period without figures: not collected differs from idle. */
function nothingWords({ coverage }: HeaviestReport, words: string): string {
  if (!isCollected(coverage)) {
    return `Nothing is collected for ${words}: what was used is not known.`;
  }
  if (coverage.final) return `There was no traffic in ${words}.`;
  return coverage.state === 'open'
    ? `There was no traffic in ${words} so far.`
    : `There was no traffic in the hours of ${words} that are collected.`;
}

function Sentence(props: { report: HeaviestReport; scope: ScopeState; words: string }) {
  const { report, scope, words } = props;
  const [row] = report.rows;
  const whole = trafficOf(report.totals);
  if (!row || (whole === 0n && operationsOf(report.totals) === 0n)) {
    return <>{nothingWords(report, words)}</>;
  }
  const target: UsageScope =
    row.bucket === null
      ? { userId: row.userId, bucket: null, epoch: null }
      : { userId: scope.userId, bucket: row.bucket, epoch: row.epoch };
  const part = trafficOf(row);
  if (scope.bucket !== null) {
    return (
      <>
        <strong>{bucketWords(scope.bucket)}</strong> moved <Amount bytes={whole} /> and answered{' '}
        {formatCount(operationsOf(report.totals))} operations in {words}.
      </>
    );
  }
  return (
    <>
      <Link to={scope.to(target)}>
        <strong>{row.bucket === '' ? 'Requests to no bucket' : nameOf(row)}</strong>
      </Link>{' '}
      {row.bucket === null || row.bucket === '' ? 'used most' : 'was used most'} in {words}:{' '}
      <Amount bytes={part} />, {percentWords(part, whole)} of{' '}
      {scope.userId === null ? 'all traffic' : 'this user’s traffic'} (<Amount bytes={whole} />
      ).
    </>
  );
}

function nameOf({ bucket, email, userId }: UsageRow): string {
  return bucket === null ? userWords(email, userId) : bucketWords(bucket);
}

/** Bytes in short; exact on hover. */
export function Amount({ bytes }: { bytes: bigint }) {
  return (
    <Tooltip label={bytesWithExact(bytes.toString())}>
      <span className="oc-number">{formatBytes(bytes)}</span>
    </Tooltip>
  );
}

/** The sums of a period by kind; exact on hover. */
function Totals({ totals }: { totals: Counters }) {
  return (
    <dl className={classes.totals}>
      <div>
        <dt>In</dt>
        <dd>
          <Amount bytes={BigInt(totals.uploaded)} />
        </dd>
      </div>
      <div>
        <dt>Out</dt>
        <dd>
          <Amount bytes={BigInt(totals.downloaded)} />
        </dd>
      </div>
      {operationKinds.map(([kind, label]) => (
        <div key={kind}>
          <dt>{label}</dt>
          <dd className="oc-number">{exactCount(totals[kind])}</dd>
        </div>
      ))}
    </dl>
  );
}

const dayLength = 86_400_000;

/** One line on last month while another period is on screen. */
function LastMonth({ period }: { period: PeriodState }) {
  const cluster = useCluster();
  const today = Math.floor(useNow(60_000) / dayLength) * dayLength + dayLength / 2;
  const span = presetSpan('last-month', today, period.clock);
  const report = useCall('usage.report', heaviestInput(cluster.id, span)).data;
  if (!report) return null;
  const [row] = report.rows;
  const whole = trafficOf(report.totals);
  const month = monthName(span.from, period.clock);
  return (
    <p className="oc-caption" style={{ margin: 0 }}>
      <Link to="?period=last-month">Last month, {month}</Link>:{' '}
      {row && whole > 0n ? (
        <>
          {userWords(row.email, row.userId)} used most, <Amount bytes={trafficOf(row)} /> (
          {percentWords(trafficOf(row), whole)});{' '}
          {report.coverage.final ? 'complete' : 'not complete'}.
        </>
      ) : (
        `${idleWords(report.coverage)}.`
      )}
    </p>
  );
}

/** The path from cluster to user to bucket; each step leads back. */
function SubjectTrail({ scope, row }: { scope: ScopeState; row: UsageRow | undefined }) {
  const cluster = useCluster();
  const user = useCall(
    'users.get',
    { connectionId: cluster.id, userId: scope.userId ?? '0' },
    { enabled: scope.userId !== null && scope.userId !== '' },
  );
  if (scope.userId === null && scope.bucket === null) return null;
  const email = userWords(user.data?.email || row?.email || null, scope.userId);
  const steps: { label: string; to: string }[] = [
    { label: 'Whole cluster', to: scope.to(wholeCluster) },
    ...(scope.userId === null
      ? []
      : [{ label: email, to: scope.to({ ...scope, bucket: null, epoch: null }) }]),
    ...(scope.bucket === null ? [] : [{ label: bucketLabel(scope), to: scope.to(scope) }]),
  ];
  const page =
    scope.bucket === null
      ? { label: 'Open the user', to: userPath(cluster.id, scope.userId ?? '') }
      : { label: 'Open the bucket', to: bucketPath(cluster.id, scope.bucket) };
  return (
    <nav className={classes.trail} aria-label="What is shown">
      {steps.map(({ label, to }, index) => (
        <Fragment key={to}>
          {index > 0 && <IconChevronRight size={13} className="oc-faint" aria-hidden />}
          {index === steps.length - 1 ? (
            <span aria-current="page">{label}</span>
          ) : (
            <Link to={to}>{label}</Link>
          )}
        </Fragment>
      ))}
      {scope.bucket !== '' && (scope.bucket !== null || scope.userId !== '') && (
        <Link className={classes.tag} to={page.to}>
          {page.label}
        </Link>
      )}
    </nav>
  );
}

function bucketLabel({ bucket, epoch }: ScopeState): string {
  const name = bucketWords(bucket ?? '');
  return epoch === null || bucket === '' ? name : `${name} (epoch ${epoch})`;
}
