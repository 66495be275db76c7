import { notifications } from '@mantine/notifications';
import { IconArchive, IconArrowMerge, IconEye } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Connection } from '../../../kit/cluster-context.tsx';
import { SmallButton } from '../../../kit/components/buttons.ts';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { CallError, ErrorPanel } from '../../../kit/components/error-panel.tsx';
import { formatCounted, formatWireBytes } from '../../../kit/components/format.ts';
import { CopyButton } from '../../../kit/components/identifier.tsx';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { showFailure, useAction } from '../../../kit/use-action.ts';
import classes from './archive.module.css';
import { BackupsList } from './backups-list.tsx';
import { MergeDialog } from './merge-dialog.tsx';

type Status = CallOutput<'archive.status'>;

const states: Record<Status['state'], { tone: StateTone; word: string }> = {
  sound: { tone: 'good', word: 'Intact' },
  checking: { tone: 'information', word: 'Being checked' },
  damaged: { tone: 'bad', word: 'Damaged' },
  newer: { tone: 'warning', word: 'Of a newer console' },
};

/** Returns whether a damaged file has anything to read: a missing or empty one has not. */
function canBeRead({ damage }: Status): boolean {
  return damage !== 'missing' && damage !== 'empty';
}

/** One cluster's archive: location, state, backups. */
export function ArchiveOfCluster({ connection }: { connection: Connection }) {
  const query = useCall('archive.status', { connectionId: connection.id });
  const [showBackups, setShowBackups] = useState(false);
  const [merging, setMerging] = useState(false);
  const { run, running } = useArchiveWork(connection.id);
  const call = useConsole();
  const status = query.data;
  return (
    <div className={classes.archive}>
      <div className={classes.head}>
        <h3 className="oc-heading">{connection.name}</h3>
        {status && (
          <StateBadge tone={states[status.state].tone}>
            {status.readOnly ? 'Damaged, open to read' : states[status.state].word}
          </StateBadge>
        )}
      </div>
      <CallError call={query} compact />
      {status && (
        <>
          <div className="oc-path">
            <span className="oc-mono">{status.path}</span>
            <CopyButton value={status.path} label="Copy path of the archive" />
          </div>
          <p className="oc-hint">
            {formatWireBytes(status.bytes)}
            {status.state !== 'newer' && (status.state !== 'damaged' || status.readOnly) && (
              <>
                , {formatCounted(status.objects, 'statistics object')},{' '}
                {formatCounted(status.counters, 'counter')}
              </>
            )}
            {status.from !== null && (
              <>
                , from <Time value={status.from} /> to <Time value={status.to} />
              </>
            )}
            . Newest backup:{' '}
            <Time value={status.newestBackup?.takenAt ?? null} as="age" unknown="none" />.
          </p>
          {status.error && <ErrorPanel error={status.error} compact />}
          <div className="oc-wrap-row">
            <SmallButton
              leftSection={<IconArchive size={14} />}
              loading={running}
              disabled={status.state === 'damaged' || status.state === 'newer'}
              onClick={() =>
                void run(async () => {
                  const backup = await call('archive.backup', { connectionId: connection.id });
                  notifications.show({ message: `Backed up to ${backup.path}.` });
                })
              }
            >
              Back up now
            </SmallButton>
            <SmallButton
              leftSection={<IconArrowMerge size={14} />}
              disabled={status.state === 'damaged' || status.state === 'newer'}
              onClick={() => setMerging(true)}
            >
              Merge archive
            </SmallButton>
            {status.state === 'damaged' && !status.readOnly && canBeRead(status) && (
              <SmallButton
                leftSection={<IconEye size={14} />}
                onClick={() =>
                  void run(() => call('archive.openReadOnly', { connectionId: connection.id }))
                }
              >
                Read what can be read
              </SmallButton>
            )}
            <ArchiveDecisions connection={connection} status={status} />
            {status.newestBackup && (
              <SmallButton aria-expanded={showBackups} onClick={() => setShowBackups(!showBackups)}>
                {showBackups ? 'Hide backups' : 'Backups'}
              </SmallButton>
            )}
          </div>
          {showBackups && <BackupsList connection={connection} />}
          {merging && <MergeDialog connection={connection} onClose={() => setMerging(false)} />}
        </>
      )}
    </div>
  );
}

/** Runs an action on an archive, shows its failure, and refetches the connection's data. */
function useArchiveWork(connectionId: string) {
  const client = useQueryClient();
  const { running, run } = useAction(showFailure);
  const renew = () => client.invalidateQueries({ queryKey: [connectionId] });
  return { running, run: (work: () => Promise<unknown>) => run(() => work().finally(renew)) };
}

/** The archives of all connections, for the Settings page: location, size, state, backups. */
export function ArchivesSection() {
  const query = useCall('connections.list', {});
  if (query.error) return <CallError call={query} />;
  const connections: readonly Connection[] = query.data ?? [];
  if (query.data && connections.length === 0) {
    return <p className="oc-dimmed">Each cluster gets its own archive when it is added.</p>;
  }
  return connections.map((connection) => (
    <ArchiveOfCluster key={connection.id} connection={connection} />
  ));
}

type Decision = 'continue' | 'begin-new';

const verbs: Record<Decision, string> = {
  continue: 'Continue with this file',
  'begin-new': 'Start a new archive',
};

/** The ways out of a damaged archive without a backup; each is confirmed and put on record. */
function ArchiveDecisions(props: { connection: Connection; status: Status }) {
  const { connection, status } = props;
  const [decision, setDecision] = useState<Decision | null>(null);
  if (status.state !== 'damaged' || status.damage === undefined) return null;
  const open: Decision[] =
    status.damage === 'incomplete' ? ['continue', 'begin-new'] : ['begin-new'];
  return (
    <>
      {open.map((one) => (
        <SmallButton key={one} onClick={() => setDecision(one)}>
          {verbs[one]}
        </SmallButton>
      ))}
      {decision && (
        <DecisionDialog
          connection={connection}
          decision={decision}
          onClose={() => setDecision(null)}
        />
      )}
    </>
  );
}

function DecisionDialog(props: { connection: Connection; decision: Decision; onClose(): void }) {
  const { connection, decision } = props;
  const call = useConsole();
  const client = useQueryClient();
  return (
    <ConfirmDialog
      verb={verbs[decision]}
      subject={`of ${connection.name}`}
      destructive
      typedName={connection.name}
      onClose={props.onClose}
      onConfirm={async () => {
        await call('archive.decide', { connectionId: connection.id, decision });
        await client.invalidateQueries({ queryKey: [connection.id] });
      }}
    >
      <p style={{ margin: 0 }}>
        {decision === 'continue'
          ? 'What is missing from this file stays missing: figures of those hours can’t be recovered unless the objects are still on the gateway.'
          : 'The new archive is empty. What is still on the gateway can be collected again; what was deleted there can’t. The file that was there, if any, is kept among the backups.'}{' '}
        The journal says that you decided so.
      </p>
    </ConfirmDialog>
  );
}
