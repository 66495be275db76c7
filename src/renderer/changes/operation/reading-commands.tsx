import { ActionIcon, Button, Modal, Tooltip } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { downloadFile } from '../../lists/table/export-csv.ts';
import { CommandBlock } from './planned-requests.tsx';

type Subject = CallInput<'operations.readingCommands'>['of'];

/** "Show commands": the lines that read by command line what the page shows. */
export function ReadingCommands({ of, name }: { of: Subject; name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip label="Show commands">
        <ActionIcon
          size={26}
          variant="default"
          aria-label="Show commands"
          onClick={() => setOpen(true)}
        >
          <IconTerminal2 size={14} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={open} onClose={() => setOpen(false)} size="lg" title="Read by command line">
        <Lines of={of} name={name} />
      </Modal>
    </>
  );
}

function Lines({ of, name }: { of: Subject; name: string }) {
  const cluster = useCluster();
  const { data, error, refetch } = useCall('operations.readingCommands', {
    connectionId: cluster.id,
    of,
  });
  if (error) return <ErrorPanel error={error} compact onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      <CommandBlock title="s3_curl" lines={data.s3Curl} note="There is no request for this." />
      <CommandBlock
        title="ostor-s3-admin"
        lines={data.ostorS3Admin}
        note="The tool has no command for this."
      />
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => downloadFile(`read-${name}.sh`, data.script, 'application/x-sh')}
      >
        Download script
      </Button>
    </>
  );
}
