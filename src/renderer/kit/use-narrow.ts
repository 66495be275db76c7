import { useMediaQuery } from '@mantine/hooks';

/** Returns whether the window is so narrow, or zoomed so far, that icons replace words. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
}

/** Returns whether the window is so low, or zoomed so far, that floating elements have one line at most. */
export function useLow(): boolean {
  return useMediaQuery('(max-height: 560px)', false, { getInitialValueInEffect: false });
}
