import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';

export type OperationName = CallInput<'operations.preview'>['operation'];

export type OperationPreview = CallOutput<'operations.preview'>;

/** An operation's own input, without what every write takes. */
export type OwnInput<Name extends OperationName> = Omit<
  CallInput<Name>,
  'connectionId' | 'expected' | 'ticket' | 'typedName'
>;

interface Known {
  key: string | null;
  preview: OperationPreview | null;
  error: AppError | null;
}

export interface PreviewState extends Omit<Known, 'key'> {
  /** Whether it is of the input as it is now; false while another is on its way. */
  current: boolean;
  /** Reads the target again. */
  renew(): void;
}

/**
 * Asks core what an operation would do, again whenever its input changes. The preview before stays
 * while another is on its way. Nothing is cached.
 * @param input null: not complete yet, then nothing is asked
 * @param readFrom `snapshot`: as last seen, for a plan
 * @param delay milliseconds to wait after a change of the input, for forms: not before the first
 * preview, nor where it was asked for
 */
export function usePreview<Name extends OperationName>(
  operation: Name,
  input: OwnInput<Name> | null,
  delay: number,
  readFrom: 'gateway' | 'snapshot' = 'gateway',
): PreviewState {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [round, setRound] = useState(0);
  const [known, setKnown] = useState<Known>({ key: null, preview: null, error: null });
  const key = input === null ? null : JSON.stringify([operation, input, round, readFrom]);

  const ask = useEffectEvent(async (signal: AbortSignal) => {
    try {
      const preview = await call(
        'operations.preview',
        {
          connectionId,
          operation,
          input: { ...input },
          ...(readFrom === 'snapshot' ? { readFrom } : {}),
        },
        signal,
      );
      if (!signal.aborted) setKnown({ key, preview, error: null });
    } catch (thrown) {
      if (!signal.aborted) setKnown({ key, preview: null, error: toAppError(thrown) });
    }
  });
  const askedRound = useRef<number | null>(null);
  useEffect(() => {
    const typing = askedRound.current === round;
    askedRound.current = round;
    if (key === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => void ask(abort.signal), typing ? delay : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, round, delay]);

  return {
    preview: key === null ? null : known.preview,
    error: key === null ? null : known.error,
    current: key !== null && known.key === key,
    renew: () => setRound((before) => before + 1),
  };
}
