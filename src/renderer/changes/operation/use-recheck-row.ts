import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useRecentWrites } from '../../kit/stores/recent-writes.ts';
import { offerFoundPair } from './found-pair.tsx';

/**
 * Retry of the reading alone, for a row whose write was sent, not confirmed.
 * @param key the row's, as from `writeKey`
 */
export function useRecheckRow(key: string) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const write = useRecentWrites(({ writes }) => writes[key]);
  const note = useRecentWrites((writes) => writes.note);
  const [running, setRunning] = useState(false);
  const recheck = async () => {
    if (!write || running) return;
    setRunning(true);
    try {
      const { journalId } = write;
      const found = await call('operations.recheck', { connectionId, journalId });
      if (found.verified) {
        note(key, { ...write, result: 'verified', at: Date.now() });
        offerFoundPair(found, 'this user');
      } else {
        notifications.show({
          color: 'yellow',
          title: `${write.title}: still not confirmed`,
          message: 'Reading again does not show the change. Its journal entry has the difference.',
        });
      }
    } catch (thrown) {
      const error = toAppError(thrown);
      notifications.show({ color: 'red', title: error.message, message: error.hint });
    } finally {
      setRunning(false);
    }
  };
  return { write, running, recheck: () => void recheck() };
}
