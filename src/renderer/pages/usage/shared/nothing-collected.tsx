import { Code } from '@mantine/core';
import { IconChartBar, IconCloudOff } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { gatewaySettingsPath, statisticsSetting } from '#shared/guide-lines.ts';
import { EmptyState } from '../../../kit/components/empty-state.tsx';
import { CopyButton } from '../../../kit/components/identifier.tsx';
import { Time } from '../../../kit/components/time.tsx';
import { CollectForm } from './collect-button.tsx';
import classes from './usage.module.css';

/** Shown where nothing was ever collected, with what to do. */
export function NothingCollected() {
  return (
    <div className="oc-state">
      <EmptyState
        icon={IconChartBar}
        title="No statistics collected yet"
        action={
          <div className={classes.firstCollection}>
            <CollectForm />
          </div>
        }
      >
        The gateway writes a statistics object for each of its services and periods, and keeps it
        until it is deleted. Collecting copies them into this console’s archive.
      </EmptyState>
      <SwitchOn />
    </div>
  );
}

function SwitchOn() {
  return (
    <div className={classes.switchOn}>
      <h2 className="oc-heading">If the gateway has none either</h2>
      <p>
        Statistics are off until they are switched on. On every S3 node, add this line to{' '}
        <Code>{gatewaySettingsPath}</Code> and restart <Code>ostor-agentd</Code>:
      </p>
      <p className={classes.command}>
        <code className="oc-mono">{statisticsSetting}</code>
        <CopyButton value={statisticsSetting} label="Copy the setting" />
      </p>
      <p>The first object appears when the first period ends, usually after 30 minutes.</p>
    </div>
  );
}

/** Shown where the gateway has no statistics objects: possible reasons, and how to switch them on. */
export function StatisticsOff({ listing }: { listing: CallOutput<'usage.objects'> }) {
  return (
    <div className="oc-state">
      <EmptyState icon={IconCloudOff} title="No statistics objects on the gateway">
        Either all were collected and deleted, or the gateway writes none. Its list was read{' '}
        <Time value={listing.asOf} as="age" unknown="never" />.
      </EmptyState>
      <SwitchOn />
    </div>
  );
}
