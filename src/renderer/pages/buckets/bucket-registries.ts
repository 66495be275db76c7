import type { CallOutput } from '#shared/contract/index.ts';
import type { ActionEntry, BulkEntry, SectionEntry } from '../../kit/detail/detail-entries.ts';
import { createRegistry } from '../../kit/registry.ts';
import type { BucketRow } from './columns.tsx';

/** A bucket as the detail shows it. */
export type Bucket = CallOutput<'buckets.get'>;

/**
 * Sections of the bucket's detail, panel and page alike. Orders: 10 owner, 20 size, 30 quota and limits,
 * 40 usage, 50 origin, 60 history.
 */
export const bucketSections = createRegistry<SectionEntry<Bucket>>();

/** What an action on one bucket knows of it: rows of the list and the detail alike have it. */
export type BucketSubject = Pick<BucketRow, 'name' | 'ownerId' | 'ownerEmail' | 'currentBytes'>;

/** Actions on one bucket, in its detail and on its row. */
export const bucketActions = createRegistry<ActionEntry<BucketSubject>>();

/** Actions on the buckets chosen in the list. */
export const bucketBulkActions = createRegistry<BulkEntry<BucketRow>>();
