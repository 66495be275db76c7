import { useMediaQuery } from '@mantine/hooks';

/** Returns whether the window is so narrow, or so much enlarged, that words give way to icons. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
}

/** Returns whether the window is so low, or so much enlarged, that what floats has one line at most. */
export function useLow(): boolean {
  return useMediaQuery('(max-height: 560px)', false, { getInitialValueInEffect: false });
}
