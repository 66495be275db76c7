import { IconUserCheck, IconUserOff, IconUserX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { z } from 'zod';
import type { AppError } from '#shared/errors.ts';
import classes from '../../../changes/operation/operation.module.css';
import { OperationDialog } from '../../../changes/operation/operation-dialog.tsx';
import { bucketPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { Bytes } from '../../../kit/components/bytes.tsx';
import { formatCount } from '../../../kit/components/format.ts';
import { openDialog } from '../../../kit/stores/dialogs.ts';
import { verbs } from '../../../kit/verbs.ts';
import { type UserSubject, userActions } from '../user-registries.ts';

const bucketList = z.object({
  count: z.int(),
  buckets: z.array(z.object({ name: z.string(), currentBytes: z.union([z.int(), z.string()]) })),
});

/** The buckets that stand in a user's way, each with its link. */
export function BucketsInTheWay({ error, onLeave }: { error: AppError; onLeave(): void }) {
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

type UserOperation = 'users.enable' | 'users.disable' | 'users.remove';

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

const actions = [
  {
    operation: 'users.disable',
    label: 'Disable user',
    icon: IconUserOff,
    keywords: 'lock block suspend',
    order: 10,
    applies: ({ state }: UserSubject) => state !== 'disabled',
  },
  {
    operation: 'users.enable',
    label: 'Enable user',
    icon: IconUserCheck,
    keywords: 'unlock unblock',
    order: 11,
    applies: ({ state }: UserSubject) => state !== 'enabled',
  },
  {
    operation: 'users.remove',
    label: 'Remove user',
    icon: IconUserX,
    keywords: 'delete',
    order: 90,
    destructive: true,
    applies: () => true,
  },
] as const;

for (const { operation, label, icon, keywords, order, applies, ...more } of actions) {
  userActions.register({
    id: operation,
    order,
    label: () => label,
    writes: true,
    applies,
    ...more,
    start: ({ userId }) => openUserOperation(operation, userId),
  });
  verbs.register({
    id: operation,
    order,
    label,
    icon,
    keywords,
    target: 'user',
    run: ({ target }) => {
      if (target?.kind === 'user') openUserOperation(operation, target.userId);
    },
  });
}
