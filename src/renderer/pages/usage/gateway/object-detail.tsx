import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatCount, formatCounted, userWords } from '../../../kit/components/format.ts';
import { CopyButton, Identifier } from '../../../kit/components/identifier.tsx';
import { optionsOf } from '../../../kit/components/options.ts';
import { type PlainColumn, PlainTable } from '../../../kit/components/plain-table.tsx';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { DetailSection, Fact, Facts } from '../../../kit/detail/detail.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { DetailPanel } from '../../../lists/list-page/detail-panel.tsx';
import {
  codeColumn,
  countColumn,
  customColumn,
  timeColumn,
} from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import { bucketWords, exactCount, operationKinds, serviceWords } from '../shared/figures.ts';
import classes from './object-detail.module.css';

type UsageObject = CallOutput<'usage.object'>;

/** Next to a table: the named statistics object, until it is closed. */
export function ObjectPanel(props: { name: string; onMove(step: 1 | -1): void; onClose(): void }) {
  return (
    <DetailPanel
      label="Details of the statistics object"
      onMove={props.onMove}
      onClose={props.onClose}
    >
      <ObjectDetail name={props.name} />
    </DetailPanel>
  );
}

/** One statistics object: facts, entries, and the original text. */
export function ObjectDetail({ name }: { name: string }) {
  const cluster = useCluster();
  const query = useCall('usage.object', { connectionId: cluster.id, name });
  const [view, setView] = useState('read');
  if (query.error) {
    return (
      <div className={classes.instead}>
        <CallError call={query} compact />
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
            data={optionsOf({ read: 'Read', raw: 'Raw' })}
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
    <Facts>
      <Fact name="Service">
        <span className="oc-mono">{object.serviceId}</span>
      </Fact>
      <Fact name="Begins">
        <Time value={object.startAt} />
      </Fact>
      <Fact name="Counts">{`${formatCount(object.period)} s`}</Fact>
      <Fact name="Format version">{String(object.formatVersion)}</Fact>
      <Fact name="State">
        <ArchivedState archived={archived} />
      </Fact>
      {archived && (
        <>
          <Fact name="Collected">
            <Time value={archived.collectedAt} />
          </Fact>
          <Fact name="Deleted there">
            <Time value={archived.removedAt} unknown="not by this console" />
          </Fact>
          <Fact name="Size">{`${formatCounted(archived.bytes, 'byte')}`}</Fact>
          <Fact name="SHA-256">
            <Identifier value={archived.digest} what="digest" length={24} />
          </Fact>
        </>
      )}
    </Facts>
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

type Item = CallOutput<'usage.object'>['items'][number];

const mostShown = 500;

/** The entries of a statistics object as a table. */
function ObjectItems({ items }: { items: readonly Item[] }) {
  if (items.length === 0) return <p className="oc-dimmed">Nothing was used in this period.</p>;
  return (
    <div className={classes.items}>
      <PlainTable
        label="Entries"
        rows={items.slice(0, mostShown)}
        rowKey={({ bucket, epoch, userId, tag }) => `${bucket}#${epoch}#${userId}#${tag}`}
        columns={[
          ['Bucket', ({ bucket }) => <Word>{bucketWords(bucket)}</Word>],
          ['Epoch', ({ epoch }) => String(epoch), 'figure'],
          ['User', ({ email, userId }) => <Word title={userId}>{userWords(email, userId)}</Word>],
          ['Tag', ({ tag }) => <Word>{tag}</Word>],
          ...operationKinds.map(
            ([kind, label]): PlainColumn<Item> => [
              label,
              (item) => exactCount(item[kind]),
              'figure',
            ],
          ),
          ['In', ({ uploaded }) => <Bytes value={uploaded} />, 'figure'],
          ['Out', ({ downloaded }) => <Bytes value={downloaded} />, 'figure'],
        ]}
      />
      {items.length > mostShown && (
        <p className="oc-caption">
          The first {mostShown} of {formatCounted(items.length, 'entry', 'entries')}; the raw text
          has all.
        </p>
      )}
    </div>
  );
}

function Word({ title, children }: { title?: string; children: string }) {
  return (
    <div className={classes.word} title={title}>
      {children}
    </div>
  );
}

type ObjectRow = RowOf<'usage.objects'>;

export const objectColumns: readonly DataColumn<ObjectRow>[] = [
  codeColumn('name', 'Object', { width: 380, grow: true, searched: true }),
  customColumn('state', 'State', { width: 150, cell: (row) => <ObjectState row={row} /> }),
  timeColumn('startAt', 'Begins'),
  codeColumn('serviceId', 'Gateway service', { description: serviceWords, width: 150 }),
  countColumn('period', 'Seconds', {
    description: 'As the name says; what was really counted may differ.',
    width: 90,
  }),
];

/** Shows whether an object is archived, waits, or failed. */
export function ObjectState({ row }: { row: ObjectRow }) {
  if (row.failure) {
    return (
      <span title={`${row.failure.message} ${row.failure.hint}`}>
        <StateBadge tone="bad">Failed</StateBadge>
      </span>
    );
  }
  if (row.archived) return <StateBadge tone="good">Archived</StateBadge>;
  if (row.state === 'growing') return <StateBadge tone="idle">Still growing</StateBadge>;
  return <StateBadge tone="warning">Not archived</StateBadge>;
}
