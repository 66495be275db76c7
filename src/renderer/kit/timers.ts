import { useEffect, useState } from 'react';

/**
 * The present, again every so often.
 * @param every milliseconds between two readings
 * @returns milliseconds since the Unix epoch
 */
export function useNow(every = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

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
