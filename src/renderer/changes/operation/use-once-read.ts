import { useEffect, useRef } from 'react';
import { useActHere } from '../../kit/components/acting-cluster.tsx';
import { beginPlanned } from '../../kit/stores/dialogs.ts';
import { usePlanMode } from '../../kit/stores/plan-mode.tsx';

/**
 * Lets a dialog that only reads what another one begins with make way for it, once it is read; the
 * other opens in the same mode, on the same cluster.
 */
export function useOnceRead<Value>(
  value: Value | undefined,
  onClose: () => void,
  start: (value: Value) => void,
): void {
  const done = useRef(false);
  const { planned } = usePlanMode();
  const actHere = useActHere();
  useEffect(() => {
    if (!value || done.current) return;
    done.current = true;
    onClose();
    const begin = () => actHere(() => start(value));
    if (planned) beginPlanned(begin);
    else begin();
  });
}
