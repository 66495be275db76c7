import type { HandlersOf } from '#shared/contract/index.ts';
import type { Archives } from '../archive/archives.ts';
import { readHistory } from './history.ts';

/** Handlers of `storage.*`. */
export function storageHandlers({ archives }: { archives: Archives }): HandlersOf<'storage'> {
  return {
    'storage.history': async ({ connectionId, ...input }) =>
      readHistory(await archives.get(connectionId), input),
  };
}
