import { Tooltip } from '@mantine/core';
import type { CoverageState } from '#shared/coverage-states.ts';
import { formatCount } from '../../../kit/components/format.ts';
import type { CoverageSummary } from '../shared/completeness.tsx';
import { stateWords } from './cells.ts';
import classes from './coverage.module.css';

const order = [
  'collected',
  'silent',
  'missing',
  'waiting',
  'late',
  'duplicate',
  'conflicting',
  'open',
] as const satisfies readonly CoverageState[];

function hoursOf(summary: CoverageSummary, state: (typeof order)[number]): number {
  if (state !== 'collected') return summary[`${state}Hours`];
  const { coveredHours, lateHours, duplicateHours, conflictingHours } = summary;
  return coveredHours - lateHours - duplicateHours - conflictingHours;
}

/** Shows what the colours and patterns mean, with the hours of each. */
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

/** Each state's colour (Okabe and Ito) and pattern, so that no state is shown by colour alone. */
const looks: Record<CoverageState, { fill: string; mark: string | null }> = {
  idle: { fill: 'transparent', mark: null },
  collected: { fill: '#009e73', mark: null },
  late: { fill: '#56b4e9', mark: 'M2 4h4M4 2v4' },
  silent: { fill: '#b9e3d6', mark: 'M3 4h2' },
  open: { fill: 'var(--oc-hairline)', mark: null },
  waiting: { fill: '#c3c9d2', mark: 'M0 4h8' },
  duplicate: { fill: '#f0e442', mark: 'M4 0v8' },
  conflicting: { fill: '#cc79a7', mark: 'M0 0l8 8M8 0l-8 8' },
  missing: { fill: '#d55e00', mark: 'M-2 6l8 -8M0 8l8 -8M6 10l4 -4' },
};

/** The `fill` of a state, given that {@link StatePatterns} is in the same document. */
export function fillOf(state: CoverageState): string {
  return looks[state].mark === null ? looks[state].fill : `url(#coverage-${state})`;
}

/** The patterns that {@link fillOf} refers to. */
export function StatePatterns() {
  return (
    <svg width="0" height="0" className={classes.patterns} aria-hidden="true">
      <defs>
        {Object.entries(looks).map(([state, { fill, mark }]) =>
          mark === null ? null : (
            <pattern
              key={state}
              id={`coverage-${state}`}
              width="8"
              height="8"
              patternUnits="userSpaceOnUse"
            >
              <rect width="8" height="8" fill={fill} />
              <path d={mark} stroke="#111a29" strokeWidth="1.2" fill="none" />
            </pattern>
          ),
        )}
      </defs>
    </svg>
  );
}

/** A sample of a state, for legends and tables. */
export function StateSwatch({ state }: { state: CoverageState }) {
  return (
    <svg width="16" height="12" className={classes.swatch} aria-hidden="true">
      <rect width="16" height="12" rx="2" fill={fillOf(state)} />
    </svg>
  );
}
