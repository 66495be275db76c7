import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { CopyButton } from '../../../kit/components/copy-button.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted } from '../../../kit/components/format.ts';
import { Identifier } from '../../../kit/components/identifier.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { DetailSection, Facts } from '../../../kit/detail/detail.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import classes from './object-detail.module.css';
import { ObjectItems } from './object-items.tsx';

type UsageObject = CallOutput<'usage.object'>;

/** One statistics object: what is known of it, its entries read, its text as the gateway wrote it. */
export function ObjectDetail({ name }: { name: string }) {
  const cluster = useCluster();
  const query = useCall('usage.object', { connectionId: cluster.id, name });
  const [view, setView] = useState('read');
  if (query.error) {
    return (
      <div className={classes.instead}>
        <ErrorPanel error={query.error} compact onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (!query.data) return <div className={classes.instead} aria-busy="true" />;
  const object = query.data;
  return (
    <article>
      <header className={classes.head}>
        <h2 className={`oc-mono ${classes.name}`}>{object.name}</h2>
        <CopyButton value={object.name} label="Copy name" />
      </header>
      <DetailSection title="What it is">
        <ObjectFacts object={object} />
      </DetailSection>
      <DetailSection
        title={formatCounted(object.items.length, 'entry', 'entries')}
        aside={
          <SegmentedControl
            size="xs"
            aria-label="How the object is shown"
            data={[
              { value: 'read', label: 'Read' },
              { value: 'raw', label: 'Raw' },
            ]}
            value={view}
            onChange={setView}
          />
        }
      >
        {view === 'read' ? <ObjectItems items={object.items} /> : <RawText object={object} />}
      </DetailSection>
    </article>
  );
}

function ObjectFacts({ object }: { object: UsageObject }) {
  const { archived } = object;
  return (
    <Facts
      items={[
        [
          'Service',
          <span key="service" className="oc-mono">
            {object.serviceId}
          </span>,
        ],
        ['Begins', <Time key="begins" value={object.startAt} />],
        ['Counts', `${formatCount(object.period)} s`],
        ['Format version', String(object.formatVersion)],
        ['State', <ArchivedState key="state" archived={archived} />],
        ...(archived
          ? ([
              ['Collected', <Time key="collected" value={archived.collectedAt} />],
              [
                'Removed there',
                <Time key="removed" value={archived.removedAt} unknown="not by this console" />,
              ],
              ['Size', `${formatCounted(archived.bytes, 'byte')}`],
              [
                'SHA-256',
                <Identifier key="digest" value={archived.digest} what="digest" length={24} />,
              ],
            ] as const)
          : []),
      ]}
    />
  );
}

function ArchivedState({ archived }: { archived: UsageObject['archived'] }) {
  if (!archived) return <StateBadge tone="warning">Only on the gateway</StateBadge>;
  if (archived.conflicts > 0) return <StateBadge tone="bad">Conflicting</StateBadge>;
  if (!archived.settled) return <StateBadge tone="warning">Archived, read early</StateBadge>;
  if (archived.late) return <StateBadge tone="warning">Archived, came late</StateBadge>;
  return <StateBadge tone="good">Archived</StateBadge>;
}

function RawText({ object }: { object: UsageObject }) {
  return (
    <>
      <div className={classes.rawHead}>
        <span className="oc-caption">
          As the gateway wrote it{object.rawTruncated && ', the first 1,000,000 characters'}
        </span>
        <CopyButton value={object.raw} label="Copy the text" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={`oc-mono ${classes.raw}`} tabIndex={0}>
        {object.raw}
      </pre>
    </>
  );
}
