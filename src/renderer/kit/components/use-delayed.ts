import { useEffect, useState } from 'react';

/**
 * True once `on` has been true for so long: what loads quickly shows no placeholder at all.
 * @param delay milliseconds
 */
export function useDelayed(on: boolean, delay: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!on) {
      setPassed(false);
      return;
    }
    const timer = setTimeout(() => setPassed(true), delay);
    return () => clearTimeout(timer);
  }, [on, delay]);
  return on && passed;
}
