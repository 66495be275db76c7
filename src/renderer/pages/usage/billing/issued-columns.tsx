import { formatCounted } from '../../../kit/components/format.ts';
import { formatMoney, signedMoney } from '../../../kit/components/money.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import type { RowOf } from '../../../lists/table/page-reader.ts';

/** A row of the register. */
export type IssuedRow = RowOf<'statements.issued'>;

/** Whether an issued statement is final, and whether it still says what the archive does. */
export function IssuedState({ row }: { row: IssuedRow }) {
  if (row.correctedBy !== null) return <StateBadge tone="idle">Corrected</StateBadge>;
  if (row.change?.changed) {
    return (
      <span title={row.change.words}>
        <StateBadge tone="warning">Changed since</StateBadge>
      </span>
    );
  }
  return row.state === 'final' ? (
    <StateBadge tone="good">Final</StateBadge>
  ) : (
    <StateBadge tone="information">Draft</StateBadge>
  );
}

/** Columns of the register. */
export const issuedColumns: readonly DataColumn<IssuedRow>[] = [
  {
    id: 'number',
    header: 'Number',
    width: 120,
    cell: ({ number }) => <span className="oc-number">{number}</span>,
  },
  {
    id: 'period',
    header: 'Period',
    width: 240,
    cell: ({ from, to }) => (
      <>
        <Time value={from} /> to <Time value={to} />
      </>
    ),
  },
  {
    id: 'for',
    header: 'For',
    width: 150,
    grow: true,
    cell: ({ userIds, users }) =>
      userIds === null ? `All, ${formatCounted(users, 'user')}` : formatCounted(users, 'user'),
  },
  {
    id: 'total',
    header: 'Total',
    width: 140,
    align: 'right',
    cell: ({ total, currency, minorDigits }) => (
      <strong className="oc-number">{formatMoney(total, currency, minorDigits)}</strong>
    ),
  },
  { id: 'state', header: 'State', width: 140, cell: (row) => <IssuedState row={row} /> },
  {
    id: 'difference',
    header: 'Difference',
    description: 'What the statement would come to now, less what was issued.',
    width: 120,
    align: 'right',
    cell: ({ change, currency, minorDigits }) =>
      change?.changed ? signedMoney(change.difference, currency, minorDigits) : '',
  },
  {
    id: 'tariff',
    header: 'Tariff',
    width: 160,
    cell: ({ tariffName, tariffVersion }) => `${tariffName}, version ${tariffVersion}`,
  },
  {
    id: 'issuedAt',
    header: 'Issued',
    width: 150,
    cell: ({ issuedAt }) => <Time value={issuedAt} />,
  },
  { id: 'issuedBy', header: 'By', width: 110, cell: ({ issuedBy }) => issuedBy },
];
