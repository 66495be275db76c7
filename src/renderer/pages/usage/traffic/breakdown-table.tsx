import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDownload, IconFilterOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { CallInput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { Segments } from '../../../kit/components/segments.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { ExportMenu, exportFormats, toElsewhere } from '../../../lists/list-page/export-menu.tsx';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import { endOfDay, type Span, timeZoneOf } from '../period/period.ts';
import type { PeriodState } from '../period/use-period.ts';
import { ExportDialog } from '../shared/export-dialog.tsx';
import { trafficOf, type UsageRow } from '../shared/figures.ts';
import { heaviestInput } from './headline.tsx';
import { reportColumns, reportSums } from './report-columns.tsx';
import type { Breakdown, ScopeState } from './scope.ts';
import { type Mover, SourcesTable } from './sources-table.tsx';

const labels: Record<Breakdown, string> = {
  user: 'Users',
  bucket: 'Buckets',
  day: 'Days',
  hour: 'Hours',
  object: 'Objects',
};

const searchWords = { user: 'Search e-mail or user id', bucket: 'Search bucket' } as const;

/** The table next to the charts; opening a row goes one step deeper. */
export function BreakdownTable(props: {
  period: PeriodState;
  span: Span;
  scope: ScopeState;
  mover: Mover;
}) {
  const { period, span, scope } = props;
  const choice = (
    <Segments
      size="xs"
      aria-label="Broken down by"
      data={scope.choices.map((value) => ({ value, label: labels[value] }))}
      value={scope.by}
      onChange={(value) => scope.chooseBreakdown(value as Breakdown)}
    />
  );
  if (scope.by === 'object')
    return <SourcesTable span={span} scope={scope} mover={props.mover} before={choice} />;
  return <ReportTable {...props} by={scope.by} period={period} before={choice} />;
}

function ReportTable(props: {
  period: PeriodState;
  span: Span;
  scope: ScopeState;
  by: Exclude<Breakdown, 'object'>;
  before: React.ReactNode;
}) {
  const { period, span, scope, by } = props;
  const cluster = useCluster();
  const navigate = useNavigate();
  const groupOfHeadline = scope.userId === null && scope.bucket === null ? 'user' : 'bucket';
  const totals = useCall(
    'usage.report',
    heaviestInput(cluster.id, span, scope.filter, groupOfHeadline),
  ).data?.totals;
  const whole = totals ? trafficOf(totals) : 0n;
  const heaviest = useCall('usage.report', heaviestInput(cluster.id, span, scope.filter, by)).data
    ?.rows[0];
  const largest = heaviest ? trafficOf(heaviest) : 0n;
  const { line } = period;
  const columns = useMemo(
    () => reportColumns(by, whole, largest, line),
    [by, whole, largest, line],
  );
  const input = {
    connectionId: cluster.id,
    from: span.from,
    to: span.to,
    groupBy: by,
    filter: scope.filter,
    ...timeZoneOf(period.clock),
  };
  const isTime = by === 'day' || by === 'hour';
  return (
    <ListTable
      key={by}
      tableId={`usage-by-${by}`}
      label={`Usage by ${by}`}
      call="usage.report"
      input={input}
      columns={columns}
      rowId={({ key }: UsageRow) => key}
      defaultSort={isTime ? { by: 'name', descending: true } : { by: 'traffic', descending: true }}
      {...(isTime ? {} : { searchPlaceholder: searchWords[by] })}
      onOpen={(row: UsageRow) => navigate(deeper(row, by, props))}
      before={props.before}
      after={<ReportExport input={input} />}
      sums={({ totals }) => reportSums(totals, line)}
      empty={
        <EmptyState icon={IconFilterOff} title="Nothing here">
          No archived statistics of this period match. Select another period, or clear the search.
        </EmptyState>
      }
    />
  );
}

/** Returns the address one step deeper: from user to buckets, from bucket to days, from day to hours, to objects. */
function deeper(
  row: UsageRow,
  by: Exclude<Breakdown, 'object'>,
  { scope, span, period }: { scope: ScopeState; span: Span; period: PeriodState },
): string {
  switch (by) {
    case 'user':
      return scope.to({ ...scope, userId: row.userId });
    case 'bucket':
      return scope.to({ ...scope, bucket: row.bucket, epoch: row.epoch }, 'object');
    case 'day':
    case 'hour': {
      const from = row.at ?? span.from;
      const next = new Date(Date.parse(from) + hour).toISOString();
      const to = by === 'day' ? endOfDay(from, period.clock, span) : next;
      return scope.toSpan({ from, to }, by === 'day' ? 'hour' : 'object');
    }
  }
}

const datasetWords = {
  format: 'parquet',
  explanation:
    'Every archived counter of the period as Parquet, one folder a day (connection=/year=/month=/day=), for Trino, Spark or DuckDB. Files that are there are replaced.',
  done: 'The export runs; its progress is at the bottom right.',
} as const;

/** Exports every row of the report on screen, or the counters behind it as a dataset. */
function ReportExport({ input }: { input: CallInput<'usage.report'> }) {
  const call = useConsole();
  const { connectionId, from, to } = input;
  const elsewhere = () =>
    openDialog((close) => (
      <ExportDialog
        what="report"
        run={(format, destination) => call('usage.export', { ...input, format, destination })}
        onClose={close}
      />
    ));
  const dataset = () =>
    openDialog((close) => (
      <ExportDialog
        what="dataset"
        fixed={datasetWords}
        run={(_, destination) =>
          call('usage.exportDataset', { connectionId, from, to, destination })
        }
        onClose={close}
      />
    ));
  return (
    <ExportMenu
      target={
        <Tooltip label="Export this report">
          <ActionIcon aria-label="Export this report">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      }
      heading="Every row, exact figures"
      formats={exportFormats}
      counts="row"
      run={(format) => call('usage.export', { ...input, format })}
      further={[
        toElsewhere(elsewhere),
        {
          label: 'Dataset of all counters…',
          verb: 'Export dataset of all counters',
          start: dataset,
        },
      ]}
    />
  );
}
