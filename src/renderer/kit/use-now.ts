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
