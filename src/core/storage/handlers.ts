import type { HandlersOf } from '#shared/contract/index.ts';
import type { Archives } from '../archive/archives.ts';
import { millisecondsToIso } from '../usage/report-period.ts';
import { readHistory } from './history.ts';
import type { SizeRecords } from './size-records.ts';

/** Handlers of `storage.*`. */
export function storageHandlers({
  archives,
  sizes,
}: {
  archives: Archives;
  sizes: SizeRecords;
}): HandlersOf<'storage'> {
  return {
    'storage.lastSample': async ({ connectionId }) => {
      const { at, error } = await sizes.lastSample(connectionId);
      return {
        sampledAt: at === null ? null : millisecondsToIso(at),
        ...(error ? { error: error.toData() } : {}),
      };
    },
    'storage.history': async ({ connectionId, ...input }) =>
      readHistory(await archives.get(connectionId), input),
  };
}
