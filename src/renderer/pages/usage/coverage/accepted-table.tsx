import { Button, Table } from '@mantine/core';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import usage from '../usage.module.css';
import type { Coverage } from './cells.ts';

type Accepted = Coverage['summary']['accepted'][number];

const kindWords: Record<Accepted['kind'], string> = {
  gap: 'Silent',
  retired: 'Retired',
  idle: 'Idle',
};

/** Who accepted which hours as silent, and why; each decision can be taken back. */
export function AcceptedTable({ accepted }: { accepted: readonly Accepted[] }) {
  return (
    <div className={usage.scroll}>
      <Table aria-label="Accepted as silent" fz={12} verticalSpacing={4} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Statement</Table.Th>
            <Table.Th>Service</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th>To</Table.Th>
            <Table.Th ta="right">Hours silent</Table.Th>
            <Table.Th>Reason</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>On</Table.Th>
            <Table.Th ta="right">Decision</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {accepted.map((decision) => (
            <Table.Tr key={decision.acceptanceId}>
              <Table.Td>{kindWords[decision.kind]}</Table.Td>
              <Table.Td className="oc-mono">{decision.serviceId}</Table.Td>
              <Table.Td>
                <Time value={decision.from} />
              </Table.Td>
              <Table.Td>
                {decision.wroteAt !== null && (
                  <>
                    wrote again on <Time value={decision.wroteAt} />
                  </>
                )}
                {decision.wroteAt === null && <Time value={decision.to} unknown="no end" />}
              </Table.Td>
              <Table.Td ta="right" className="oc-number">
                {decision.hours === 0
                  ? decision.kind === 'gap'
                    ? 'none: collected since'
                    : 'none'
                  : formatCount(decision.hours)}
              </Table.Td>
              <Table.Td>{decision.reason}</Table.Td>
              <Table.Td>{decision.operator}</Table.Td>
              <Table.Td>
                <Time value={decision.acceptedAt} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() =>
                    openDialog((close) => <TakeBack decision={decision} onClose={close} />)
                  }
                >
                  Take back
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function TakeBack({ decision, onClose }: { decision: Accepted; onClose(): void }) {
  const cluster = useCluster();
  const call = useConsole();
  const { acceptanceId, serviceId, from, to } = decision;
  return (
    <ConfirmDialog
      verb="Take back"
      subject="accepted hours"
      onClose={onClose}
      onConfirm={() =>
        call('usage.withdrawGaps', { connectionId: cluster.id, acceptanceIds: [acceptanceId] })
      }
    >
      <p style={{ margin: 0 }}>
        The hours of <span className="oc-mono">{serviceId}</span> from <Time value={from} /> to{' '}
        <Time value={to} unknown="now" /> are missing again, and figures with them are not final.
        The journal keeps both decisions.
      </p>
    </ConfirmDialog>
  );
}
