import { Button } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useRef } from 'react';
import { Link } from 'react-router';
import { withRowMenu } from '../../../changes/operation/row-actions.tsx';
import {
  type IssuedRow,
  IssuedState,
  issuedMenu,
  Period,
} from '../../../changes/statements/issued-statement.tsx';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { formatCounted, formatMoney, signedMoney } from '../../../kit/components/format.ts';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { DetailPanel } from '../../../lists/list-page/detail-panel.tsx';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import {
  customColumn,
  figureColumn,
  textColumn,
  timeColumn,
} from '../../../lists/table/column-kinds.tsx';
import type { DataColumn } from '../../../lists/table/columns.ts';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import usage from '../shared/usage.module.css';
import { UsageFrame } from '../shared/usage-frame.tsx';
import { IssuedDetail } from './issued-detail.tsx';
import { ByUserNote } from './payers.tsx';

/** The register of issued statements, and what has changed since. */
export function IssuedPage() {
  const cluster = useCluster();
  const address = useListAddress([]);
  const mover = useRef<((step: 1 | -1) => void) | null>(null);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);
  return (
    <UsageFrame>
      <ByUserNote register />
      <div className={usage.body}>
        <section className={usage.table} style={{ flex: 1 }} aria-label="Issued statements">
          <ListTable
            tableId="usage-issued"
            label="Issued statements"
            call="statements.issued"
            input={{ connectionId: cluster.id }}
            columns={columnsWithMenu}
            rowId={({ statementId }: IssuedRow) => statementId}
            defaultSort={null}
            onOpen={({ statementId }: IssuedRow) => address.setOpen(statementId)}
            openId={address.open}
            mover={mover}
            empty={
              <EmptyState
                icon={IconReceipt}
                title="No statement issued yet"
                action={
                  <Button component={Link} to={clusterPath(cluster.id, 'usage/statements')}>
                    Open statements
                  </Button>
                }
              >
                An issued statement gets a number and never changes. What arrives later is shown
                here as a difference.
              </EmptyState>
            }
          />
        </section>
        {address.open !== null && (
          <DetailPanel
            label="Details of the issued statement"
            onMove={(step) => mover.current?.(step)}
            onClose={() => address.setOpen(null)}
          >
            <IssuedDetail key={address.open} statementId={address.open} />
          </DetailPanel>
        )}
      </div>
    </UsageFrame>
  );
}

const issuedColumns: readonly DataColumn<IssuedRow>[] = [
  customColumn('number', 'Number', {
    width: 120,
    cell: ({ number }) => <span className="oc-number">{number}</span>,
  }),
  customColumn('period', 'Period', {
    width: 160,
    cell: ({ from, to }) => <Period from={from} to={to} />,
  }),
  customColumn('for', 'For', {
    width: 150,
    grow: true,
    cell: ({ userIds, users }) =>
      userIds === null ? `All, ${formatCounted(users, 'user')}` : formatCounted(users, 'user'),
  }),
  figureColumn('total', 'Total', {
    width: 140,
    cell: ({ total, currency, minorDigits }) => (
      <strong className="oc-number">{formatMoney(total, currency, minorDigits)}</strong>
    ),
  }),
  { id: 'state', header: 'State', width: 140, cell: (row) => <IssuedState row={row} /> },
  figureColumn('difference', 'Difference', {
    description: 'What the statement would come to now, less what was issued.',
    width: 120,
    cell: ({ change, currency, minorDigits }) =>
      change?.changed ? signedMoney(change.difference, currency, minorDigits) : '',
  }),
  customColumn('tariff', 'Tariff', {
    width: 160,
    cell: ({ tariffName, tariffVersion }) => `${tariffName}, version ${tariffVersion}`,
  }),
  timeColumn('issuedAt', 'Issued'),
  textColumn('issuedBy', 'By', { width: 110 }),
];

const columnsWithMenu = withRowMenu(
  issuedColumns,
  issuedMenu(
    ({ statementId }, connectionId) =>
      `${clusterPath(connectionId, 'usage/issued')}?open=${statementId}`,
  ),
);
