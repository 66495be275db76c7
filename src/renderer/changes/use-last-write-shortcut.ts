import { useNavigate } from 'react-router';
import { journalPath } from '../kit/addresses.ts';
import { useShortcut } from '../kit/shortcuts.ts';
import { newestWrite } from '../kit/stores/recent-writes.ts';

/** L: the journal entry of the newest change that was made on this cluster in this session. */
export function useLastWriteShortcut(connectionId: string): void {
  const navigate = useNavigate();
  useShortcut('l', () => {
    const write = newestWrite(connectionId);
    if (write) navigate(journalPath(connectionId, write.journalId));
  });
}
