import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { type CoverageState, coverageStates, gravest } from '#shared/coverage-states.ts';

/** Coverage of a period, as core returns it. */
export type Coverage = CallOutput<'usage.coverage'>;

export const stateWords: Record<CoverageState, { word: string; meaning: string }> = {
  idle: { word: 'Before the first', meaning: 'Before this service wrote its first object.' },
  collected: { word: 'Collected', meaning: 'Archived, in time.' },
  late: {
    word: 'Late',
    meaning: 'Archived, but it appeared after a collection should have seen it.',
  },
  silent: {
    word: 'Accepted as silent',
    meaning: 'Not archived; somebody decided that nothing is to be expected.',
  },
  open: { word: 'Open', meaning: 'Still open: not ended, or not due yet.' },
  waiting: { word: 'Pending on gateway', meaning: 'On the gateway, not archived yet.' },
  duplicate: { word: 'Duplicate', meaning: 'Two objects count the same time.' },
  conflicting: {
    word: 'Conflicting',
    meaning: 'The gateway’s content differs from what was archived.',
  },
  missing: { word: 'Missing', meaning: 'Due, and neither archived nor on the gateway.' },
};

const steps = [1, 2, 3, 4, 6, 8, 12, 24, 48, 96, 168, 336, 720];

/**
 * Returns how many hours one cell stands for, so that all of them fit.
 * @param hours of the period
 * @param room how many cells fit side by side
 */
export function hoursPerCell(hours: number, room: number): number {
  const wanted = hours / Math.max(1, room);
  return steps.find((step) => step >= wanted) ?? Math.ceil(wanted);
}

/** The gravest state of each cell of `step` hours. */
export function toCells(hours: readonly CoverageState[], step: number): CoverageState[] {
  const cells: CoverageState[] = [];
  for (let begin = 0; begin < hours.length; begin += step) {
    cells.push(hours.slice(begin, begin + step).reduce(gravest));
  }
  return cells;
}

/** Neighbouring cells of one state, drawn as one. */
export interface Run {
  begin: number;
  length: number;
  state: CoverageState;
}

/** Joins neighbouring cells of one state. */
export function toRuns(cells: readonly CoverageState[]): Run[] {
  const runs: Run[] = [];
  cells.forEach((state, index) => {
    const last = runs.at(-1);
    if (last?.state === state) last.length += 1;
    else runs.push({ begin: index, length: 1, state });
  });
  return runs;
}

/** Returns what a cell holds, in words: `5 h collected, 1 h missing`. */
export function cellWords(hours: readonly CoverageState[]): string {
  const counts = new Map<CoverageState, number>();
  for (const state of hours) counts.set(state, (counts.get(state) ?? 0) + 1);
  if (hours.length === 1) return (stateWords[hours[0] ?? 'idle'].word ?? '').toLowerCase();
  return coverageStates
    .toReversed()
    .flatMap((state) => {
      const count = counts.get(state);
      return count === undefined ? [] : [`${count} h ${stateWords[state].word.toLowerCase()}`];
    })
    .join(', ');
}

/** Returns what a cell of this many hours shows. */
export function legendOf(hours: number): string {
  const size = `Each cell is ${formatCounted(hours, 'hour')}`;
  return hours === 1 ? `${size}.` : `${size} and shows the worst of them; select one to zoom in.`;
}
