import { notifications } from '@mantine/notifications';
import type { CallOutput } from '#shared/contract/index.ts';
import { openUserOperation } from '../../changes/users/user-operations.tsx';
import { ActingCluster } from '../../kit/components/acting-cluster.tsx';
import { ActionButton } from '../../kit/components/action-button.tsx';
import { SmallButton } from '../../kit/components/buttons.ts';
import { formatCounted } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';

type Cancellation = CallOutput<'offboarding.get'>;

/** Enables a user so that its owner can empty its buckets, and disables it again. */
export function SwitchUser({ user }: { user: Cancellation['users'][number] }) {
  const { connectionId, userId, email } = user;
  const connection = useCall('connections.list', {}).data?.find(({ id }) => id === connectionId);
  const state = useCall('users.get', { connectionId, userId }).data?.state;
  if (!connection || state === undefined) return null;
  const isEnabled = state === 'enabled';
  return (
    <ActingCluster connection={connection}>
      <SmallButton
        onClick={() => openUserOperation(isEnabled ? 'users.disable' : 'users.enable', userId)}
      >
        {isEnabled ? 'Disable' : 'Enable'} {email || userId}
      </SmallButton>
    </ActingCluster>
  );
}

/** Plays the owner of buckets in the demo, where nobody has an S3 client. */
export function DemoOwner({ of: { offboardingId, users } }: { of: Cancellation }) {
  const call = useConsole();
  const connections = useCall('connections.list', {}).data ?? [];
  const isDemo = users.some(({ connectionId }) =>
    connections.some(({ id, demo }) => demo && id === connectionId),
  );
  if (!isDemo) return null;
  const empty = async () => {
    const { buckets } = await call('offboarding.emptyDemo', { offboardingId });
    notifications.show({
      message: `The owner deleted ${formatCounted(buckets, 'bucket')}. Check buckets again.`,
    });
  };
  return (
    <Note tone="information" title="Demo: play the owner">
      <div>
        Nobody uses an S3 client in the demo. Enable the user, then let the demo empty and delete
        its buckets. On your clusters, only the owner can do this.
      </div>
      <ActionButton work={empty}>Empty buckets as the owner</ActionButton>
    </Note>
  );
}
