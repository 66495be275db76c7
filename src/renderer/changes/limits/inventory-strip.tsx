import { Button, Checkbox, Popover, Progress } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { readEnteredNumber } from '#shared/entered-number.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { SecondaryButton, SmallButton } from '../../kit/components/buttons.ts';
import { formatCount, formatCounted } from '../../kit/components/format.ts';
import { NumberEntry } from '../../kit/components/number-entry.tsx';
import { Time } from '../../kit/components/time.tsx';
import { ticked } from '../../kit/components/typed.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import { showFailure } from '../../kit/use-action.ts';
import { useSync } from '../../kit/use-sync.ts';
import classes from './inventory-strip.module.css';

type Inventory = CallOutput<'inventory.status'>;
type Task = CallOutput<'tasks.list'>[number];

/**
 * Shows how much of the cluster's values is known and how old it is; start, continue, pause and cancel of the
 * inventory.
 */
export function InventoryStrip() {
  const cluster = useCluster();
  const inventory = useCall('inventory.status', { connectionId: cluster.id }).data;
  const tasks = useCall('tasks.list', {}).data ?? [];
  const task = tasks.find(
    ({ kind, connectionId, endedAt }) =>
      kind === 'inventory.start' && connectionId === cluster.id && endedAt === null,
  );
  if (!inventory) return null;
  return (
    <section className={classes.strip} aria-label="Keys and limits">
      {task ? <InventoryRunning task={task} /> : <InventoryIdle inventory={inventory} />}
    </section>
  );
}

function InventoryRunning({ task }: { task: Task }) {
  const call = useConsole();
  const total = task.total ?? 0;
  const paused = task.state === 'paused';
  return (
    <>
      <span className="oc-number">
        {paused ? 'Paused' : 'Reading'}: {formatCount(task.done)} of {formatCount(total)}
      </span>
      <Progress
        className={classes.coverage ?? ''}
        size={6}
        value={total === 0 ? 0 : (task.done / total) * 100}
        aria-label="Loading keys and limits"
      />
      <SmallButton
        onClick={() => void call(paused ? 'tasks.resume' : 'tasks.pause', { taskId: task.taskId })}
      >
        {paused ? 'Resume' : 'Pause'}
      </SmallButton>
      <SmallButton
        leftSection={<IconX size={14} />}
        onClick={() => void call('tasks.cancel', { taskId: task.taskId })}
      >
        Cancel
      </SmallButton>
    </>
  );
}

function InventoryIdle({ inventory }: { inventory: Inventory }) {
  const cluster = useCluster();
  const { status } = useSync(cluster.id);
  const offline = status?.state === 'offline' || !cluster.hasCredential;
  return (
    <>
      <span className="oc-dimmed">
        {inventory.usersKnown === 0 ? (
          inventory.oldest === null ? (
            'No user’s values read yet'
          ) : (
            'Some values read, no user’s in full yet'
          )
        ) : (
          <>
            Read: {knownWords(inventory.usersKnown, inventory.users, 'user')}
            {inventory.bucketsKnown > 0 &&
              `, ${knownWords(inventory.bucketsKnown, inventory.buckets, 'bucket')}`}
            {inventory.oldest !== null && (
              <>
                ; oldest <Time value={inventory.oldest} as="age" />
              </>
            )}
          </>
        )}
      </span>
      <StartInventory inventory={inventory} offline={offline} />
    </>
  );
}

const budgets = { least: 1, most: 2000, usual: 50 } as const;
const budgetRules = { least: budgets.least, most: budgets.most };

function StartInventory({ inventory, offline }: { inventory: Inventory; offline: boolean }) {
  const call = useConsole();
  const cluster = useCluster();
  const [open, setOpen] = useState(false);
  const [budget, setBudget] = useState(String(budgets.usual));
  const [buckets, setBuckets] = useState(inventory.bucketsKnown > 0);
  const requests = inventory.users * 3 + (buckets ? inventory.buckets * 2 : 0);
  const entered = readEnteredNumber(budget, budgetRules);
  const perSecond = Number(entered.value ?? budgets.usual);
  const start = async (restart: boolean) => {
    setOpen(false);
    try {
      await call('inventory.start', {
        connectionId: cluster.id,
        buckets,
        requestsPerSecond: perSecond,
        restart,
      });
    } catch (thrown) {
      showFailure(thrown);
    }
  };
  const verb = inventory.unfinished
    ? 'Resume'
    : inventory.usersKnown === 0
      ? 'Load keys and limits'
      : 'Reload keys and limits';
  return (
    <Popover position="bottom-end" width={300} trapFocus opened={open} onChange={setOpen}>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant={inventory.usersKnown === 0 ? 'filled' : 'default'}
          disabled={offline}
          rightSection={<IconChevronDown size={14} />}
          onClick={() => setOpen(!open)}
        >
          {verb}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="oc-form"
          onSubmit={(event) => {
            event.preventDefault();
            void start(false);
          }}
        >
          <NumberEntry
            label="Rate (requests/s)"
            description="Keeps load off your tenants."
            rules={budgetRules}
            value={budget}
            onChange={setBudget}
          />
          <Checkbox
            label={`Also the ${formatCounted(inventory.buckets, 'bucket')}`}
            {...ticked(buckets, setBuckets)}
          />
          <span className="oc-caption">
            About {formatCounted(requests, 'request')}, {timeWords(requests / perSecond)}. It runs
            in the background; what is loaded is kept.
          </span>
          <div className="oc-buttons">
            {inventory.unfinished && (
              <SecondaryButton
                disabled={entered.error !== undefined}
                onClick={() => void start(true)}
              >
                Start over
              </SecondaryButton>
            )}
            <Button type="submit" disabled={entered.error !== undefined}>
              {verb}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Returns how many of them are known: `all 12 users`, `1 of 3,001 users`. */
export function knownWords(known: number, all: number, noun: string): string {
  const whole = formatCounted(all, noun);
  return known === all && all > 1 ? `all ${whole}` : `${formatCount(known)} of ${whole}`;
}

function timeWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : formatCounted(Math.round(minutes / 60), 'hour');
}
