import { createContext, useContext } from 'react';
import { type Preferences, usePreferences } from './preferences.ts';

type Clock = Preferences['clock'];

/** The clock of a part of the interface whose days are others than the operator's: a bill's are UTC. */
export const ClockScope = createContext<Clock | null>(null);

/** Returns the clock by which times are shown here. */
export function useClock(): Clock {
  const preferred = usePreferences(({ clock }) => clock);
  return useContext(ClockScope) ?? preferred;
}
