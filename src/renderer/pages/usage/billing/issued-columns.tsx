import { type IssuedRow, IssuedState } from '../../../changes/statements/issued-statement.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { formatMoney, signedMoney } from '../../../kit/components/money.ts';
import { Time } from '../../../kit/components/time.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';

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
