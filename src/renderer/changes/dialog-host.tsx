import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { journalPath } from '../kit/addresses.ts';
import { useCluster } from '../kit/cluster-context.tsx';
import { ActingCluster } from '../kit/components/acting-cluster.tsx';
import { useCall } from '../kit/rpc/use-call.ts';
import { useShortcut } from '../kit/shortcuts.ts';
import { type OpenDialog, useDialogs } from '../kit/stores/dialogs.ts';
import { PlanModeProvider } from '../kit/stores/plan-mode.tsx';
import { newestWrite } from '../kit/stores/recent-writes.ts';
import { UndoDialog } from './operation/reverse-entry.tsx';

function HostedDialog({ dialog }: { dialog: OpenDialog }) {
  const close = useDialogs((dialogs) => dialogs.close);
  const { id, connection, render } = dialog;
  const shown = (
    <PlanModeProvider value={dialog.planned}>{render(() => close(id))}</PlanModeProvider>
  );
  if (connection === null) return shown;
  return <ActingCluster connection={connection}>{shown}</ActingCluster>;
}

/**
 * Draws the dialogs of operations over the cluster's pages; they close when another cluster is opened.
 * Where the focus goes then is the focus keeper's work.
 */
export function DialogHost() {
  const { id } = useCluster();
  const dialogs = useDialogs((state) => state.dialogs);
  const closeAll = useDialogs((state) => state.closeAll);
  const undoing = useDialogs((state) => state.undoing);
  const endUndo = useDialogs((state) => state.endUndo);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dialog belongs to the cluster it was opened on
  useEffect(() => closeAll, [id, closeAll]);
  useLastWriteShortcut(id);
  // so that a dialog has its title from the first frame
  useCall('operations.catalogue', {});
  return (
    <>
      {dialogs.map((dialog) => (
        <HostedDialog key={dialog.id} dialog={dialog} />
      ))}
      {undoing && (
        <ActingCluster connection={undoing.connection}>
          <UndoDialog journalId={undoing.journalId} onClose={endUndo} />
        </ActingCluster>
      )}
    </>
  );
}

/** L: the journal entry of the newest change that was made on this cluster in this session. */
function useLastWriteShortcut(connectionId: string): void {
  const navigate = useNavigate();
  useShortcut('l', () => {
    const write = newestWrite(connectionId);
    if (write) navigate(journalPath(connectionId, write.journalId));
  });
}
