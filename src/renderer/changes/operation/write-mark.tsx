import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { journalPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useRecentWrites, writeKey } from '../../kit/stores/recent-writes.ts';
import { useNow } from '../../kit/use-now.ts';
import classes from './operation.module.css';
import { useRecheckRow } from './use-recheck-row.ts';

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
      <Link to={path} className={classes.mark} data-tone="good" tabIndex={-1} data-row-action>
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
        className={classes.mark}
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
