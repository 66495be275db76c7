import { formatCount } from '../../../kit/components/format.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { RowOf } from '../../../lists/table/page-reader.ts';

type ObjectRow = RowOf<'usage.objects'>;

/** Columns of the objects that lie on the gateway. */
export const objectColumns: readonly DataColumn<ObjectRow>[] = [
  {
    id: 'name',
    header: 'Object',
    width: 380,
    grow: true,
    cell: ({ name }) => (
      <span className="oc-mono oc-truncate" title={name}>
        {name}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 150,
    cell: (row) => <ObjectState row={row} />,
  },
  {
    id: 'startAt',
    header: 'Begins',
    width: 150,
    cell: ({ startAt }) => <Time value={startAt} />,
  },
  {
    id: 'serviceId',
    header: 'Service',
    width: 150,
    cell: ({ serviceId }) => <span className="oc-mono">{serviceId}</span>,
  },
  {
    id: 'period',
    header: 'Seconds',
    description: 'As the name says; what was really counted may differ.',
    width: 90,
    align: 'right',
    cell: ({ period }) => formatCount(period),
  },
];

function ObjectState({ row }: { row: ObjectRow }) {
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
