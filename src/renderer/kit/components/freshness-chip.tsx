import { Button, Popover, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCloudOff,
  IconLoader2,
  IconPointFilled,
  IconRefresh,
} from '@tabler/icons-react';
import { useConsole } from '../rpc/console-context.tsx';
import { usePreferences } from '../stores/preferences.ts';
import { useNow } from '../timers.ts';
import type { SyncStatus } from '../use-sync.ts';
import { SmallButton } from './buttons.ts';
import { ErrorPanel } from './error-panel.tsx';
import {
  type Clock,
  formatAge,
  formatClockTime,
  formatCount,
  formatCounted,
  formatDay,
} from './format.ts';
import classes from './freshness-chip.module.css';
import { HeldBackNote, RouteNote, TroublesNote } from './refresh-notes.tsx';
import { Time } from './time.tsx';

const liveFor = 60_000;
/** Data this old is worth a look: what is younger is no alarm. */
const staleAfter = 3_600_000;

/** How fresh data is, in the chip's words, and their tone. */
export interface Freshness {
  tone: 'live' | 'recent' | 'stale' | 'failing' | 'offline' | 'busy' | 'held';
  words: string;
}

const stages = { users: 'users', buckets: 'buckets', storing: 'rows stored' } as const;

/**
 * Puts a sync status into words: `Live · 12:03:20`, `4 min old`, `Offline since 11:40 · data of 11:38`,
 * `Gateway errors since 11:40 · data of 11:38`.
 * @param now milliseconds since the Unix epoch
 */
export function describeFreshness(
  status: SyncStatus | undefined,
  now: number,
  clock: Clock,
): Freshness {
  if (!status) return { tone: 'stale', words: 'Reading …' };
  if (status.refreshing) {
    const { stage, done } = status.refreshing;
    return {
      tone: 'busy',
      words: `Refreshing · ${formatCount(done)} ${stages[stage]}`,
    };
  }
  const short = (iso: string) => shortTime(iso, now, clock);
  const data = status.asOf === null ? 'no data yet' : `data of ${short(status.asOf)}`;
  if (status.state === 'offline') {
    const since = status.offlineSince ? ` since ${short(status.offlineSince)}` : '';
    return { tone: 'offline', words: `Offline${since} · ${data}` };
  }
  if (status.state === 'failing') {
    const since = status.failingSince ? ` since ${short(status.failingSince)}` : '';
    return { tone: 'failing', words: `Gateway errors${since} · ${data}` };
  }
  if (status.heldBack) return { tone: 'held', words: `Shorter lists held back · ${data}` };
  if (status.asOf === null) return { tone: 'stale', words: 'Never refreshed' };
  const age = now - Date.parse(status.asOf);
  if (status.state === 'online' && age < liveFor) {
    return { tone: 'live', words: `Live · ${formatClockTime(status.asOf, clock)}` };
  }
  const words = formatAge(age);
  return {
    tone: age < staleAfter ? 'recent' : 'stale',
    words: words === 'just now' ? words : `${words} old`,
  };
}

function shortTime(iso: string, now: number, clock: Clock): string {
  const time = formatClockTime(iso, clock).slice(0, 5);
  if (now - Date.parse(iso) < 20 * 3600_000) return time;
  return `${formatDay(iso, clock)}, ${time}`;
}

const icons = {
  live: IconPointFilled,
  recent: IconPointFilled,
  stale: IconPointFilled,
  failing: IconAlertTriangle,
  offline: IconCloudOff,
  busy: IconLoader2,
  held: IconAlertTriangle,
};

/**
 * Says how old the data on screen is; never disappears. Opens to the cause, the last error and
 * "try again".
 * @param props.next when the cluster is refreshed on its own, milliseconds since the Unix epoch
 */
export function FreshnessChip(props: {
  connectionId: string;
  status: SyncStatus | undefined;
  refreshing: boolean;
  next?: number | null;
  onRefresh: () => void;
}) {
  const { connectionId, status, refreshing, next = null, onRefresh } = props;
  const clock = usePreferences((preferences) => preferences.clock);
  const now = useNow(1000);
  const { tone, words: state } = describeFreshness(status, now, clock);
  const words =
    next === null || tone === 'busy'
      ? state
      : `${state} · next ${shortTime(new Date(next).toISOString(), now, clock)}`;
  const Icon = icons[tone];
  return (
    <Popover position="bottom-end" width={380} trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.chip} data-tone={tone} aria-label={`Data: ${words}`}>
          <Icon size={14} className={tone === 'busy' ? classes.spin : undefined} aria-hidden />
          <span className="oc-number">{words}</span>
          {(status?.setAside || status?.implausible || status?.route?.transformed) && (
            <IconAlertTriangle size={14} className={classes.warning} aria-label="with problems" />
          )}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="How fresh the data is">
        <div className="oc-form">
          <FreshnessFacts status={status} next={next} />
          {status && <HeldBackNote status={status} connectionId={connectionId} />}
          {status && <TroublesNote status={status} />}
          {status && <RouteNote status={status} />}
          {status?.error && <ErrorPanel error={status.error} compact />}
          <div className={classes.buttons}>
            <Button
              size="compact-sm"
              leftSection={<IconRefresh size={14} />}
              onClick={onRefresh}
              disabled={refreshing}
            >
              {refreshing ? 'Refreshing' : status?.error ? 'Try again' : 'Refresh now'}
            </Button>
            {status?.refreshing && <CancelRefresh taskId={status.refreshing.taskId} />}
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function CancelRefresh({ taskId }: { taskId: string }) {
  const call = useConsole();
  return (
    <SmallButton onClick={() => void call('tasks.cancel', { taskId }).catch(() => undefined)}>
      Cancel
    </SmallButton>
  );
}

function FreshnessFacts({ status, next }: { status: SyncStatus | undefined; next: number | null }) {
  if (!status) return <div className="oc-dimmed">The state of this cluster is being read.</div>;
  return (
    <div>
      <div className="oc-strong">{headline(status)}</div>
      <div className="oc-dimmed">
        {status.asOf === null ? (
          'Users and buckets have not been read from this cluster yet.'
        ) : (
          <>
            What is on screen was read <Time value={status.asOf} as="age" />:{' '}
            {formatCounted(status.users, 'user')} and {formatCounted(status.buckets, 'bucket')}.
          </>
        )}
      </div>
      {next !== null && (
        <div className="oc-dimmed">
          It refreshes automatically, as set in Settings; next at{' '}
          <Time value={new Date(next).toISOString()} />.
        </div>
      )}
    </div>
  );
}

function headline(status: SyncStatus): string {
  if (status.refreshing) return 'The lists are being read from the gateway';
  if (status.state === 'offline') return "The gateway can't be reached";
  if (status.state === 'failing') return 'The gateway answers with errors';
  if (status.state === 'never') return 'The gateway has not been asked yet';
  return 'The gateway answered last time';
}
