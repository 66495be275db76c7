import { IconCircleDashed, IconLoader, IconPlayerPlay, type TablerIcon } from '@tabler/icons-react';
import { useLocation } from 'react-router';
import type { BulkRow, BulkRun } from '../../changes/bulk/change-values.ts';
import { changesPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { BackLink } from '../../kit/components/page-bar.tsx';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';

export interface Standing {
  word: string;
  tone: StateTone;
  icon?: TablerIcon;
}

const runStates: Record<BulkRun['state'], Standing> = {
  previewed: { word: 'Not started', tone: 'idle', icon: IconCircleDashed },
  running: { word: 'Running', tone: 'information', icon: IconPlayerPlay },
  stopped: { word: 'Stopped', tone: 'warning' },
  interrupted: { word: 'Interrupted', tone: 'warning' },
  finished: { word: 'Finished', tone: 'good' },
};

/** Returns the state of a run in a word; of another workstation's run, as it was when it was merged. */
export function runStanding({ state, mergedAt }: BulkRun): Standing {
  const standing = runStates[state];
  return state === 'running' && mergedAt !== null
    ? { ...standing, word: 'Running elsewhere' }
    : standing;
}

const refusals: Record<string, string> = {
  TARGET_CHANGED: 'Changed since',
  NOT_FOUND: 'Gone',
  TARGET_AMBIGUOUS: 'Ambiguous',
  SELF_LOCKOUT_REFUSED: 'Own user',
  INPUT_INVALID: 'Not possible',
};

/** Returns whether a row is a line of a table that can't be read. */
function isUnread({ state, line, error }: BulkRow): boolean {
  return state === 'refused' && line !== null && error?.code === 'INPUT_INVALID';
}

/** Returns why a row is omitted, in a word or two. */
export function refusalWord(row: BulkRow): string {
  return isUnread(row) ? 'Can’t be read' : (refusals[row.error?.code ?? ''] ?? 'Refused');
}

/** Returns what a row changes; unknown for a line that can't be read. */
export function changeOf(row: BulkRow): string {
  return isUnread(row) ? `Line ${row.line} of the table` : row.title;
}

/** Returns whether a row's target has the value already, as far as the preview knows. */
export function isUnchanged({ state, beforeKnown, fields }: BulkRow): boolean {
  return state === 'pending' && beforeKnown && fields.every(({ changed }) => !changed);
}

/** Returns whether a row was sent and not confirmed, whether or not the gateway answered. */
export function isUnconfirmed({ state, error }: BulkRow): boolean {
  return state === 'sent' || (state === 'failed' && error?.details?.outcome === 'unknown');
}

export function rowStanding(row: BulkRow): Standing {
  switch (row.state) {
    case 'pending':
      return isUnchanged(row)
        ? { word: 'Unchanged', tone: 'idle' }
        : { word: 'To do', tone: 'information', icon: IconCircleDashed };
    case 'sending':
      return { word: 'Sending', tone: 'information', icon: IconLoader };
    case 'verified':
      return { word: 'Verified', tone: 'good' };
    case 'sent':
      return { word: 'Not confirmed', tone: 'warning' };
    case 'unchanged':
      return { word: 'Unchanged', tone: 'idle' };
    case 'failed':
      return { word: 'Failed', tone: 'bad' };
    case 'refused':
      return { word: refusalWord(row), tone: 'warning' };
  }
}

/** Number of rows of a run that are still to be done. */
export function rowsLeft({ counts }: BulkRun): number {
  return (counts.pending ?? 0) + (counts.sending ?? 0);
}

export function StandingBadge({ standing }: { standing: Standing }) {
  const { word, tone, icon } = standing;
  return (
    <StateBadge tone={tone} {...(icon ? { icon } : {})}>
      {word}
    </StateBadge>
  );
}

/** Leads back to the page that a run was prepared on, else to all runs. */
export function BackToRuns() {
  const cluster = useCluster();
  const from: unknown = useLocation().state?.from;
  if (typeof from === 'string') return <BackLink to={from}>Back</BackLink>;
  return <BackLink to={changesPath(cluster.id)}>Bulk changes</BackLink>;
}
