import { IconFileOff } from '@tabler/icons-react';
import type { ReactNode, RefObject } from 'react';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import {
  codeColumn,
  customColumn,
  figureColumn,
  timeColumn,
} from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import type { RowOf } from '../../../lists/table/use-paged-rows.ts';
import type { Span } from '../period/period.ts';
import { exactCount, operationKinds, operationsOf, serviceWords } from '../shared/figures.ts';
import { counterSums } from './report-columns.tsx';
import type { ScopeState } from './scope.ts';

/** Opens the next or previous row of a table from the panel next to it. */
export type Mover = RefObject<((step: 1 | -1) => void) | null>;

type SourceRow = RowOf<'usage.sources'>;
type Column = DataColumn<SourceRow>;

const columns: readonly Column[] = [
  timeColumn('startAt', 'Begins'),
  codeColumn('serviceId', 'Gateway service', { description: serviceWords, width: 150 }),
  ...(['uploaded', 'downloaded'] as const).map(
    (kind): Column => ({
      id: kind,
      header: kind === 'uploaded' ? 'In' : 'Out',
      width: 100,
      align: 'right',
      cell: (row) => <Bytes value={row[kind]} source="from this object" />,
    }),
  ),
  figureColumn('operations', 'Operations', {
    width: 100,
    cell: (row) => formatCount(operationsOf(row)),
  }),
  ...operationKinds.map(
    ([kind, label]): Column => ({
      id: kind,
      header: label,
      width: 80,
      align: 'right',
      hidden: true,
      cell: (row) => exactCount(row[kind]),
    }),
  ),
  customColumn('state', 'State', { width: 130, cell: (row) => <SourceState row={row} /> }),
  codeColumn('name', 'Object', { width: 300, grow: true }),
];

function SourceState({ row }: { row: SourceRow }) {
  if (row.conflicts > 0) return <StateBadge tone="bad">Conflicting</StateBadge>;
  if (!row.settled) return <StateBadge tone="warning">Read early</StateBadge>;
  if (row.late) return <StateBadge tone="warning">Late</StateBadge>;
  return <StateBadge tone="good">Archived</StateBadge>;
}

/** The statistics objects that the figures on screen were added up from; a row opens the object. */
export function SourcesTable(props: {
  span: Span;
  scope: ScopeState;
  mover: Mover;
  before?: ReactNode;
}) {
  const { span, scope } = props;
  const cluster = useCluster();
  const address = useListAddress([]);
  return (
    <ListTable
      tableId="usage-sources"
      label="Statistics objects behind these figures"
      call="usage.sources"
      input={{ connectionId: cluster.id, from: span.from, to: span.to, filter: scope.filter }}
      columns={columns}
      rowId={({ name }: SourceRow) => name}
      defaultSort={null}
      onOpen={({ name }: SourceRow) => address.setOpen(name)}
      openId={address.open}
      mover={props.mover}
      before={props.before}
      sums={({ totals }) => ({ startAt: 'Sum', ...counterSums(totals) })}
      empty={
        <EmptyState icon={IconFileOff} title="No statistics objects">
          Nothing that is archived counts into these figures.
        </EmptyState>
      }
    />
  );
}
