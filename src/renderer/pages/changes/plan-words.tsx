import { IconCircleDashed } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Standing } from './run-words.tsx';

type KeptPlan = CallOutput<'plans.list'>[number];
export type PlanRow = CallOutput<'plans.rows'>['rows'][number];

export function planStanding({ runId }: KeptPlan): Standing {
  return runId === null
    ? { word: 'Open', tone: 'information', icon: IconCircleDashed }
    : { word: 'Applied', tone: 'good' };
}

const standings: Record<NonNullable<PlanRow['standing']>, Standing> = {
  applies: { word: 'Applies', tone: 'good' },
  done: { word: 'Already done', tone: 'idle' },
  drifted: { word: 'Drifted', tone: 'warning' },
  refused: { word: 'Can’t apply', tone: 'bad' },
};

/** How a change of a plan compares with the cluster. */
export function rowComparison({ standing }: PlanRow): Standing {
  return standing ? standings[standing] : { word: 'Not compared', tone: 'idle' };
}
