import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { runPath } from './addresses.ts';
import { useClusterIfAny } from './cluster-context.tsx';
import { useCall } from './rpc/use-call.ts';

const lookedAt = 50;

/** A bulk run in whose middle the console ended, and the address of its page. */
export type InterruptedRun = CallOutput<'bulk.get'> & { path: string };

/** Bulk runs of the cluster on screen in whose middle the console ended, but for those put off. */
export function useInterruptedRuns() {
  const cluster = useClusterIfAny();
  const [putOff, setPutOff] = useState<readonly string[]>([]);
  const connectionId = cluster?.id ?? '';
  const query = useCall(
    'bulk.runs',
    { connectionId, offset: 0, limit: lookedAt },
    { enabled: cluster !== null },
  );
  const runs: InterruptedRun[] = (query.data?.rows ?? [])
    .filter(({ state, runId }) => state === 'interrupted' && !putOff.includes(runId))
    .map((run) => ({ ...run, path: runPath(connectionId, run.runId) }));
  return {
    runs,
    dismiss: (runId: string) => setPutOff((before) => [...before, runId]),
  };
}
