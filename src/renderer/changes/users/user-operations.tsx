import { Link } from 'react-router';
import { z } from 'zod';
import type { AppError } from '#shared/errors.ts';
import { bucketPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { Bytes } from '../../kit/components/bytes.tsx';
import { formatCount } from '../../kit/components/format.ts';
import type { ActionEntry } from '../../kit/detail/sections.tsx';
import { openDialog } from '../../kit/stores/dialogs.ts';
import type { RowOf } from '../../lists/table/use-paged-rows.ts';
import { openHandover } from '../keys/handover-dialog.tsx';
import { openForHolder } from '../keys/holder-first.tsx';
import { openGenerate } from '../keys/key-dialogs.tsx';
import { limitActions } from '../limits/edit-when-read.tsx';
import classes from '../operation/operation.module.css';
import { OperationDialog } from '../operation/operation-dialog.tsx';
import type { OperationName } from '../operation/use-preview.ts';
import { openCreateAccount } from './account-dialogs.tsx';

const bucketList = z.object({
  count: z.int(),
  buckets: z.array(z.object({ name: z.string(), currentBytes: z.union([z.int(), z.string()]) })),
});

function BucketsInTheWay({ error, onLeave }: { error: AppError; onLeave(): void }) {
  const cluster = useCluster();
  const parsed = bucketList.safeParse(error.details);
  if (error.code !== 'USER_OWNS_BUCKETS' || !parsed.success) return null;
  const { buckets, count } = parsed.data;
  return (
    <ul className={classes.links} aria-label="Buckets of the user">
      {buckets.map(({ name, currentBytes }) => (
        <li key={name}>
          <Link to={bucketPath(cluster.id, name)} onClick={onLeave}>
            {name}
          </Link>
          <Bytes value={currentBytes} source="as just listed" />
        </li>
      ))}
      {count > buckets.length && (
        <li className="oc-dimmed">and {formatCount(count - buckets.length)} more</li>
      )}
    </ul>
  );
}

type UserOperation = Exclude<Extract<OperationName, `users.${string}`>, 'users.create'>;

function UserOperationDialog(props: { operation: UserOperation; userId: string; onClose(): void }) {
  const { operation, userId, onClose } = props;
  return (
    <OperationDialog
      operation={operation}
      input={{ userId }}
      subject={{ kind: 'user', id: userId }}
      onClose={onClose}
      renderRefusal={(error) => <BucketsInTheWay error={error} onLeave={onClose} />}
    />
  );
}

/** Opens the dialog that enables, disables or removes a user. */
export function openUserOperation(operation: UserOperation, userId: string): void {
  openDialog((close) => (
    <UserOperationDialog operation={operation} userId={userId} onClose={close} />
  ));
}

/** What an action on one user knows of it: rows of the list and the detail alike have it. */
type UserSubject = Pick<RowOf<'users.list'>, 'userId' | 'email' | 'state' | 'flags'>;

export const userActions: readonly ActionEntry<UserSubject>[] = [
  {
    id: 'users.disable',
    label: () => 'Disable user',
    keywords: 'lock block suspend deactivate',
    writes: true,
    applies: ({ state }) => state !== 'disabled',
    start: ({ userId }) => openUserOperation('users.disable', userId),
  },
  {
    id: 'users.enable',
    label: () => 'Enable user',
    keywords: 'unlock unblock activate reactivate',
    writes: true,
    applies: ({ state }) => state !== 'enabled',
    start: ({ userId }) => openUserOperation('users.enable', userId),
  },
  ...limitActions<UserSubject>(({ userId }) => ({ user: userId })),
  {
    id: 'keys.generate',
    label: () => 'Generate key',
    keywords: 'access secret pair new',
    writes: true,
    start: ({ userId }) =>
      openForHolder({ userId, accountName: null, title: 'Generate key' }, openGenerate),
  },
  {
    id: 'accounts.create',
    label: () => 'Create account',
    keywords: 'subuser further keys',
    writes: true,
    start: openCreateAccount,
  },
  {
    id: 'onboarding.handover',
    label: () => 'Handover sheet',
    keywords: 'endpoint region credentials rclone',
    writes: false,
    start: openHandover,
  },
  {
    id: 'users.remove',
    label: () => 'Delete user',
    keywords: 'remove',
    writes: true,
    destructive: true,
    start: ({ userId }) => openUserOperation('users.remove', userId),
  },
];
