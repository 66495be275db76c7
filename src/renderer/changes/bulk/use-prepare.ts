import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { runPath } from '../../kit/addresses.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import type { Call } from '../../kit/rpc/client.ts';
import { useConsole } from '../../kit/rpc/console-context.tsx';
import { useCall } from '../../kit/rpc/use-call.ts';
import type { BulkSource } from './sources.ts';

/** How far core is with reading the targets; null where it does not read. */
export type PrepareProgress = Pick<CallOutput<'tasks.list'>[number], 'done' | 'total'> | null;

/**
 * Prepares a bulk run and opens its page. Reading thousands of targets takes a while: it tells how far
 * it is, and can be cancelled.
 * @param onOpened told before the run's page is opened: closes a dialog
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
    cancel: () => {
      abort.current?.abort();
      setRunning(false);
    },
  };
}

/** What {@link usePrepare} yields. */
export type PrepareState = ReturnType<typeof usePrepare>;
