import type { CallOutput } from '#shared/contract/index.ts';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';

export type OnboardingRun = CallOutput<'onboarding.list'>['rows'][number];
export type OnboardingRow = CallOutput<'onboarding.get'>['rows'][number];

/** Returns how many rows of a run are still to be done: all but those done, and those with a problem. */
export const rowsLeft = ({ counts }: Pick<OnboardingRun, 'counts'>): number =>
  counts.pending + counts.creating + counts.created + counts.failed;

/** Shows the state of a run as a badge. */
export function RunState({ run }: { run: OnboardingRun }) {
  const left = rowsLeft(run);
  if (run.state === 'prepared') return <StateBadge tone="information">Previewed</StateBadge>;
  if (run.state === 'running') return <StateBadge tone="information">In progress</StateBadge>;
  if (run.state === 'stopped') return <StateBadge tone="warning">Stopped</StateBadge>;
  if (left > 0) return <StateBadge tone="bad">Some failed</StateBadge>;
  return <StateBadge tone="good">Finished</StateBadge>;
}

const rowStates: Record<OnboardingRow['state'], { tone: StateTone; word: string }> = {
  problem: { tone: 'warning', word: 'Skipped' },
  pending: { tone: 'information', word: 'Pending' },
  creating: { tone: 'warning', word: 'Not confirmed' },
  created: { tone: 'warning', word: 'User created, rest not done' },
  done: { tone: 'good', word: 'Done' },
  failed: { tone: 'bad', word: 'Failed' },
};

/** Shows the state of a row as a badge. */
export function RowState({ state }: { state: OnboardingRow['state'] }) {
  const { tone, word } = rowStates[state];
  return <StateBadge tone={tone}>{word}</StateBadge>;
}
