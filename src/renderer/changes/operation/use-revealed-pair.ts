import { useState } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { type AppError, toAppError } from '#shared/errors.ts';
import { useCluster } from '../../kit/cluster-context.tsx';
import { useConsole } from '../../kit/rpc/console-context.tsx';

/** A key pair that was made and whose secret nobody has seen yet. */
export type MadePair = NonNullable<CallOutput<'operations.recheck'>['madePair']>;

/** A pair with its secret, held by the dialog that shows it alone. */
export interface RevealedPair {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Fetches the secret of a pair when asked to; a failure can be tried again. */
export function useRevealedPair() {
  const call = useConsole();
  const { id: connectionId } = useCluster();
  const [revealed, setRevealed] = useState<RevealedPair | null>(null);
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const reveal = async (pair: MadePair): Promise<void> => {
    setRunning(true);
    setError(null);
    try {
      setRevealed(await call('keys.reveal', { connectionId, ...pair }));
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setRunning(false);
    }
  };
  return { revealed, running, error, reveal };
}
