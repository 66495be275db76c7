import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Connection } from '../../../kit/cluster-context.tsx';
import { Backups } from '../../../kit/components/backups.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatDateTime } from '../../../kit/components/format.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';

type Backup = CallOutput<'archive.backups'>[number];

const reasons: Record<string, string> = {
  demand: 'Asked for',
  'before-restore': 'Before a restore',
  damaged: 'Set aside, damaged',
  incomplete: 'Set aside, incomplete',
};

function reasonWords(reason: string): string {
  const version = /^before-v(\d+)$/.exec(reason)?.[1];
  if (version !== undefined) return `Before format ${version}`;
  return reasons[reason] ?? reason;
}

/** The backups of an archive, newest first; each can take the archive's place. */
export function BackupsList({ connection }: { connection: Connection }) {
  const query = useCall('archive.backups', { connectionId: connection.id });
  const [restoring, setRestoring] = useState<Backup | null>(null);
  if (query.error) return <ErrorPanel error={query.error} compact />;
  return (
    <>
      <Backups<Backup>
        label={`Backups of the archive of ${connection.name}`}
        backups={query.data ?? []}
        why={({ reason }) => reasonWords(reason)}
        onRestore={setRestoring}
      />
      {restoring && (
        <RestoreDialog
          connection={connection}
          backup={restoring}
          onClose={() => setRestoring(null)}
        />
      )}
    </>
  );
}

function RestoreDialog(props: { connection: Connection; backup: Backup; onClose(): void }) {
  const { connection, backup } = props;
  const call = useConsole();
  const client = useQueryClient();
  return (
    <ConfirmDialog
      verb="Restore backup"
      subject={`of ${connection.name}`}
      destructive
      typedName={connection.name}
      onClose={props.onClose}
      onConfirm={async () => {
        const { setAside } = await call('archive.restore', {
          connectionId: connection.id,
          fileName: backup.fileName,
        });
        await client.invalidateQueries({ queryKey: [connection.id] });
        notifications.show({
          message: setAside
            ? `Restored. The file that was there is kept as ${setAside}.`
            : 'Restored.',
        });
      }}
    >
      <p style={{ margin: 0 }}>
        The archive goes back to what it was on {formatDateTime(backup.takenAt, 'local')}:
        statistics, sizes, tariffs and journal entries since then are no longer shown. What still is
        on the gateway can be collected again; what was removed there can’t.
      </p>
      <p className="oc-dimmed" style={{ margin: 0 }}>
        The present file is kept among the backups, so this can be undone. The journal says that you
        restored.
      </p>
    </ConfirmDialog>
  );
}
