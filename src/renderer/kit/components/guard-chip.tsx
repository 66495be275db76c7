import { Menu, Tooltip } from '@mantine/core';
import { IconEye, IconLock, IconLockOpen } from '@tabler/icons-react';
import type { Connection } from '../cluster-context.tsx';
import classes from '../frame.module.css';
import { useConsole } from '../rpc/console-context.tsx';
import { useNow } from '../timers.ts';
import { showFailure } from '../use-action.ts';
import { SmallButton } from './buttons.ts';
import { formatCounted } from './format.ts';
import { useMenuEntries } from './menu-entries.tsx';

const choices = [5, 15, 60] as const;

/** How often the time left is updated, milliseconds. */
const tick = 5_000;

/**
 * Returns the minutes left of an unlocking, 60 of 60 at its beginning: what is on screen is up to one
 * tick older than now.
 */
export function minutesLeft(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now - tick) / 60_000));
}

/** A connection to a cluster or a billing system, as far as its guards go. */
type Guarded = Pick<Connection, 'id' | 'name' | 'readOnly' | 'unlockedUntil'> & {
  environment?: Connection['environment'] | undefined;
};

/**
 * Says how a connection is guarded against changes: read-only, or production that is locked until it is
 * unlocked for some minutes. Nothing for others.
 */
export function GuardChip({
  of: { id, name, environment, readOnly, unlockedUntil },
  domain,
}: {
  of: Guarded;
  /** Whose calls lock and unlock it. */
  domain: 'connections' | 'billing';
}) {
  const call = useConsole();
  const now = useNow(tick);
  const run = (work: Promise<unknown>) => void work.catch(showFailure);
  if (readOnly) {
    const what = domain === 'billing' ? 'billing system' : 'cluster';
    return (
      <Tooltip label={`The console sends nothing that changes this ${what}.`}>
        <span className={classes.guard}>
          <IconEye size={14} aria-hidden /> Read-only
        </span>
      </Tooltip>
    );
  }
  if (environment !== 'production') return null;
  if (unlockedUntil !== undefined) {
    return (
      <Tooltip label="Lock now">
        <SmallButton
          className="oc-warning"
          leftSection={<IconLockOpen size={14} />}
          onClick={() => run(call(`${domain}.lock`, { id }))}
        >
          Unlocked, {minutesLeft(Date.parse(unlockedUntil), now)} min
        </SmallButton>
      </Tooltip>
    );
  }
  return (
    <LockedMenu
      what={domain === 'billing' ? name : 'changes'}
      unlock={(minutes) => run(call(`${domain}.unlock`, { id, minutes }))}
    />
  );
}

/** @param props.what the palette calls it: next to a billing system there may be a cluster */
function LockedMenu({ what, unlock }: { what: string; unlock(minutes: number): void }) {
  const items = useMenuEntries(
    choices.map((minutes) => {
      const label = formatCounted(minutes, 'minute');
      return { label, verb: `Unlock ${what} for ${label}`, start: () => unlock(minutes) };
    }),
  );
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <SmallButton leftSection={<IconLock size={14} />}>Locked</SmallButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Unlock {what} for</Menu.Label>
        {items}
      </Menu.Dropdown>
    </Menu>
  );
}
