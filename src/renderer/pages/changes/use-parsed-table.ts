import { useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';

/** A table as core reads it. */
export type ParsedTable = CallOutput<'bulk.parse'>;

interface Known {
  text: string;
  table: ParsedTable | null;
  error: AppError | null;
}

const pause = 350;
const nothing: Known = { text: '', table: null, error: null };

/**
 * What core makes of a table's text, again after each pause in typing. Nothing is cached.
 * @returns `current`: whether it is of the text as it is now
 */
export function useParsedTable(text: string) {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [known, setKnown] = useState<Known>(nothing);
  useEffect(() => {
    if (text.trim() === '') {
      setKnown({ ...nothing, text });
      return;
    }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const table = await call('bulk.parse', { connectionId, text }, abort.signal);
        if (!abort.signal.aborted) setKnown({ text, table, error: null });
      } catch (thrown) {
        if (!abort.signal.aborted) setKnown({ text, table: null, error: toAppError(thrown) });
      }
    }, pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, call, connectionId]);
  return { table: known.table, error: known.error, current: known.text === text };
}
