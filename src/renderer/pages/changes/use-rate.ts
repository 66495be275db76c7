import { useEffect, useRef, useState } from 'react';

const span = 10_000;

interface Sample {
  at: number;
  done: number;
}

/**
 * How fast a count grows, from what was seen of it in the last ten seconds.
 * @returns so many a second; null while there is too little to tell
 */
export function useRate(done: number, running: boolean): number | null {
  const samples = useRef<Sample[]>([]);
  const [rate, setRate] = useState<number | null>(null);
  useEffect(() => {
    if (!running) {
      samples.current = [];
      setRate(null);
      return;
    }
    const now = Date.now();
    samples.current = [...samples.current.filter(({ at }) => now - at < span), { at: now, done }];
    const [first] = samples.current;
    if (!first || now - first.at < 1000) return;
    setRate(((done - first.done) * 1000) / (now - first.at));
  }, [done, running]);
  return rate;
}
