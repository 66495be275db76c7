import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { operationName } from '#shared/contract/operations.ts';
import { FieldChanges } from '../../changes/operation/field-words.tsx';
import { offerFoundPair } from '../../changes/operation/found-pair.tsx';
import {
  entryChanges,
  isReversible,
  type JournalRow,
  openReverseEntry,
} from '../../changes/operation/reverse-entry.tsx';
import { clusterPath, targetPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { ErrorPanel } from '../../kit/components/error-panel.tsx';
import { formatClockTime } from '../../kit/components/format.ts';
import { GuardedButton, useWriteHold } from '../../kit/components/guarded-button.tsx';
import { CopyButton, Identifier } from '../../kit/components/identifier.tsx';
import { Time } from '../../kit/components/time.tsx';
import detailClasses from '../../kit/detail/detail.module.css';
import { DetailSection, Fact, Facts } from '../../kit/detail/detail.tsx';
import { DetailInstead } from '../../kit/detail/detail-page.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import { useAction } from '../../kit/use-action.ts';
import classes from './journal.module.css';
import { ResultBadge, resultWords } from './result-badge.tsx';

/** Only gateway writes can be read again; the rest sent no write, or verifies itself. */
const wasWrite = (operation: string): boolean => operationName.safeParse(operation).success;

function TargetLink({ target }: Pick<JournalRow, 'target'>) {
  const { id } = useCluster();
  const path = targetPath(id, target);
  return path === null ? target.name : <Link to={path}>{target.name}</Link>;
}

/** Reads the target of an unconfirmed write again; sends no write. */
function ReadAgain({ row }: { row: JournalRow }) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const { running, error, run } = useAction();
  const [found, setFound] = useState<CallOutput<'operations.recheck'> | null>(null);
  const read = () =>
    run(async () => {
      const again = await call('operations.recheck', { connectionId, journalId: row.journalId });
      setFound(again);
      offerFoundPair(again, row.target.name);
    });
  return (
    <div className={classes.again}>
      <SmallButton
        leftSection={<IconRefresh size={14} />}
        loading={running}
        onClick={() => void read()}
      >
        Check again
      </SmallButton>
      <span className="oc-dimmed">Reads the target; nothing is sent.</span>
      {found && !found.verified && (
        <div className={classes.found}>
          At {formatClockTime(found.asOf, 'local')} the change had not taken effect. Current and
          intended values:
          <FieldChanges fields={found.fields} />
        </div>
      )}
      {error && <ErrorPanel error={error} compact />}
    </div>
  );
}

/** Reverses an entry, with a preview of the previous values. */
function ReverseButton({ row }: { row: JournalRow }) {
  const reason = useWriteHold();
  const start = () => isReversible(row) && openReverseEntry(row);
  useOfferOnScreen(() => [
    {
      id: 'journal.reverse',
      label: `Reverse: ${row.title}, ${row.target.name}`,
      keywords: 'undo bring back revert',
      reason,
      start,
    },
  ]);
  return (
    <GuardedButton
      size="compact-sm"
      variant="default"
      leftSection={<IconArrowBackUp size={14} />}
      reason={reason}
      onClick={start}
    >
      Reverse
    </GuardedButton>
  );
}

function Requests({ requests }: { requests: readonly string[] }) {
  if (requests.length === 0) {
    return <p className={detailClasses.note}>No request that writes was to be sent.</p>;
  }
  return requests.map((request) => (
    <div key={request} className={classes.request}>
      <span className="oc-mono">{request}</span>
      <CopyButton value={request} label="Copy request" />
    </div>
  ));
}

/** @param props.merged of another workstation's journal: nothing can be read again for it here */
function Entry({ row, merged }: { row: JournalRow; merged: boolean }) {
  const { id } = useCluster();
  const uncertain = ['sent', 'unknown', 'open'].includes(row.result);
  return (
    <article>
      <header className={detailClasses.head}>
        <h2 className={detailClasses.name}>{row.title}</h2>
        <div className={detailClasses.facts}>
          <ResultBadge result={row.result} />
          <span className="oc-dimmed">{resultWords[row.result].says}</span>
        </div>
        {uncertain && !merged && wasWrite(row.operation) && <ReadAgain row={row} />}
        {isReversible(row) && !merged && <ReverseButton row={row} />}
        {row.error && <ErrorPanel error={row.error} compact />}
      </header>
      <DetailSection title="Before and after">
        <FieldChanges fields={entryChanges(row)} />
      </DetailSection>
      <DetailSection title="Who, what, when">
        <Facts>
          <Fact name="Target">
            <TargetLink target={row.target} />
          </Fact>
          <Fact name="Target id">
            <Identifier value={row.target.id} what="target id" length={40} />
          </Fact>
          <Fact name="Time">
            <Time value={row.at} />
          </Fact>
          <Fact name="Ended">
            <Time value={row.endedAt} unknown="not ended" />
          </Fact>
          <Fact name="Operator">{row.operator}</Fact>
          <Fact name="Ticket or reason">
            {row.ticket ?? <span className="oc-faint">none given</span>}
          </Fact>
          {row.reason !== null && <Fact name="Why">{row.reason}</Fact>}
          <Fact name="Connection">{row.connectionName}</Fact>
          <Fact name="Endpoint">
            <span className="oc-mono">{row.endpoint}</span>
          </Fact>
          <Fact name="Request id">
            {row.requestId === null ? (
              <span className="oc-faint">none given by the gateway</span>
            ) : (
              <Identifier value={row.requestId} what="request id" length={40} />
            )}
          </Fact>
          {row.runId !== null && (
            <Fact name="Bulk run">
              <Link to={`${clusterPath(id, 'journal')}?run=${row.runId}`}>
                all entries of the run
              </Link>
            </Fact>
          )}
          <Fact name="Entry">
            <span className="oc-number">{row.sequence}</span>
          </Fact>
        </Facts>
      </DetailSection>
      <DetailSection title="Requests that write">
        <Requests requests={row.requests} />
      </DetailSection>
    </article>
  );
}

/** The details of a journal entry: change, operator, requests, result. */
export function JournalEntry({ journalId }: { journalId: string }) {
  const { id: connectionId } = useCluster();
  const chain = useSearchParams()[0].get('chain');
  const query = useCall('journal.list', {
    connectionId,
    filter: { journalId, ...(chain ? { chain } : {}) },
    offset: 0,
    limit: 1,
  });
  const row = query.data?.rows[0];
  if (row) return <Entry row={row} merged={chain !== null} />;
  if (query.data) {
    return <p className={classes.gone}>The journal of this connection has no entry of that id.</p>;
  }
  return <DetailInstead query={query} what="entry" name={journalId} />;
}
