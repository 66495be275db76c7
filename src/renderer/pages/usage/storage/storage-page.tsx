import { SegmentedControl } from '@mantine/core';
import { IconChartAreaLine, IconChevronRight } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { fromWireInteger } from '#shared/units.ts';
import { withParameters } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useSync } from '../../../kit/use-sync.ts';
import type { Span } from '../period/period.ts';
import { type PeriodState, usePeriod } from '../period/use-period.ts';
import { LineNote } from '../shared/line-note.tsx';
import usage from '../shared/usage.module.css';
import { UsageFrame } from '../shared/usage-frame.tsx';
import { WithArchive } from '../shared/with-archive.tsx';
import { DaysTable, daysInput } from './days-table.tsx';
import { LargestTable } from './largest-table.tsx';
import classes from './storage.module.css';
import { StorageChart } from './storage-chart.tsx';
import { StorageFacts, type StorageSubject, useStorageHistory } from './storage-facts.tsx';

/** Sizes over time of the cluster, a user or a bucket, sampled at each refresh. */
export function StoragePage() {
  const period = usePeriod('last-30-days');
  return (
    <UsageFrame period={period} hasList>
      <WithArchive period={period} needsStatistics={false}>
        {(span) => <Body period={period} span={span} />}
      </WithArchive>
    </UsageFrame>
  );
}

/** Address of this page for another subject; the period stays. */
function toSubject(parameters: URLSearchParams, subject: StorageSubject): string {
  const { userId: user, bucket } = subject;
  return `?${withParameters(parameters, { user, bucket, by: null, q: null, sort: null })}`;
}

function Body({ period, span }: { period: PeriodState; span: Span }) {
  const [parameters] = useSearchParams();
  const subject = { userId: parameters.get('user'), bucket: parameters.get('bucket') };
  const { query, quotaGb, quotaBytes } = useStorageHistory(subject, span);
  const history = query.data;
  const isCluster = subject.userId === null && subject.bucket === null;
  return (
    <>
      <LineOfStorage subject={subject} period={period} span={span} />
      <section className="oc-band" data-part="summary" aria-label="Size over time">
        <SubjectName subject={subject} parameters={parameters} words={period.words} />
        <CallError call={query} compact />
        {history && history.points.length === 0 && <NoSamples />}
        {history && history.points.length > 0 && (
          <div className={classes.columns}>
            <StorageChart history={history} span={span} quotaBytes={quotaBytes} adjustable />
            <StorageFacts
              history={history}
              line={period.line}
              over={Date.parse(span.to) <= Date.now()}
              {...(isCluster ? {} : { quotaGb })}
            />
          </div>
        )}
      </section>
      <Lists subject={subject} period={period} span={span} />
    </>
  );
}

function NoSamples() {
  const cluster = useCluster();
  const { refreshing, refresh } = useSync(cluster.id);
  return (
    <EmptyState icon={IconChartAreaLine} title="No sizes recorded in this period">
      Each refresh records how large every user and bucket is; the history begins with the first.{' '}
      {!refreshing && (
        <button type="button" className={classes.inline} onClick={refresh}>
          Refresh now
        </button>
      )}
    </EmptyState>
  );
}

function SubjectName(props: {
  subject: StorageSubject;
  parameters: URLSearchParams;
  words: string;
}) {
  const { userId, bucket } = props.subject;
  const cluster = useCluster();
  const user = useCall(
    'users.get',
    { connectionId: cluster.id, userId: userId ?? '0' },
    { enabled: userId !== null },
  ).data;
  const name = bucket ?? (user?.email || userId) ?? cluster.name;
  return (
    <nav className={usage.trail} aria-label="What is shown">
      {(userId !== null || bucket !== null) && (
        <>
          <Link to={toSubject(props.parameters, { userId: null, bucket: null })}>
            Whole cluster
          </Link>
          <IconChevronRight size={13} className="oc-faint" aria-hidden />
        </>
      )}
      <h2 className="oc-heading">{name}</h2>
      <span className="oc-dimmed">{props.words}</span>
    </nav>
  );
}

/** The line of a statement that the page explains, where one leads here. */
function LineOfStorage(props: { subject: StorageSubject; period: PeriodState; span: Span }) {
  const { subject, period, span } = props;
  const { line } = period;
  const cluster = useCluster();
  const days = useCall('storage.days', daysInput(cluster.id, subject, span), {
    enabled: line !== null,
  });
  if (line?.item !== 'stored') return null;
  const parts = days.data?.whole.stored;
  const sum = parts?.reduce((all, { quantity }) => all + fromWireInteger(quantity), 0n);
  return (
    <LineNote
      line={line}
      shown={{ ...span, ...subject }}
      sum={days.data ? (sum ?? null) : undefined}
    />
  );
}

const listLabels = { day: 'Days', user: 'Users', bucket: 'Buckets' } as const;

type Listed = keyof typeof listLabels;

/** What can be listed of a subject, the usual first. */
function listsOf({ userId, bucket }: StorageSubject): readonly Listed[] {
  if (bucket !== null) return ['day'];
  return userId === null ? ['user', 'bucket', 'day'] : ['bucket', 'day'];
}

/** Who stores most, or what was stored day by day. */
function Lists(props: { subject: StorageSubject; period: PeriodState; span: Span }) {
  const { subject } = props;
  const [parameters, setParameters] = useSearchParams();
  const lists = listsOf(subject);
  const named = parameters.get('by');
  const showing = lists.find((list) => list === named) ?? lists[0] ?? 'day';
  const select = (by: string) =>
    setParameters((before) => withParameters(before, { q: null, sort: null, by }));
  const before =
    lists.length === 1 ? (
      <h2 className="oc-heading">Days</h2>
    ) : (
      <SegmentedControl
        size="xs"
        aria-label="What is listed"
        data={lists.map((value) => ({ value, label: listLabels[value] }))}
        value={showing}
        onChange={select}
      />
    );
  return (
    <section
      className={classes.largest}
      data-part="list"
      aria-label={showing === 'day' ? 'By day' : 'Largest'}
    >
      {showing === 'day' ? (
        <DaysTable {...props} before={before} />
      ) : (
        <LargestTable
          key={showing}
          of={showing === 'user' ? 'users' : 'buckets'}
          ownerId={subject.userId}
          to={(target) => toSubject(parameters, target)}
          before={before}
        />
      )}
    </section>
  );
}
