import { SegmentedControl } from '@mantine/core';
import { IconChartAreaLine, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { useSync } from '../../../kit/use-sync.ts';
import type { Span } from '../period/period.ts';
import { type PeriodState, usePeriod } from '../period/use-period.ts';
import usage from '../shared/usage.module.css';
import { UsageFrame } from '../shared/usage-frame.tsx';
import { WithArchive } from '../shared/with-archive.tsx';
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
  const next = new URLSearchParams(parameters);
  for (const name of ['user', 'bucket', 'q', 'sort']) next.delete(name);
  if (subject.userId !== null) next.set('user', subject.userId);
  if (subject.bucket !== null) next.set('bucket', subject.bucket);
  return `?${next}`;
}

function Body({ period, span }: { period: PeriodState; span: Span }) {
  const [parameters] = useSearchParams();
  const subject = { userId: parameters.get('user'), bucket: parameters.get('bucket') };
  const { query, quotaGb, quotaBytes } = useStorageHistory(subject, span);
  const history = query.data;
  const isCluster = subject.userId === null && subject.bucket === null;
  return (
    <>
      <section className="oc-band" data-part="summary" aria-label="Size over time">
        <SubjectName subject={subject} parameters={parameters} words={period.words} />
        <CallError call={query} compact />
        {history && history.points.length === 0 && <NoSamples />}
        {history && history.points.length > 0 && (
          <div className={classes.columns}>
            <StorageChart history={history} span={span} quotaBytes={quotaBytes} adjustable />
            <StorageFacts
              history={history}
              over={Date.parse(span.to) <= Date.now()}
              {...(isCluster ? {} : { quotaGb })}
            />
          </div>
        )}
      </section>
      <Largest subject={subject} parameters={parameters} />
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

function Largest(props: { subject: StorageSubject; parameters: URLSearchParams }) {
  const [of, setOf] = useState<'users' | 'buckets'>('users');
  const ownerId = props.subject.bucket === null ? props.subject.userId : null;
  const showing = ownerId === null ? of : 'buckets';
  return (
    <section className={classes.largest} data-part="list" aria-label="Largest">
      <LargestTable
        key={showing}
        of={showing}
        ownerId={ownerId}
        to={(subject) => toSubject(props.parameters, subject)}
        before={
          ownerId === null ? (
            <SegmentedControl
              size="xs"
              aria-label="Whose sizes are listed"
              data={optionsOf({ users: 'Users', buckets: 'Buckets' })}
              value={of}
              onChange={(value) => setOf(value === 'buckets' ? 'buckets' : 'users')}
            />
          ) : (
            <h2 className="oc-heading">Buckets of this user</h2>
          )
        }
      />
    </section>
  );
}
