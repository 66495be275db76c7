import { Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { type AppError, toAppError } from '#shared/errors.ts';
import { runPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { formatCount } from '../../kit/components/format.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import type { Call } from '../../kit/rpc/transport/transport.ts';
import { useCall } from '../../kit/rpc/use-call.ts';
import { useDelayed } from '../../kit/timers.ts';
import classes from './bulk.module.css';
import type { BulkSource } from './change-values.ts';

/** Shows how far the reading of the targets is, before anything can be previewed. */
export function PrepareProgress({ state }: { state: PrepareState }) {
  const slow = useDelayed(state.running, 300);
  if (!slow) return null;
  const { progress } = state;
  const total = progress?.total ?? null;
  return (
    <div className={classes.preparing} role="status">
      <Progress
        size={4}
        value={total ? ((progress?.done ?? 0) / total) * 100 : 100}
        animated={total === null}
        aria-label="Reading the targets"
      />
      <div className="oc-caption">
        {total === null
          ? 'Reading the targets'
          : `Reading the targets: ${formatCount(progress?.done ?? 0)} of ${formatCount(total)}`}
        . Nothing is changed yet.
      </div>
    </div>
  );
}

/**
 * Prepares a bulk run and opens its page. Reading thousands of targets takes a while: it tells how far
 * it is, and can be cancelled.
 * @param onOpened called before the run's page is opened: closes a dialog
 */
export function usePrepare(onOpened?: () => void) {
  const call = useConsole();
  const cluster = useCluster();
  const navigate = useNavigate();
  const tasks = useCall('tasks.list', {}).data ?? [];
  const abort = useRef<AbortController | null>(null);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const prepare = async (
    ask: (call: Call, signal: AbortSignal) => Promise<{ runId: string }>,
  ): Promise<void> => {
    const own = new AbortController();
    abort.current = own;
    setRunning(true);
    setError(null);
    try {
      const { runId } = await ask(call, own.signal);
      if (own.signal.aborted) return;
      onOpened?.();
      navigate(runPath(cluster.id, runId));
    } catch (thrown) {
      if (!own.signal.aborted) setError(toAppError(thrown));
    } finally {
      setRunning(false);
    }
  };

  const task = tasks.find(
    ({ kind, connectionId, endedAt }) =>
      kind === 'bulk.preview' && connectionId === cluster.id && endedAt === null,
  );
  return {
    running,
    error,
    progress: running && task ? { done: task.done, total: task.total } : null,
    fromSource: (source: BulkSource) =>
      prepare((ask, signal) => ask('bulk.preview', { connectionId: cluster.id, source }, signal)),
    fromPlan: (content: string) =>
      prepare((ask, signal) => ask('plans.check', { connectionId: cluster.id, content }, signal)),
    fromKeptPlan: (planId: string) =>
      prepare((ask, signal) => ask('plans.check', { connectionId: cluster.id, planId }, signal)),
    cancel: () => {
      abort.current?.abort();
      setRunning(false);
    },
  };
}

/** What {@link usePrepare} yields. */
type PrepareState = ReturnType<typeof usePrepare>;
