import { IconCloudOff } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { Time } from '../../../kit/components/time.tsx';
import usage from '../usage.module.css';
import { SwitchOn } from './nothing-collected.tsx';

/** Stands where the gateway holds no statistics object: why that may be, and how to switch them on. */
export function StatisticsOff({ listing }: { listing: CallOutput<'usage.objects'> }) {
  return (
    <div className={usage.state}>
      <EmptyState icon={IconCloudOff} title="No statistics objects on the gateway">
        Either all were collected and removed, or the gateway writes none. Its list was read{' '}
        <Time value={listing.asOf} as="age" unknown="never" />.
      </EmptyState>
      <SwitchOn />
    </div>
  );
}
