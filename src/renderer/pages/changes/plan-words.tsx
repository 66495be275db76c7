import { IconCircleDashed, IconLoader } from '@tabler/icons-react';
import type { CallOutput } from '#shared/contract/index.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { Note } from '../../kit/components/note.tsx';
import type { Standing } from './run-words.tsx';

type KeptPlan = CallOutput<'plans.list'>[number];
export type PlanRow = CallOutput<'plans.rows'>['rows'][number];

export function planStanding({ run, left }: KeptPlan): Standing {
  if (run === null) return { word: 'Open', tone: 'information', icon: IconCircleDashed };
  if (run.state === 'running') return { word: 'Applying', tone: 'information', icon: IconLoader };
  return left === 0
    ? { word: 'Applied', tone: 'good' }
    : { word: 'Partly applied', tone: 'warning' };
}

/** Returns how the run of a plan came out: `4 verified, 1 not confirmed, 1 failed`. */
export function outcomeWords({ counts, unconfirmed }: NonNullable<KeptPlan['run']>): string {
  const of = (state: keyof typeof counts): number => counts[state] ?? 0;
  return (
    [
      [of('verified'), 'verified'],
      [of('unchanged'), 'unchanged'],
      [unconfirmed, 'not confirmed'],
      [of('failed') + of('sent') - unconfirmed, 'failed'],
      [of('refused'), 'skipped'],
      [of('pending') + of('sending'), 'to do'],
    ] as const
  )
    .flatMap(([count, word]) => (count > 0 ? [`${formatCount(count)} ${word}`] : []))
    .join(', ');
}

const standings: Record<NonNullable<PlanRow['standing']>, Standing> = {
  applies: { word: 'Applies', tone: 'good' },
  done: { word: 'Already done', tone: 'idle' },
  drifted: { word: 'Drifted', tone: 'warning' },
  refused: { word: 'Can’t apply', tone: 'bad' },
};

/** Returns how a change of a plan compares with the cluster. */
export function rowComparison({ standing }: PlanRow): Standing {
  return standing ? standings[standing] : { word: 'Not compared', tone: 'idle' };
}

/** Says that a plan was made for another address than the cluster on screen has. */
export function OtherAddress({ endpoint, act }: { endpoint: string; act: 'Apply' | 'Compare' }) {
  const cluster = useCluster();
  return (
    <Note tone="warning" title="This plan was made for another address">
      It was made for {endpoint}, and is now opened on {cluster.name} ({cluster.endpoint}). {act} it
      only if both are the same cluster.
    </Note>
  );
}
