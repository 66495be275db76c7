import { Tooltip } from '@mantine/core';
import { formatCount } from '../../../kit/components/format.ts';
import type { CoverageSummary } from '../shared/completeness.tsx';
import { type CoverageState, stateWords } from './cells.ts';
import classes from './coverage.module.css';
import { StateSwatch } from './state-patterns.tsx';

const order: readonly CoverageState[] = [
  'collected',
  'silent',
  'missing',
  'waiting',
  'late',
  'duplicate',
  'conflicting',
  'open',
];

function hoursOf(summary: CoverageSummary, state: CoverageState): number {
  switch (state) {
    case 'missing':
      return summary.missingHours;
    case 'silent':
      return summary.silentHours;
    case 'waiting':
      return summary.waitingHours;
    case 'late':
      return summary.lateHours;
    case 'duplicate':
      return summary.duplicateHours;
    case 'conflicting':
      return summary.conflictingHours;
    case 'open':
      return summary.openHours;
    default:
      return (
        summary.coveredHours - summary.lateHours - summary.duplicateHours - summary.conflictingHours
      );
  }
}

/** What the colours and patterns mean, with the hours of each. */
export function Legend({ summary }: { summary: CoverageSummary }) {
  return (
    <ul className={classes.legend} aria-label="Hours of each state">
      {order.map((state) => (
        <Tooltip key={state} label={stateWords[state].meaning}>
          <li data-none={hoursOf(summary, state) === 0 || undefined}>
            <StateSwatch state={state} />
            {stateWords[state].word}
            <span className="oc-number oc-dimmed">{formatCount(hoursOf(summary, state))} h</span>
          </li>
        </Tooltip>
      ))}
    </ul>
  );
}
