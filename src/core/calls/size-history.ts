import type { HandlersOf } from '#shared/contract/index.ts';
import type { Archives } from '../clusters/archives.ts';
import { millisecondsToIso } from '../usage/coverage/report-period.ts';
import { readHistory } from '../usage/size-history/history.ts';
import type { SizeRecords } from '../usage/size-history/size-records.ts';

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
