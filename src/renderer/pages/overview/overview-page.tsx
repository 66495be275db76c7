import { Button, Skeleton } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { SignalList, signalsAskAgainAfter } from '../../changes/attention/signal-list.tsx';
import { openThresholds } from '../../changes/attention/thresholds-dialog.tsx';
import {
  bucketPath,
  clusterPath,
  connectionPath,
  morningPath,
  userPath,
} from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes } from '../../kit/components/bytes.tsx';
import { EmptyState } from '../../kit/components/empty-state.tsx';
import { CallError } from '../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, formatUtc } from '../../kit/components/format.ts';
import { PageBar } from '../../kit/components/page-bar.tsx';
import { TermHelp } from '../../kit/components/term-help.tsx';
import { Time } from '../../kit/components/time.tsx';
import { useSections } from '../../kit/detail/sections.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { TermName } from '../../kit/terms.ts';
import { useDelayed } from '../../kit/timers.ts';
import { NeverRead } from '../../lists/list-page/list-instead.tsx';
import { FirstSteps } from './first-steps.tsx';
import classes from './overview.module.css';

type Overview = CallOutput<'sync.overview'>;

/** The cluster at a glance: figures, the largest users and buckets, and what is new. */
export function OverviewPage() {
  const cluster = useCluster();
  const query = useCall('sync.overview', { connectionId: cluster.id });
  const slow = useDelayed(query.isPending, 150);
  return (
    <>
      <PageBar title="Overview" />
      <div className="oc-scroll">
        <OverviewBody query={query} slow={slow} />
      </div>
    </>
  );
}

function OverviewBody(props: {
  query: ReturnType<typeof useCall<'sync.overview'>>;
  slow: boolean;
}) {
  const { query, slow } = props;
  if (query.data && query.data.asOf !== null) return <Figures overview={query.data} />;
  if (query.data || query.error?.code === 'SNAPSHOT_MISSING') return <NothingKnown />;
  if (query.error) {
    return (
      <div className="oc-state">
        <CallError call={query} />
      </div>
    );
  }
  return (
    <div className={classes.figures} aria-busy="true">
      {slow &&
        ['users', 'buckets', 'size', 'peak'].map((key) => <Skeleton key={key} height={60} />)}
    </div>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const cluster = useCluster();
  const source = `sum over the bucket list of ${overview.asOf === null ? '' : formatUtc(overview.asOf)}`;
  const page = (path: string) => clusterPath(cluster.id, path);
  return (
    <>
      <div className={classes.figures}>
        <Figure name="Users" value={formatCount(overview.users)} to={page('users')}>
          <Link to={`${page('users')}?state=disabled`}>
            {formatCount(overview.disabledUsers)} disabled
          </Link>
        </Figure>
        <Figure name="Buckets" value={formatCount(overview.buckets)} to={page('buckets')}>
          <Link to={`${page('buckets')}?content=empty`}>
            {formatCount(overview.emptyBuckets)} empty
          </Link>
        </Figure>
        <Figure
          name="Size now"
          term="size"
          value={<SizeSum overview={overview} value={overview.currentBytes} source={source} />}
          to={`${page('buckets')}?sort=-currentBytes`}
        >
          {sumWords(overview)}
        </Figure>
        <Figure
          name="Peak"
          term="peak"
          value={<SizeSum overview={overview} value={overview.peakBytes} source={source} />}
          to={`${page('buckets')}?sort=-peakBytes`}
        >
          highest of the last hour
        </Figure>
      </div>
      <FirstSteps />
      <Attention />
      <div className={classes.columns}>
        {useSections().overview.map(({ id, title, Component }) => (
          <section key={id} className={classes.section} aria-label={title}>
            <h2 className="oc-heading">{title}</h2>
            <Component />
          </section>
        ))}
        <Ranking
          title="Largest users"
          all={`${page('users')}?sort=-currentBytes`}
          rows={overview.largestUsers.map((user) => ({
            key: user.userId,
            name: user.email === '' ? user.userId : user.email,
            to: userPath(cluster.id, user.userId),
            bytes: user.currentBytes,
          }))}
        />
        <Ranking
          title="Largest buckets"
          all={`${page('buckets')}?sort=-currentBytes`}
          rows={overview.largestBuckets.map((bucket) => ({
            key: bucket.name,
            name: bucket.name,
            to: bucketPath(cluster.id, bucket.name),
            bytes: bucket.currentBytes,
          }))}
        />
        <Newest overview={overview} all={`${page('buckets')}?sort=-createdAt`} />
      </div>
    </>
  );
}

const signalsShown = 8;

/** What needs attention on this cluster; nothing where all is well. */
function Attention() {
  const cluster = useCluster();
  const {
    data: signals,
    isError,
    isFetching,
  } = useCall(
    'signals.list',
    { connectionId: cluster.id, limit: signalsShown },
    { askAgainAfter: signalsAskAgainAfter },
  );
  if (!signals) return <SignalsToCome failed={isError} />;
  const { rows, total, snoozed, incomplete } = signals;
  const more = total - rows.length;
  return (
    <section className={classes.attention} aria-label="Signals">
      <div className={classes.headingRow}>
        <h2 className="oc-heading">Signals</h2>
        <TermHelp term="signal" />
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          ml="auto"
          onClick={() => openThresholds()}
        >
          Thresholds
        </Button>
        <Link to={`${morningPath}?cluster=${encodeURIComponent(cluster.id)}`}>
          {more > 0 ? `All ${formatCount(total)}` : 'On All clusters'}
          {snoozed > 0 && `, ${formatCount(snoozed)} snoozed`}
        </Link>
      </div>
      {rows.length === 0 &&
        incomplete.length === 0 &&
        (isFetching ? <p className="oc-dimmed">Checking what was read…</p> : <AllWell />)}
      <SignalList rows={rows} label={`Signals of ${cluster.name}`} />
      {incomplete.map(({ reason }) => (
        <p key={reason} className="oc-dimmed">
          {reason}
        </p>
      ))}
    </section>
  );
}

/** Says that there are no signals, and of whom there can be none: what was not read raises none. */
function AllWell() {
  const { id: connectionId } = useCluster();
  const inventory = useCall('inventory.status', { connectionId }).data;
  const unread = inventory ? inventory.users - inventory.usersKnown : 0;
  return (
    <p className="oc-dimmed">
      {unread > 0
        ? `Nothing needs attention in what was read. Keys, limits and quotas of ${formatCounted(unread, 'user')} are not loaded yet.`
        : 'Nothing needs attention.'}
    </p>
  );
}

/** Keeps room for signals while they are found, so that what is below stays where it is. */
function SignalsToCome({ failed }: { failed: boolean }) {
  return (
    <section className={classes.attention} aria-label="Signals" aria-busy={!failed}>
      <div className={classes.headingRow}>
        <h2 className="oc-heading">Signals</h2>
      </div>
      {failed ? (
        <p className="oc-dimmed">The signals of this cluster could not be read.</p>
      ) : (
        [1, 2, 3].map((place) => <Skeleton key={place} height={36} mt={8} />)
      )}
    </section>
  );
}

/** A sum over buckets with plausible sizes; unknown if there are none. */
function SizeSum(props: { overview: Overview; value: WireInteger; source: string }) {
  const { overview, value, source } = props;
  const isKnown = overview.unknownSizes === undefined || overview.unknownSizes < overview.buckets;
  return isKnown ? <Bytes value={value} source={source} /> : <>Unknown</>;
}

/** Describes what a sum of sizes covers. */
export function sumWords({ unknownSizes = 0 }: Pick<Overview, 'unknownSizes'>): string {
  if (unknownSizes === 0) return 'in all buckets';
  const sizes = agreeing(unknownSizes, 'whose size', 'whose sizes');
  return `without ${formatCounted(unknownSizes, 'bucket')} ${sizes} can't be true`;
}

function Figure(props: {
  name: string;
  term?: TermName;
  value: React.ReactNode;
  to: string;
  children: React.ReactNode;
}) {
  return (
    <div className={classes.figure}>
      <div className="oc-hint">
        {props.name}
        {props.term && <TermHelp term={props.term} />}
      </div>
      <Link className={`oc-number ${classes.figureValue}`} to={props.to}>
        {props.value}
      </Link>
      <div className="oc-caption">{props.children}</div>
    </div>
  );
}

interface Ranked {
  key: string;
  name: string;
  to: string;
  bytes: WireInteger | null;
}

function Ranking(props: { title: string; all: string; rows: readonly Ranked[] }) {
  // Largest first: the first row is the whole width.
  const largest = fromWireInteger(props.rows[0]?.bytes ?? 0) || 1n;
  return (
    <section className={classes.section} aria-label={props.title}>
      <Heading title={props.title} all={props.all} />
      {props.rows.map(({ key, name, to, bytes }) => (
        <div key={key} className={classes.ranked}>
          <Link className="oc-truncate" to={to} title={name}>
            {name}
          </Link>
          <span className={classes.track} aria-hidden="true">
            <span
              className={classes.bar}
              style={{ width: `${Number((fromWireInteger(bytes ?? 0) * 1000n) / largest) / 10}%` }}
            />
          </span>
          <span className={classes.value}>
            <Bytes value={bytes} source="from the bucket list" />
          </span>
        </div>
      ))}
      {props.rows.length === 0 && <p className="oc-dimmed">None yet.</p>}
    </section>
  );
}

function Newest({ overview, all }: { overview: Overview; all: string }) {
  const cluster = useCluster();
  return (
    <section className={classes.section} aria-label="Newest buckets">
      <Heading title="Newest buckets" all={all} />
      {overview.newestBuckets.map(({ name, ownerId, ownerEmail, createdAt }) => (
        <div key={name} className={classes.ranked}>
          <Link className="oc-truncate" to={bucketPath(cluster.id, name)} title={name}>
            {name}
          </Link>
          <span className="oc-truncate oc-dimmed" data-hint={ownerEmail || ownerId}>
            {ownerEmail === null ? 'owner not known' : ownerEmail || ownerId}
          </span>
          <span className={classes.value}>
            <Time value={createdAt} as="age" />
          </span>
        </div>
      ))}
      {overview.newestBuckets.length === 0 && <p className="oc-dimmed">None yet.</p>}
    </section>
  );
}

function Heading({ title, all }: { title: string; all: string }) {
  return (
    <div className={classes.headingRow}>
      <h2 className="oc-heading">{title}</h2>
      <Link to={all} aria-label={`All: ${title.toLowerCase()}`}>
        All
      </Link>
    </div>
  );
}

/** Shown where nothing of the cluster was ever read, also for a missing secret. */
function NothingKnown() {
  const cluster = useCluster();
  if (cluster.hasCredential) {
    return (
      <NeverRead soon="Figures appear here as soon as users and buckets are complete.">
        <Link to={connectionPath(cluster.id)}>Check the connection</Link>
      </NeverRead>
    );
  }
  return (
    <EmptyState
      icon={IconKeyOff}
      title="The secret key is missing"
      action={
        <Button component={Link} to={connectionPath(cluster.id)}>
          Enter the secret key
        </Button>
      }
    >
      Without it the gateway can’t be asked. It is kept in the keychain, or for this session only.
    </EmptyState>
  );
}
