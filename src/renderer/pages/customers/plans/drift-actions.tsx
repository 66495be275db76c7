import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { CallInput } from '#shared/contract/index.ts';
import { agreeing } from '#shared/counted.ts';
import { runPath } from '../../../kit/addresses.ts';
import { ActionButton } from '../../../kit/components/action-button.tsx';
import { ConfirmDialog } from '../../../kit/components/confirm-dialog.tsx';
import { CallError } from '../../../kit/components/error-panel.tsx';
import { formatCounted } from '../../../kit/components/format.ts';
import { Note, NoteActions } from '../../../kit/components/note.tsx';
import { typed } from '../../../kit/components/typed.ts';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';
import { dayAgo, midnight } from '../../../lists/list-page/days.ts';
import { useClusterNames } from '../shared/customer-parts.tsx';

/** Lets a user differ from its plan until a day. */
export function ExceptionDialog(props: {
  user: { connectionId: string; userId: string; email: string };
  onClose(): void;
}) {
  const { user, onClose } = props;
  const { connectionId, userId, email } = user;
  const call = useConsole();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(() => dayAgo(-14));
  return (
    <ConfirmDialog
      verb="Allow exception"
      subject={`for ${email || userId}`}
      disabled={reason.trim() === '' || until === ''}
      onConfirm={() => {
        const end = midnight(until)?.toISOString() ?? '';
        return call('servicePlans.except', { connectionId, userId, reason, until: end });
      }}
      onClose={onClose}
    >
      <p className="oc-flush">
        Plan drift skips the user until the end. Then it is listed again, with the bulk run that
        gives it what its plan says. Nothing changes on the cluster now.
      </p>
      <TextInput
        label="Reason"
        required
        data-autofocus
        maxLength={500}
        {...typed(reason, setReason)}
      />
      <TextInput
        label="Ends on"
        description="Ends at 00:00 local time"
        type="date"
        required
        {...typed(until, setUntil)}
      />
    </ConfirmDialog>
  );
}

/** Prepares the bulk run that brings users of one cluster in line with their plans, and opens its preview. */
export function FixButton({ of, label }: { of: CallInput<'servicePlans.fix'>; label: string }) {
  const call = useConsole();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { connectionId } = of;
  const prepare = async () => {
    const { text } = await call('servicePlans.fix', of);
    const source = { from: 'csv' as const, text, title: 'Give users what their plans say' };
    const { runId } = await call('bulk.preview', { connectionId, source });
    navigate(runPath(connectionId, runId), { state: { from: pathname + search } });
  };
  return <ActionButton work={prepare}>{label}</ActionButton>;
}

/**
 * Says how many of a customer's users differ from their plans, with the changes to preview.
 * @param assigned whether a plan was assigned just now: then it is said, too, that none differs
 */
export function PlanDifferences(props: { customerId: string; assigned: boolean }) {
  const { customerId, assigned } = props;
  const clusterName = useClusterNames();
  const query = useCall('servicePlans.drift', { customerId, limit: 1000 });
  const drift = query.data;
  if (query.error) return <CallError call={query} />;
  if (!drift || (drift.total === 0 && !assigned)) return null;
  const users = Map.groupBy(drift.rows, ({ connectionId }) => connectionId);
  const differ = `${formatCounted(drift.total, 'user')} ${agreeing(drift.total, 'differs from its plan', 'differ from their plans')}`;
  return (
    <Note role="status" title={assigned ? 'Plan assigned' : 'Differs from plan'}>
      {drift.total === 0
        ? 'No user of this customer is known to differ.'
        : `${differ} on the cluster.`}
      <NoteActions>
        {[...users].map(([connectionId, rows]) => (
          <FixButton
            key={connectionId}
            of={{ connectionId, userIds: rows.map(({ userId }) => userId) }}
            label={`Preview changes on ${clusterName(connectionId)}`}
          />
        ))}
      </NoteActions>
    </Note>
  );
}
