import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { settingsPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ActionButton } from '../../../kit/components/action-button.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { NoteActions } from '../../../kit/components/note.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';

/** Shown where the archive is damaged or newer than this console, with ways to fix it. */
export function ArchiveTrouble({ status }: { status: CallOutput<'archive.status'> }) {
  const cluster = useCluster();
  const call = useConsole();
  const client = useQueryClient();
  const openReadOnly = async () => {
    await call('archive.openReadOnly', { connectionId: cluster.id });
    await client.invalidateQueries({ queryKey: [cluster.id] });
  };
  if (!status.error) return null;
  return (
    <ErrorPanel
      title={
        status.state === 'newer'
          ? 'The archive belongs to a newer console'
          : 'The archive is damaged; nothing was changed in it'
      }
      error={status.error}
    >
      <NoteActions>
        {status.state === 'damaged' && (
          <>
            <Button size="compact-sm" component={Link} to={settingsPath}>
              {status.newestBackup ? 'Restore a backup' : 'See the archive'}
            </Button>
            <ActionButton work={openReadOnly}>Read what can be read</ActionButton>
          </>
        )}
      </NoteActions>
    </ErrorPanel>
  );
}
