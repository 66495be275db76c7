import type { JournalRow } from '../../changes/operation/reverse-entry.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { StateBadge, type StateTone } from '../../kit/components/state-badge.tsx';

/** Words for the results of a write. */
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

type Run = NonNullable<JournalRow['run']>;

/** Results of a run, worst first. */
const worstFirst: readonly JournalRow['result'][] = [
  'unknown',
  'refused',
  'open',
  'sent',
  'verified',
  'done',
  'unchanged',
];

function resultsOf({ results }: Run): [JournalRow['result'], number][] {
  return worstFirst.flatMap((result) => (results[result] ? [[result, results[result]]] : []));
}

/** Returns the results of a run's entries: `1 refused, 6 verified`. */
export function runWords(run: Run): string {
  return resultsOf(run)
    .map(([result, count]) => `${formatCount(count)} ${resultWords[result].word.toLowerCase()}`)
    .join(', ');
}

/** Shows the results of a run's entries in words, with the colour of the worst. */
export function RunResults({ run }: { run: Run }) {
  const [worst] = resultsOf(run);
  const words = runWords(run);
  return (
    <span title={words}>
      <StateBadge tone={worst ? resultWords[worst[0]].tone : 'idle'}>{words}</StateBadge>
    </span>
  );
}
