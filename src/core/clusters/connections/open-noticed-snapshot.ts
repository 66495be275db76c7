import type { NoticeBoard } from '../../platform/notice-board.ts';
import { openSnapshot } from '../../store/snapshot/open-snapshot.ts';
import type { SetAside, Snapshot } from '../../store/snapshot/snapshot.ts';
import type { SavedConnection } from '../clusters.ts';

/**
 * Opens snapshots; where a file has to be set aside, then or later, tells the operator.
 * @param onSetAside told the connection whose data is to be fetched again
 */
export function openNoticedSnapshot(
  notices: NoticeBoard,
  onSetAside: (connectionId: string) => void,
): (directory: string, connection: SavedConnection) => Promise<Snapshot> {
  return (directory, { id, name }) =>
    openSnapshot(directory, {
      onSetAside: (setAside) => {
        notices.add(noticeOf(name, setAside));
        onSetAside(id);
      },
    });
}

function noticeOf(name: string, { reason, path }: SetAside) {
  return {
    severity: 'warning' as const,
    message:
      reason === 'newer'
        ? `What was last seen of "${name}" was written by a newer console and can't be read.`
        : `What was last seen of "${name}" was damaged and can't be read.`,
    hint: `It is fetched again from the gateway. The file was set aside as ${path} and can be deleted.`,
  };
}
