/** States of one service in one hour, from least to most in need of attention. */
export const coverageStates = [
  'idle',
  'collected',
  'late',
  'silent',
  'open',
  'waiting',
  'duplicate',
  'conflicting',
  'missing',
] as const;

export type CoverageState = (typeof coverageStates)[number];

/** Of several states of the same hours, the one to show. */
export function gravest(one: CoverageState, other: CoverageState): CoverageState {
  return byGravity(one, other) < 0 ? other : one;
}

/** Sorts the least in need of attention first. */
export function byGravity(one: CoverageState, other: CoverageState): number {
  return coverageStates.indexOf(one) - coverageStates.indexOf(other);
}
