import { useEffect, useRef } from 'react';
import { create } from 'zustand';

/** How often the console was secured since the page was loaded; secrets are hidden each time. */
const useSecured = create<{ times: number }>()(() => ({ times: 0 }));

/** Notes that the console was secured: the screen was locked, or it was idle. */
export function noteSecured(): void {
  useSecured.setState(({ times }) => ({ times: times + 1 }));
}

/**
 * Begins to fetch a secret.
 * @returns asked when it is here: whether it may be shown, as the console was not secured meanwhile
 */
export function whileUnsecured(): () => boolean {
  const { times } = useSecured.getState();
  return () => useSecured.getState().times === times;
}

/** Calls `hide` whenever the console is secured from now on. */
export function useWhenSecured(hide: () => void): void {
  const times = useSecured((state) => state.times);
  const seen = useRef(times);
  const latest = useRef(hide);
  latest.current = hide;
  useEffect(() => {
    if (seen.current !== times) latest.current();
    seen.current = times;
  }, [times]);
}
