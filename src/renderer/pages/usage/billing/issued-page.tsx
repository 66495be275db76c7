import { Button } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useRef } from 'react';
import { Link } from 'react-router';
import type { IssuedRow } from '../../../changes/statements/issued-statement.tsx';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { useShortcut } from '../../../kit/shortcuts.ts';
import { DetailPanel } from '../../../lists/list-page/detail-panel.tsx';
import { ListTable } from '../../../lists/list-page/list-table.tsx';
import { useListAddress } from '../../../lists/table/use-list-address.ts';
import traffic from '../traffic/traffic.module.css';
import { UsageFrame } from '../usage-frame.tsx';
import { issuedColumns } from './issued-columns.tsx';
import { IssuedDetail } from './issued-detail.tsx';

/** The register of issued statements, and what has changed since. */
export function IssuedPage() {
  const cluster = useCluster();
  const address = useListAddress([]);
  const mover = useRef<((step: 1 | -1) => void) | null>(null);
  useShortcut('Escape', () => address.setOpen(null), address.open !== null);
  return (
    <UsageFrame>
      <div className={traffic.body}>
        <section className={traffic.table} style={{ flex: 1 }} aria-label="Issued statements">
          <ListTable
            tableId="usage-issued"
            label="Issued statements"
            call="statements.issued"
            input={{ connectionId: cluster.id }}
            columns={issuedColumns}
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
