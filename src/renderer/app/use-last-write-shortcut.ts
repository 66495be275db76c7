import { useNavigate } from 'react-router';
import { newestWrite } from '../stores/recent-writes.ts';
import { journalPath } from './addresses.ts';
import { useShortcut } from './shortcuts.ts';

/** L: the journal entry of the newest change that was made on this cluster in this session. */
export function useLastWriteShortcut(connectionId: string): void {
  const navigate = useNavigate();
  useShortcut('l', () => {
    const write = newestWrite(connectionId);
    if (write) navigate(journalPath(connectionId, write.journalId));
  });
}
