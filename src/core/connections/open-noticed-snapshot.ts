import type { NoticeBoard } from '../app/notice-board.ts';
import type { SavedConnection } from '../clusters.ts';
import { openSnapshot } from '../snapshot/open-snapshot.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** Opens snapshots, and tells the operator where a file had to be set aside for that. */
export function openNoticedSnapshot(
  notices: NoticeBoard,
): (directory: string, connection: SavedConnection) => Promise<Snapshot> {
  return async (directory, { name }) => {
    const snapshot = await openSnapshot(directory);
    if (snapshot.setAside) {
      const { reason, path } = snapshot.setAside;
      notices.add({
        severity: 'warning',
        message:
          reason === 'newer'
            ? `What was last seen of "${name}" was written by a newer console and can't be read.`
            : `What was last seen of "${name}" was damaged and can't be read.`,
        hint: `Refresh to fetch it again. The file was set aside as ${path} and can be deleted.`,
      });
    }
    return snapshot;
  };
}
