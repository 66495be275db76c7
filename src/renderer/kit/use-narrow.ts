import { useMediaQuery } from '@mantine/hooks';

/** Returns whether the window is so narrow, or so much enlarged, that words give way to icons. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
}
