import { Tooltip, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { journalPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useRecentWrites, writeKey } from '../../kit/stores/recent-writes.ts';
import { useNow } from '../../kit/timers.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { offerFoundPair } from './found-pair.tsx';
import classes from './operation.module.css';

const shownFor = 120_000;

/**
 * Says on a row how the last write to it ended: verified (for two minutes), or sent, not confirmed,
 * which stays until it is read again and found, or was looked up in the journal.
 */
export function WriteMark({ kind, id }: { kind: 'user' | 'bucket'; id: string }) {
  const { id: connectionId } = useCluster();
  const key = writeKey(connectionId, kind, id);
  const write = useRecentWrites(({ writes }) => writes[key]);
  if (!write) return null;
  return write.result === 'verified' ? (
    <Verified title={write.title} at={write.at} path={journalPath(connectionId, write.journalId)} />
  ) : (
    <NotConfirmed writeKey={key} />
  );
}

function Verified({ title, at, path }: { title: string; at: number; path: string }) {
  const now = useNow(10_000);
  if (now - at > shownFor) return null;
  return (
    <Tooltip label={`${title}: verified`}>
      <Link
        to={path}
        className={`oc-icon-word ${classes.mark}`}
        data-tone="good"
        tabIndex={-1}
        data-row-action
      >
        <IconCircleCheck size={14} aria-hidden />
        verified
      </Link>
    </Tooltip>
  );
}

function NotConfirmed({ writeKey: key }: { writeKey: string }) {
  const { write, running, recheck } = useRecheckRow(key);
  if (!write) return null;
  return (
    <Tooltip label={`${write.title}: sent, not confirmed. Click to read again; nothing is sent.`}>
      <UnstyledButton
        className={`oc-icon-word ${classes.mark}`}
        data-tone="warning"
        disabled={running}
        onClick={(event) => {
          event.stopPropagation();
          recheck();
        }}
      >
        <IconAlertTriangle size={14} aria-hidden />
        {running ? 'reading again' : 'sent, not confirmed'}
      </UnstyledButton>
    </Tooltip>
  );
}

/**
 * Retry of the reading alone, for a row whose write was sent, not confirmed.
 * @param key the row's, as from `writeKey`
 */
function useRecheckRow(key: string) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const write = useRecentWrites(({ writes }) => writes[key]);
  const note = useRecentWrites((writes) => writes.note);
  const { running, run } = useAction(showFailure);
  const recheck = async () => {
    if (!write || running) return;
    await run(async () => {
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
    });
  };
  return { write, running, recheck: () => void recheck() };
}

/** Ids of the users or buckets that were just changed: their rows flash once. */
export function useFlashingRows(kind: 'user' | 'bucket'): ReadonlySet<string> {
  const { id } = useCluster();
  const flashing = useRecentWrites((writes) => writes.flashing);
  return useMemo(() => {
    const prefix = writeKey(id, kind, '');
    const own = [...flashing].filter((key) => key.startsWith(prefix));
    return new Set(own.map((key) => key.slice(prefix.length)));
  }, [flashing, id, kind]);
}
