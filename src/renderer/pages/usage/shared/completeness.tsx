import { Link, useSearchParams } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { clusterPath } from '../../../kit/addresses.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { StateBadge, type StateTone } from '../../../kit/components/state-badge.tsx';
import { Time } from '../../../kit/components/time.tsx';
import classes from './usage.module.css';

export type CoverageSummary = CallOutput<'usage.coverage'>['summary'];

const words: Record<CoverageSummary['state'], { tone: StateTone; word: string }> = {
  final: { tone: 'good', word: 'Complete' },
  // hours that are not over need nobody
  open: { tone: 'idle', word: 'In progress' },
  gaps: { tone: 'bad', word: 'Not complete' },
  empty: { tone: 'idle', word: 'Nothing collected' },
};

/**
 * Shows whether a figure is complete: a word in its colour, and a sentence with the way to the gaps.
 * @param props.since when the archive begins, where that is within the period: what was before is not known
 */
export function Completeness({
  coverage,
  since,
}: {
  coverage: CoverageSummary;
  since: string | null;
}) {
  const cluster = useCluster();
  const [parameters] = useSearchParams();
  const late = since !== null && coverage.state !== 'empty';
  const { tone, word } = words[coverage.state];
  const query = new URLSearchParams();
  for (const name of ['period', 'from', 'to']) {
    const value = parameters.get(name);
    if (value !== null) query.set(name, value);
  }
  return (
    <p className={classes.completeness} data-tone={tone}>
      <StateBadge tone={tone}>{word}</StateBadge>
      <span>
        {coverage.words.replace(/^(Complete|Not complete): /, '').replace(/^./, upperCase)}
      </span>
      {late && (
        <span>
          The archive begins <Time value={since} />; what was used before is not counted.
        </span>
      )}
      {coverage.state !== 'empty' && (
        <Link to={`${clusterPath(cluster.id, 'usage/coverage')}?${query}`}>
          {coverage.final ? 'See coverage' : 'See what is missing'}
        </Link>
      )}
    </p>
  );
}

const upperCase = (letter: string): string => letter.toUpperCase();

/** Returns whether any hour is on record; where none is, figures are unknown, not zero. */
export function isCollected({ coveredHours, silentHours }: CoverageSummary): boolean {
  return coveredHours + silentHours > 0;
}

/** Words for no traffic, which is stated only of collected hours. */
export function idleWords(coverage: CoverageSummary): string {
  if (!isCollected(coverage)) return 'nothing is collected';
  if (coverage.final) return 'no traffic, complete';
  return coverage.state === 'open'
    ? 'no traffic so far, still in progress'
    : 'no traffic in the hours that are collected, not complete';
}

/** Describes whether a period is complete, in a word or two. */
export function completeWords({ final, state }: CoverageSummary): string {
  if (final) return 'complete';
  return state === 'open' ? 'still in progress' : 'not complete';
}
