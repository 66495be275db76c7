import { Link } from 'react-router';
import { fromWireInteger } from '#shared/units.ts';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, UnknownFigure } from '../../kit/components/bytes.tsx';
import { formatCount, formatUtc } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import { Facts } from '../../kit/detail/detail.tsx';
import type { Bucket } from '../../kit/detail/sections.tsx';
import { lastHourTime } from './columns.tsx';

export function Owner({ subject: bucket }: { subject: Bucket }) {
  const cluster = useCluster();
  return (
    <Facts
      items={[
        [
          'User',
          bucket.ownerEmail === null ? (
            <span key="user" className="oc-dimmed">
              No user of that id is known; it may have been removed.
            </span>
          ) : (
            <Link key="user" to={userPath(cluster.id, bucket.ownerId)}>
              {bucket.ownerEmail || bucket.ownerId}
            </Link>
          ),
        ],
        ['User id', <Identifier key="id" value={bucket.ownerId} what="owner id" length={40} />],
      ]}
    />
  );
}

export function Size({ subject: bucket }: { subject: Bucket }) {
  const accountedUntil = lastHourTime(bucket.lastHour);
  const source = `from the bucket list of ${formatUtc(bucket.asOf)}`;
  return (
    <Facts
      items={[
        ['Now', <Bytes key="now" value={bucket.currentBytes} source={source} />],
        ['Highest in the hour', <Bytes key="peak" value={bucket.peakBytes} source={source} />],
        ['Accounted until', <Time key="until" value={accountedUntil} />],
        [
          'Accumulated',
          <span
            key="integral"
            className="oc-number"
            title="h_integral as the gateway gave it; its unit is not documented"
          >
            {bucket.byteIntegral === null ? (
              <UnknownFigure />
            ) : (
              formatCount(fromWireInteger(bucket.byteIntegral))
            )}{' '}
            <span className="oc-faint">h_integral</span>
          </span>,
        ],
      ]}
    />
  );
}

/** When the bucket was created and first seen. */
export function Origin({ subject: bucket }: { subject: Bucket }) {
  return (
    <Facts
      items={[
        ['Created', <Time key="created" value={bucket.createdAt} />],
        ['Age', <Time key="age" value={bucket.createdAt} as="age" />],
        [
          'Epoch',
          <span
            key="epoch"
            className="oc-number"
            title="Tells buckets apart that were created under one name after another"
          >
            {fromWireInteger(bucket.epoch)?.toString() ?? <UnknownFigure />}
          </span>,
        ],
        ['First seen', <Time key="seen" value={bucket.firstSeen} />],
      ]}
    />
  );
}
