import { z } from 'zod';
import { appErrorData, timestamp, wireInteger } from './define.ts';

/** What one figure consists of: operations by kind, bytes in and out. */
export const usageCounters = {
  put: wireInteger,
  get: wireInteger,
  list: wireInteger,
  other: wireInteger,
  /** Bytes in. */
  uploaded: wireInteger,
  /** Bytes out. */
  downloaded: wireInteger,
};

/** Name of a statistics object: `s3-usage-<service>-<start>-<period>`. */
export const usageObjectName = z.string().regex(/^s3-usage-[\x21-\x7e]{1,300}$/);

/** A statistics object as the gateway's list names it. */
export const listedObject = z.object({
  name: z.string(),
  serviceId: z.string(),
  startAt: timestamp,
  /** Seconds, from the name; what was really counted may differ. */
  period: z.int(),
  /** `closed` can be collected; `growing` may still change and is skipped. */
  state: z.enum(['closed', 'growing']),
  archived: z.boolean(),
  /** Archived, past all change and without a conflict: may be removed from the gateway. */
  removable: z.boolean(),
  /** Why it could not be collected last time. */
  failure: appErrorData.optional(),
});

export const archivedObject = z.object({
  name: z.string(),
  serviceId: z.string(),
  startAt: timestamp,
  /** Seconds that were really counted. */
  period: z.int(),
  /** SHA-256 of the raw object, hexadecimal. */
  digest: z.string(),
  bytes: z.int(),
  items: z.int(),
  collectedAt: timestamp,
  /** When the gateway confirmed its deletion; null while it may still be there. */
  removedAt: timestamp.nullable(),
  late: z.boolean(),
  /** False: read so soon after its period that it is read once more before it is relied on. */
  settled: z.boolean(),
  /** Copies of other content that wait for a decision. */
  conflicts: z.int(),
});

/** One entry of a statistics object. `bucket` is empty for what was not of a bucket. */
export const usageItemRow = z.object({
  bucket: z.string(),
  epoch: wireInteger,
  userId: z.string(),
  email: z.string().nullable(),
  tag: z.string(),
  ...usageCounters,
});

/** Another content under the name of an archived object, kept next to it. */
export const usageVariant = z.object({
  name: z.string(),
  digest: z.string(),
  bytes: z.int(),
  foundAt: timestamp,
  /** Null while nobody decided. `superseded`: read before its time, and grown since. */
  resolution: z.enum(['kept-archived', 'took-variant', 'superseded']).nullable(),
  resolvedAt: timestamp.nullable(),
});

export const collectFailure = z.object({
  name: z.string(),
  stage: z.enum(['fetch', 'read', 'archive', 'remove', 'conflict']),
  error: appErrorData,
  attempts: z.int(),
  failedAt: timestamp,
});

/**
 * Why a collection deletes nothing, or no more, though it is to: the connection may not write, or the
 * gateway sends no `Date` (`no-date`), so that nobody can tell what may still grow.
 */
const removalHeldBack = z.enum(['locked', 'read-only', 'no-date']).nullable();

export const collectResult = z.object({
  /** Newly archived. */
  collected: z.int(),
  /** Archived before, or skipped because they may still grow. */
  skipped: z.int(),
  /** Deleted on the gateway, each after it was archived. */
  removed: z.int(),
  /** Why nothing was deleted though it was to be, or nothing more from some moment on; see `removalHeldBack`. */
  removalHeldBack,
  failed: z.int(),
  /** Of `failed`: they arrived and could not be read. Set aside on the gateway, named in `failures`. */
  setAside: z.int().default(0),
  /** Of `skipped`: periods that may still grow. */
  growing: z.int(),
  /** Archived so soon after their period that they are read once more before they are relied on. */
  unsettled: z.int().default(0),
  /** What the run learned of the clocks. */
  clock: z
    .object({
      /** Whether the gateway's answers had a `Date`. Without one nothing settles or is deleted. */
      dates: z.enum(['all', 'some', 'none']),
      /** This computer's clock ahead of the gateway's (negative: behind), where by more than 60 s. */
      aheadSeconds: z.int().nullable(),
      /** What is to be said of it; null where all is well. */
      words: z.string().nullable(),
    })
    .default({ dates: 'all', aheadSeconds: null, words: null }),
  /** Names in the list that are no statistics objects of a believable time: skipped. */
  ignored: z.array(z.string()),
  /** Whether the gateway's list could be read to its end. */
  listComplete: z.boolean(),
  /** The first 1,000; all of them by `usage.failures`. */
  failures: z.array(collectFailure),
  bytes: z.int(),
  milliseconds: z.int(),
});
