import { Loader } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Link } from 'react-router';
import classes from '../../changes/bulk/bulk.module.css';
import type { BulkRow } from '../../changes/bulk/change-values.ts';
import { type HandoverSubject, openHandover } from '../../changes/keys/handover-dialog.tsx';
import { FieldChanges } from '../../changes/operation/field-words.tsx';
import { PlannedRequests } from '../../changes/operation/planned-requests.tsx';
import { type OwnInput, usePreview } from '../../changes/operation/use-preview.ts';
import { bucketPath, journalPath, userPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { Identifier } from '../../kit/components/identifier.tsx';
import detail from '../../kit/detail/detail.module.css';
import { DetailSection } from '../../kit/detail/detail.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Call } from '../../kit/rpc/transport/transport.ts';
import { changeOf, isUnconfirmed, rowStanding, StandingBadge } from './run-words.tsx';

/** The detail of a run's row: target, before and after, result, reason, journal entry, recheck. */
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
          <p className="oc-hint">
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
      {(row.error || row.reason) && (
        <DetailSection title="Why">
          {row.reason && <p className="oc-hint">{row.reason}</p>}
          {row.error && <ErrorPanel error={row.error} compact />}
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
      {(target.kind === 'user' || target.kind === 'account') &&
        row.operation !== 'users.create' && (
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
  const read = async () => {
    const { verified } = await call('operations.recheck', { connectionId: cluster.id, journalId });
    notifications.show({
      color: verified ? 'teal' : 'yellow',
      message: verified
        ? 'Checked: the change took effect.'
        : 'Checked: the change did not take effect.',
    });
  };
  return <ActionButton work={read}>Check again</ActionButton>;
}

/**
 * What one row of a run sends, and the same by command line, as of now. Asked for by a button: the
 * target is read for it, which nobody wants while looking through a thousand rows.
 */
function RowRequests({ row }: { row: BulkRow }) {
  const [asked, setAsked] = useState<number | null>(null);
  const input = row.input as OwnInput<typeof row.operation>;
  const { preview, error, renew } = usePreview(row.operation, asked === row.row ? input : null, 0);
  if (asked !== row.row) {
    return <SmallButton onClick={() => setAsked(row.row)}>Show requests and commands</SmallButton>;
  }
  if (error) return <ErrorPanel error={error} compact onRetry={renew} />;
  if (!preview) return <Loader size="xs" aria-label="Reading the target" />;
  return <PlannedRequests preview={preview} begin="open" />;
}

const creations: readonly string[] = [
  'users.create',
  'accounts.create',
  'keys.generate',
  'keys.rotate',
];

/** Returns whether a row made an access key that has to be handed over. */
function hasHandover({ operation, state }: BulkRow): boolean {
  return creations.includes(operation) && (state === 'verified' || state === 'sent');
}

/** Finds the key that a row made. The run keeps neither its id nor its secret: the gateway is asked. */
async function subjectOf(call: Call, connectionId: string, row: BulkRow): Promise<HandoverSubject> {
  const { target, input, operation, journalId } = row;
  const named = { connectionId, search: target.name, limit: 50 };
  const userId =
    operation === 'users.create'
      ? ((await call('users.list', named)).rows.find(({ email }) => email === target.name)
          ?.userId ?? target.id)
      : target.id;
  const user = await call('users.get', { connectionId, userId });
  const accountName = typeof input.accountName === 'string' ? input.accountName : undefined;
  const account = user.accounts.find(({ name }) => name === accountName);
  const keys = accountName === undefined ? user.keys : (account?.keys ?? []);
  // the journal has the keys as they were at that moment, whatever was known when it was planned
  const entry = { connectionId, filter: { journalId: journalId ?? '' } };
  const [written] = (await call('journal.list', entry)).rows;
  const before = written?.before.keys?.split(', ') ?? [];
  const key = keys.find(({ accessKeyId }) => !before.includes(accessKeyId));
  return {
    userId,
    email: user.email,
    ...(accountName === undefined ? {} : { accountName }),
    ...(key === undefined ? {} : { accessKeyId: key.accessKeyId }),
  };
}

/** Opens the handover sheet of the key that a row made. */
function RowHandover({ row }: { row: BulkRow }) {
  const call = useConsole();
  const cluster = useCluster();
  const open = async () => openHandover(await subjectOf(call, cluster.id, row));
  return <ActionButton work={open}>Handover sheet</ActionButton>;
}
