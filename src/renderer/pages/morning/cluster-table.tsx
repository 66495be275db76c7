import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, type WireInteger } from '#shared/units.ts';
import { clusterPath } from '../../kit/addresses.ts';
import { Bytes } from '../../kit/components/bytes.tsx';
import { EnvironmentBadge } from '../../kit/components/environment-badge.tsx';
import { formatBytes, formatCount, formatCounted } from '../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';
import { TermHelp } from '../../kit/components/term-help.tsx';
import { Time } from '../../kit/components/time.tsx';
import classes from './morning.module.css';

type Glance = CallOutput<'signals.clusters'>[number];

const states: Record<Glance['state'], { tone: StateTone; label: string }> = {
  online: { tone: 'good', label: 'Online' },
  failing: { tone: 'warning', label: 'Gateway errors' },
  offline: { tone: 'bad', label: 'Offline' },
  never: { tone: 'idle', label: 'Not read yet' },
};

/** One row a cluster, as stored: each figure leads to the page it comes from. */
export function ClusterTable({ clusters }: { clusters: readonly Glance[] }) {
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label="Clusters">
        <thead>
          <tr>
            <th>Cluster</th>
            <th>Environment</th>
            <th>State</th>
            <th className={classes.right}>Size</th>
            <th className={classes.right} aria-label="7-day growth">
              7-day growth
              <TermHelp term="growth" />
            </th>
            <th className={classes.right}>In, 7 days</th>
            <th className={classes.right}>Out, 7 days</th>
            <th aria-label="Signals">
              Signals
              <TermHelp term="signal" />
            </th>
            <th className={classes.right} aria-label="Coverage">
              Coverage
              <TermHelp term="coverage" />
            </th>
            <th aria-label="Last collection">
              Last collection
              <TermHelp term="collection" />
            </th>
            <th className={classes.right}>Certificate</th>
          </tr>
        </thead>
        <tbody>
          {clusters.map((glance) => (
            <ClusterRow key={glance.connectionId} glance={glance} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ClusterRow({ glance }: { glance: Glance }) {
  const { connectionId, name, environment, state, asOf, certificateDays, error } = glance;
  const page = (path: string) => clusterPath(connectionId, path);
  if (error) {
    return (
      <tr>
        <ClusterName connectionId={connectionId} name={name} />
        <td data-label="Environment">
          <EnvironmentBadge environment={environment} />
        </td>
        <td colSpan={9} data-label="State">
          <div>
            <StateBadge tone="bad">Not readable</StateBadge> {error.message} {error.hint}
          </div>
        </td>
      </tr>
    );
  }
  return (
    <tr>
      <ClusterName connectionId={connectionId} name={name} />
      <td data-label="Environment">
        <EnvironmentBadge environment={environment} />
      </td>
      <td data-label="State">
        <div>
          <StateBadge tone={states[state].tone}>{states[state].label}</StateBadge>
          <div className="oc-dimmed">{asOf !== null && <Time value={asOf} as="age" />}</div>
        </div>
      </td>
      <td className={classes.right} data-label="Size">
        <Link to={page('usage/storage')}>
          <Figure value={glance.bytes} source="from the last sample of sizes" />
        </Link>
      </td>
      <td className={classes.right} data-label="7-day growth">
        <Growth value={glance.growthBytes} />
      </td>
      <td className={classes.right} data-label="In, 7 days">
        <Traffic glance={glance} of="uploaded" />
      </td>
      <td className={classes.right} data-label="Out, 7 days">
        <Traffic glance={glance} of="downloaded" />
      </td>
      <td data-label="Signals">
        <SignalCounts glance={glance} />
      </td>
      <td className={classes.right} data-label="Coverage">
        <Coverage glance={glance} />
      </td>
      <td data-label="Last collection">
        <Time value={glance.collectedAt} as="age" unknown="never" />
      </td>
      <td className={classes.right} data-label="Certificate">
        {certificateDays === null ? (
          <span className="oc-faint">–</span>
        ) : (
          formatCounted(certificateDays, 'day')
        )}
      </td>
    </tr>
  );
}

function ClusterName({ connectionId, name }: { connectionId: string; name: string }) {
  return (
    <th scope="row" className={classes.name}>
      <Link to={clusterPath(connectionId, 'overview')}>{name}</Link>
    </th>
  );
}

function Figure({ value, source }: { value: WireInteger | null; source: string }) {
  if (value === null) return <span className="oc-faint">not sampled</span>;
  return <Bytes value={value} source={source} />;
}

/** Without collected statistics traffic is unknown, not zero. */
function Traffic({ glance, of }: { glance: Glance; of: 'uploaded' | 'downloaded' }) {
  if (glance.collectedAt === null && glance.coverage.covered === 0) {
    return <span className="oc-faint">not collected</span>;
  }
  return <Figure value={glance[of]} source="from collected statistics" />;
}

function Growth({ value }: { value: WireInteger | null }) {
  if (value === null) return <span className="oc-faint">–</span>;
  const bytes = fromWireInteger(value);
  return (
    <span className="oc-number">
      {bytes > 0n ? '+' : bytes < 0n ? '−' : ''}
      {formatBytes(bytes < 0n ? -bytes : bytes)}
    </span>
  );
}

function SignalCounts({ glance: { signals, snoozed, asOf } }: { glance: Glance }) {
  const { critical, warning, information } = signals;
  const neverRead = asOf === null;
  const none = critical + warning + information === 0;
  return (
    <span className={classes.counts}>
      {critical > 0 && <StateBadge tone="bad">{`${formatCount(critical)} critical`}</StateBadge>}
      {warning > 0 && <StateBadge tone="warning">{formatCounted(warning, 'warning')}</StateBadge>}
      {information > 0 && (
        <StateBadge tone="information">{formatCounted(information, 'note')}</StateBadge>
      )}
      {none && neverRead && <span className="oc-faint">–</span>}
      {none && !neverRead && <StateBadge tone="good">None</StateBadge>}
      {snoozed > 0 && <span className="oc-dimmed">{formatCount(snoozed)} snoozed</span>}
    </span>
  );
}

function Coverage({ glance: { connectionId, coverage } }: { glance: Glance }) {
  const { covered, expected, missing } = coverage;
  if (expected === 0) return <span className="oc-faint">–</span>;
  const percent = Math.floor((covered / expected) * 100);
  const words = `${formatCounted(covered, 'hour')} of ${formatCount(expected)} collected, ${formatCount(missing)} missing`;
  return (
    <Link to={clusterPath(connectionId, 'usage/coverage')} title={words}>
      {percent} %
    </Link>
  );
}
