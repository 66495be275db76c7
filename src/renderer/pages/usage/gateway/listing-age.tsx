import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { ActionButton } from '../../../kit/components/action-button.tsx';
import { TinyButton } from '../../../kit/components/buttons.ts';
import { StateBadge } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { useConsole } from '../../../kit/rpc/console-context.tsx';
import classes from './gateway.module.css';

/** Says whether the list of statistics objects is the gateway's or an earlier one, and reads it again. */
export function ListingAge(props: {
  listing: Pick<CallOutput<'usage.objects'>, 'asOf' | 'source'>;
}) {
  const { asOf, source } = props.listing;
  return (
    <span className={classes.asOf}>
      {source === 'last-seen' ? <StateBadge tone="warning">As last seen</StateBadge> : 'Read'}{' '}
      <Time value={asOf} as="age" />
      <ReadAgain />
    </span>
  );
}

function ReadAgain() {
  const cluster = useCluster();
  const call = useConsole();
  const client = useQueryClient();
  const read = async () => {
    await call('usage.objects', { connectionId: cluster.id, refresh: true, offset: 0, limit: 1 });
    await client.invalidateQueries({ queryKey: [cluster.id, 'usage.objects'] });
  };
  return (
    <ActionButton look={TinyButton} leftSection={<IconRefresh size={13} />} work={read}>
      Read the list again
    </ActionButton>
  );
}
