import type { CallOutput } from '#shared/contract/index.ts';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';

export type OnboardingRun = CallOutput<'onboarding.list'>['rows'][number];
export type OnboardingRow = CallOutput<'onboarding.get'>['rows'][number];

/** Returns how many rows of a run are still to be done: all but those done, and those with a problem. */
export const rowsLeft = ({ counts }: Pick<OnboardingRun, 'counts'>): number =>
  usersLeft(counts) + counts.unwritten;

const usersLeft = ({ pending, creating, created, failed }: OnboardingRun['counts']): number =>
  pending + creating + created + failed;

/** Shows the state of a run as a badge. */
export function RunState({ run }: { run: OnboardingRun }) {
  const left = rowsLeft(run);
  if (run.state === 'prepared') return <StateBadge tone="information">Previewed</StateBadge>;
  if (run.state === 'running') return <StateBadge tone="information">In progress</StateBadge>;
  if (run.state === 'stopped') return <StateBadge tone="warning">Stopped</StateBadge>;
  if (left > 0 && left === run.counts.unwritten) {
    return <StateBadge tone="warning">Users created, some not written to WHMCS</StateBadge>;
  }
  if (left > 0) return <StateBadge tone="bad">Some failed</StateBadge>;
  return <StateBadge tone="good">Finished</StateBadge>;
}

const rowStates: Record<OnboardingRow['state'], { tone: StateTone; word: string }> = {
  problem: { tone: 'warning', word: 'Skipped' },
  pending: { tone: 'information', word: 'To create' },
  creating: { tone: 'warning', word: 'Not confirmed' },
  created: { tone: 'warning', word: 'User created, rest not done' },
  unwritten: { tone: 'warning', word: 'Done; not written to WHMCS' },
  done: { tone: 'good', word: 'Done' },
  failed: { tone: 'bad', word: 'Failed' },
};

/** Shows the state of a row as a badge. */
export function RowState({ row: { state, writeBack } }: { row: OnboardingRow }) {
  const { tone, word } = rowStates[state];
  return (
    <StateBadge tone={tone}>{state === 'unwritten' ? unwrittenWord(writeBack) : word}</StateBadge>
  );
}

/** Names what of a complete user the billing system lacks. */
function unwrittenWord(writeBack: OnboardingRow['writeBack']): string {
  const { field, note } = unwrittenParts(writeBack);
  if (field && note) return 'Done; user id and note not in WHMCS';
  if (field) return 'Done; user id not in WHMCS';
  return writeBack?.note === 'unknown'
    ? 'Done; note in WHMCS not confirmed'
    : 'Done; note in WHMCS failed';
}

/** Returns which of both entries in the billing system are not there, as far as is known. */
export function unwrittenParts(writeBack: OnboardingRow['writeBack']) {
  const isMissing = (state: 'written' | 'unchanged' | 'unknown' | 'failed' | null | undefined) =>
    state === 'unknown' || state === 'failed';
  return { field: isMissing(writeBack?.field), note: isMissing(writeBack?.note) };
}
