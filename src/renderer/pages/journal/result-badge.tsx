import type { CallOutput } from '#shared/contract/index.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';

export type JournalRow = CallOutput<'journal.list'>['rows'][number];

/** How a write ended, in the words of every place that shows it. */
export const resultWords: Record<
  JournalRow['result'],
  { word: string; tone: StateTone; says: string }
> = {
  verified: { word: 'Verified', tone: 'good', says: 'Reading back showed the change.' },
  sent: {
    word: 'Sent, not confirmed',
    tone: 'warning',
    says: 'The gateway took it; reading back did not show it.',
  },
  unknown: {
    word: 'Outcome unknown',
    tone: 'warning',
    says: 'No answer came, and it was not seen afterwards. It was not sent again.',
  },
  refused: { word: 'Refused', tone: 'bad', says: 'The gateway or the console said no.' },
  unchanged: { word: 'Unchanged', tone: 'idle', says: 'Nothing had to be sent.' },
  done: {
    word: 'Done',
    tone: 'good',
    says: 'The console did it; nothing on the gateway was changed.',
  },
  open: {
    word: 'Not ended',
    tone: 'information',
    says: 'The console ended, or is still at it, between sending and reading back.',
  },
};

export function ResultBadge({ result }: { result: JournalRow['result'] }) {
  const { word, tone, says } = resultWords[result];
  return (
    <span title={says}>
      <StateBadge tone={tone}>{word}</StateBadge>
    </span>
  );
}
