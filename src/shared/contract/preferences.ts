import { z } from 'zod';
import { defineCall, nothing } from './define.ts';

/** Characters of JSON that one preference may take. */
const longestPreference = 32_768;

/** `theme`, `views/<id>`, `columns/<connection>/<table>`. */
const preferenceKey = z.string().regex(/^[a-z][A-Za-z0-9._:/-]{0,199}$/);

/** By key: what the interface wrote. */
export const preferenceValues = z.record(preferenceKey, z.unknown());

const preferenceChanges = z.record(
  preferenceKey,
  z.unknown().refine(isShortJson, 'a shorter value'),
);

function isShortJson(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= longestPreference;
  } catch {
    return false; // no JSON at all
  }
}

/**
 * What the operators of this console selected about its interface: theme, columns, saved views. Core
 * keeps it, whichever window or port it is read from, and leaves its meaning to the interface.
 */
export const preferencesContract = {
  'preferences.get': defineCall({ input: z.object({}), output: preferenceValues }),
  /** Changes the named preferences alone; null takes one away. Answers once they are on disk. */
  'preferences.set': defineCall({
    input: z.object({ changes: preferenceChanges }),
    output: nothing,
    writes: true,
  }),
};
