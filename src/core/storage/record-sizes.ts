import type { Archives } from '../archive/archives.ts';
import type { SizeSample } from '../archive/queries/sizes.ts';

/** Records what a refresh found, once it is in the snapshot. Sizes in bytes. */
export type RecordSizes = (connectionId: string, sample: SizeSample) => Promise<void>;

/** Keeps sizes in the archive of the connection; only what changed since the last time is written. */
export function createRecordSizes(archives: Archives): RecordSizes {
  return async (connectionId, sample) => {
    const archive = await archives.get(connectionId);
    await archive.write('recordSizes', sample);
  };
}
