import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Connection } from '../../../kit/cluster-context.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';

type Status = CallOutput<'archive.status'>;
type Decision = 'continue' | 'begin-new';

const verbs: Record<Decision, string> = {
  continue: 'Continue with this file',
  'begin-new': 'Start a new archive',
};

/** The ways out of a damaged archive without a backup; each is confirmed and put on record. */
export function ArchiveDecisions(props: { connection: Connection; status: Status }) {
  const { connection, status } = props;
  const [decision, setDecision] = useState<Decision | null>(null);
  if (status.state !== 'damaged' || status.damage === undefined) return null;
  const open: Decision[] =
    status.damage === 'incomplete' ? ['continue', 'begin-new'] : ['begin-new'];
  return (
    <>
      {open.map((one) => (
        <Button key={one} size="compact-sm" variant="default" onClick={() => setDecision(one)}>
          {verbs[one]}
        </Button>
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
