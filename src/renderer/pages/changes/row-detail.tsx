import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Link } from 'react-router';
import { toAppError } from '#shared/errors.ts';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRow } from '../../changes/bulk/sources.ts';
import { FieldChanges } from '../../changes/operation/field-changes.tsx';
import { bucketPath, journalPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { Identifier } from '../../kit/components/identifier.tsx';
import detail from '../../kit/detail/detail.module.css';
import { DetailSection } from '../../kit/detail/detail.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { hasHandover, RowHandover } from './row-handover.tsx';
import { RowRequests } from './row-requests.tsx';
import { changeOf, isUnconfirmed, rowStanding } from './run-words.ts';
import { StandingBadge } from './standing-badge.tsx';

/** One row of a run whole: target, before and after, result, why, journal entry, reading again. */
export function RowDetail({ row }: { row: BulkRow }) {
  return (
    <article>
      <header className={detail.head}>
        <h2 className={detail.name}>{row.target.name}</h2>
        <div className={detail.facts}>
          <Identifier value={row.target.id} what="id" length={40} />
          <StandingBadge standing={rowStanding(row)} />
        </div>
        <div className={detail.figures}>
          {[...new Set([changeOf(row), ...linesOf(row)])].map((words) => (
            <span key={words}>{words}</span>
          ))}
          {row.attempts > 1 && <span>{row.attempts} attempts</span>}
        </div>
      </header>
      <DetailSection title="Before and after">
        {row.beforeKnown ? (
          <FieldChanges fields={row.fields} />
        ) : (
          <p className={classes.hint}>
            {row.state === 'refused'
              ? 'Not read: nothing is sent for this row.'
              : 'What it is now was not read before; it is read before anything is sent.'}
          </p>
        )}
      </DetailSection>
      {(row.state === 'pending' || row.state === 'failed') && (
        <DetailSection title="Requests">
          <RowRequests row={row} />
        </DetailSection>
      )}
      {row.error && (
        <DetailSection title="Why">
          <ErrorPanel error={row.error} compact />
        </DetailSection>
      )}
      <DetailSection title="Further">
        <RowLinks row={row} />
      </DetailSection>
    </article>
  );
}

function linesOf({ line }: BulkRow): string[] {
  return line === null ? [] : [`Line ${line} of the table`];
}

function RowLinks({ row }: { row: BulkRow }) {
  const cluster = useCluster();
  const { target } = row;
  return (
    <div className={classes.links}>
      {(target.kind === 'user' || target.kind === 'account') && (
        <Link to={userPath(cluster.id, target.id)}>Open the user</Link>
      )}
      {target.kind === 'bucket' && (
        <Link to={bucketPath(cluster.id, target.id)}>Open the bucket</Link>
      )}
      {row.journalId !== null && (
        <Link to={journalPath(cluster.id, row.journalId)}>Journal entry</Link>
      )}
      {hasHandover(row) && <RowHandover row={row} />}
      {isUnconfirmed(row) && row.journalId !== null && <ReadAgain journalId={row.journalId} />}
    </div>
  );
}

function ReadAgain({ journalId }: { journalId: string }) {
  const call = useConsole();
  const cluster = useCluster();
  const [running, setRunning] = useState(false);
  const read = async () => {
    setRunning(true);
    try {
      const { verified } = await call('operations.recheck', {
        connectionId: cluster.id,
        journalId,
      });
      notifications.show({
        color: verified ? 'teal' : 'yellow',
        message: verified
          ? 'Checked: the change took effect.'
          : 'Checked: the change did not take effect.',
      });
    } catch (thrown) {
      const { message, hint } = toAppError(thrown);
      notifications.show({ color: 'red', title: message, message: hint });
    } finally {
      setRunning(false);
    }
  };
  return (
    <Button size="compact-sm" variant="default" loading={running} onClick={() => void read()}>
      Check again
    </Button>
  );
}
