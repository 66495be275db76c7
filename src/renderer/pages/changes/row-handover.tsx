import type { BulkRow } from '../../changes/bulk/change-values.ts';
import { type HandoverSubject, openHandover } from '../../changes/keys/handover-dialog.tsx';
import { useCluster } from '../../kit/cluster-context.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Call } from '../../kit/rpc/transport/transport.ts';

const creations: readonly string[] = ['users.create', 'accounts.create', 'keys.generate'];

/** Returns whether a row made an access key that somebody waits for. */
export function hasHandover({ operation, state }: BulkRow): boolean {
  return creations.includes(operation) && (state === 'verified' || state === 'sent');
}

/** Finds the key that a row made. The run keeps neither its id nor its secret: the gateway is asked. */
async function subjectOf(call: Call, connectionId: string, row: BulkRow): Promise<HandoverSubject> {
  const { target, input, operation, fields } = row;
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
  const before = fields.flatMap((field) => field.before?.split(', ') ?? []);
  const made = keys.find(({ accessKeyId }) => !before.includes(accessKeyId));
  return {
    userId,
    email: user.email,
    ...(accountName === undefined ? {} : { accountName }),
    ...(made === undefined ? {} : { accessKeyId: made.accessKeyId }),
  };
}

/** Opens the handover sheet of the key that a row made. */
export function RowHandover({ row }: { row: BulkRow }) {
  const call = useConsole();
  const cluster = useCluster();
  const open = async () => openHandover(await subjectOf(call, cluster.id, row));
  return <ActionButton work={open}>Handover sheet</ActionButton>;
}
