import { Link } from 'react-router';
import { fromWireInteger } from '#shared/units.ts';
import { userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes, UnknownFigure } from '../../kit/components/bytes.tsx';
import { formatCount, formatUtc } from '../../kit/components/format.ts';
import { Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import { Fact, Facts } from '../../kit/detail/detail.tsx';
import type { Bucket } from '../../kit/detail/sections.tsx';
import { lastHourTime } from './columns.tsx';

export function Owner({ subject: bucket }: { subject: Bucket }) {
  const cluster = useCluster();
  return (
    <Facts>
      <Fact name="User">
        {bucket.ownerEmail === null ? (
          <span className="oc-dimmed">No user of that id is known; it may have been removed.</span>
        ) : (
          <Link to={userPath(cluster.id, bucket.ownerId)}>
            {bucket.ownerEmail || bucket.ownerId}
          </Link>
        )}
      </Fact>
      <Fact name="User id">
        <Identifier value={bucket.ownerId} what="owner id" length={40} />
      </Fact>
    </Facts>
  );
}

export function Size({ subject: bucket }: { subject: Bucket }) {
  const accountedUntil = lastHourTime(bucket.lastHour);
  const source = `from the bucket list of ${formatUtc(bucket.asOf)}`;
  return (
    <Facts>
      <Fact name="Now">
        <Bytes value={bucket.currentBytes} source={source} />
      </Fact>
      <Fact name="Highest in the hour">
        <Bytes value={bucket.peakBytes} source={source} />
      </Fact>
      <Fact name="Accounted until">
        <Time value={accountedUntil} />
      </Fact>
      <Fact name="Accumulated">
        <span
          className="oc-number"
          title="h_integral as the gateway gave it; its unit is not documented"
        >
          {bucket.byteIntegral === null ? (
            <UnknownFigure />
          ) : (
            formatCount(fromWireInteger(bucket.byteIntegral))
          )}{' '}
          <span className="oc-faint">h_integral</span>
        </span>
      </Fact>
    </Facts>
  );
}

/** Shows when the bucket was created and first seen. */
export function Origin({ subject: bucket }: { subject: Bucket }) {
  return (
    <Facts>
      <Fact name="Created">
        <Time value={bucket.createdAt} />
      </Fact>
      <Fact name="Age">
        <Time value={bucket.createdAt} as="age" />
      </Fact>
      <Fact name="Epoch">
        <span
          className="oc-number"
          title="Tells buckets apart that were created under one name after another"
        >
          {fromWireInteger(bucket.epoch)?.toString() ?? <UnknownFigure />}
        </span>
      </Fact>
      <Fact name="First seen">
        <Time value={bucket.firstSeen} />
      </Fact>
    </Facts>
  );
}
