import { Button, Table } from '@mantine/core';
import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '../../../kit/components/format.ts';
import { Time } from '../../../kit/components/time.tsx';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import usage from '../usage.module.css';
import { ConflictDialog } from './conflict-dialog.tsx';

type Conflict = CallOutput<'usage.conflicts'>[number];

/** Objects whose content on the gateway differs from what was archived; each can be compared and settled. */
export function ConflictsTable({ conflicts }: { conflicts: readonly Conflict[] }) {
  return (
    <div className={usage.scroll}>
      <Table aria-label="Conflicts" fz={12} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Begins</Table.Th>
            <Table.Th>Service</Table.Th>
            <Table.Th>Other content found</Table.Th>
            <Table.Th>Size</Table.Th>
            <Table.Th>Object</Table.Th>
            <Table.Th ta="right">Decision</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conflicts.map((conflict) => (
            <Table.Tr key={`${conflict.name} ${conflict.digest}`}>
              <Table.Td>
                <Time value={conflict.startAt} />
              </Table.Td>
              <Table.Td className="oc-mono">{conflict.serviceId}</Table.Td>
              <Table.Td>
                <Time value={conflict.foundAt} as="age" />
              </Table.Td>
              <Table.Td>{formatCounted(conflict.bytes, 'byte')}</Table.Td>
              <Table.Td className="oc-mono">{conflict.name}</Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() =>
                    openDialog((close) => <ConflictDialog conflict={conflict} onClose={close} />)
                  }
                >
                  Compare
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
