import { formatShare } from '#shared/counted.ts';
import { day } from '#shared/durations.ts';
import { fromWireInteger } from '#shared/units.ts';
import { type SourceLine, unitFigure } from '../../../changes/statements/line-source.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { Bytes } from '../../../kit/components/bytes.tsx';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatExactBytes,
} from '../../../kit/components/format.ts';
import { TermHelp } from '../../../kit/components/term-help.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import type { TermName } from '../../../kit/terms.ts';
import type { Span } from '../period/period.ts';
import { useBillUnit } from './bill-unit.ts';
import classes from './storage.module.css';
import type { StorageHistory } from './storage-chart.tsx';

/** A size change with its sign, in binary units. */
export function signedBytes(bytes: bigint): string {
  if (bytes === 0n) return 'no change';
  return `${bytes > 0n ? '+' : '−'}${formatBytes(bytes < 0n ? -bytes : bytes)}`;
}

/** Days in words, rounded by length: `today`, `9 days`, `14 months`. */
export function daysWords(days: number): string {
  if (days < 1) return 'less than a day';
  if (days < 60) return formatCounted(Math.round(days), 'day');
  if (days < 730) return formatCounted(Math.round(days / 30.44), 'month');
  return 'more than two years';
}

/**
 * Shows what follows from sizes over time: change, trend, what a bill counts, days to quota, and how
 * dense the samples are.
 */
export function StorageFacts(props: {
  history: StorageHistory;
  quotaGb?: string | null;
  /** The period is over: its last size is not today’s, and says nothing of the quota. */
  over?: boolean;
  /** The statement's line that is explained. */
  line?: SourceLine | null;
}) {
  const { history, quotaGb, over = false } = props;
  const unit = useBillUnit(props.line);
  const { growthBytes, bytesPerDay, lastBytes, firstBytes, density } = history;
  const last = history.points.at(-1);
  return (
    <dl className={classes.facts}>
      <Fact name={over ? 'At the end of the period' : 'Last sample'}>
        {lastBytes === null ? (
          'not known'
        ) : (
          <>
            <Bytes value={lastBytes} source="from the last sample" />
            {last && (
              <>
                , <Time value={last.at} {...(over ? {} : { as: 'age' })} />
              </>
            )}
          </>
        )}
      </Fact>
      <Fact name="Change in the period">
        {growthBytes === null ? (
          'not known'
        ) : (
          <>
            <span
              className="oc-number"
              data-hint={`${formatExactBytes(fromWireInteger(growthBytes))}, from ${formatExactBytes(fromWireInteger(firstBytes ?? 0))}`}
            >
              {signedBytes(fromWireInteger(growthBytes))}
            </span>
            {averageWords(history)}
          </>
        )}
      </Fact>
      <Fact name="Trend" term="storageTrend">
        {bytesPerDay === null || density.samples < 3
          ? 'too few samples'
          : `${signedBytes(BigInt(Math.round(bytesPerDay)))} a day, by all samples`}
      </Fact>
      <Fact name={`Stored, ${unit.unit}`}>
        {history.byteHours === null || history.stored === null ? (
          'not known'
        ) : (
          <span
            className="oc-number"
            data-hint={`${formatCount(fromWireInteger(history.byteHours))} byte-hours · ${unit.words}`}
          >
            {unitFigure(history.stored, unit)}
          </span>
        )}
      </Fact>
      {quotaGb !== undefined && !over && (
        <Fact name="Days to quota">{quotaWords(history, quotaGb)}</Fact>
      )}
      <Fact name="Samples" wide>
        {density.samples === 1
          ? 'One so far. Growth and what was stored begin with the second refresh.'
          : samplesWords(density)}
      </Fact>
    </dl>
  );
}

/** The change divided by the days between the first and the last sample; nothing within one day. */
function averageWords({ points, growthBytes }: StorageHistory): string | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || growthBytes === null) return null;
  const days = (Date.parse(last.at) - Date.parse(first.at)) / day;
  const change = fromWireInteger(growthBytes);
  if (days <= 1 || change === 0n) return null;
  return `, on average ${signedBytes(BigInt(Math.round(Number(change) / days)))} a day`;
}

/** How often sizes were sampled, and how much of the period that covers. */
function samplesWords({ samples, words, covered }: StorageHistory['density']): string {
  if (samples === 0) return words;
  return `${words} They cover ${formatShare(covered)} of the period.`;
}

function quotaWords({ daysToQuota, bytesPerDay }: StorageHistory, quotaGb: string | null): string {
  if (quotaGb === null || quotaGb === '0') return 'no quota is set';
  const quota = `${formatCount(BigInt(quotaGb))} GB`;
  if (daysToQuota === 0) return `the quota of ${quota} is reached`;
  if (daysToQuota !== null) return `${daysWords(daysToQuota)} to ${quota}, by the trend`;
  return bytesPerDay === null ? 'too few samples' : `not by this trend (${quota})`;
}

function Fact(props: { name: string; term?: TermName; wide?: boolean; children: React.ReactNode }) {
  return (
    <div data-wide={props.wide || undefined}>
      <dt>
        {props.name}
        {props.term && <TermHelp term={props.term} />}
      </dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** Whose sizes are shown; neither: the whole cluster's. */
export interface StorageSubject {
  userId: string | null;
  bucket: string | null;
}

/** Returns whose sizes are asked for. */
export function storageTarget({ userId, bucket }: StorageSubject) {
  if (bucket !== null) return { bucket };
  return userId !== null ? { user: userId } : { cluster: true as const };
}

const gigabyte = 1_000_000_000n;

/** Reads sizes over time, with the days to the quota where the subject has one. */
export function useStorageHistory({ userId, bucket }: StorageSubject, span: Span) {
  const cluster = useCluster();
  const target = storageTarget({ userId, bucket });
  const quota = useCall(
    'quotas.get',
    {
      connectionId: cluster.id,
      target: 'cluster' in target ? { default: 'user' } : target,
    },
    { enabled: !('cluster' in target) },
  ).data;
  const quotaGb = quota?.set && quota.sizeGb !== null ? String(quota.sizeGb) : null;
  const query = useCall(
    'storage.history',
    {
      connectionId: cluster.id,
      from: span.from,
      to: span.to,
      target,
      ...(quotaGb === null ? {} : { quotaGb }),
    },
    { keepPrevious: true },
  );
  return {
    query,
    quotaGb,
    quotaBytes: quotaGb === null ? null : fromWireInteger(quotaGb) * gigabyte,
  };
}
