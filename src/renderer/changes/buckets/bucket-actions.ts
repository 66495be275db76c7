import type { ActionEntry } from '../../kit/detail/sections.tsx';
import type { RowOf } from '../../lists/table/page-reader.ts';
import { editLimitsOf, editQuotaOf } from '../limits/edit-when-read.tsx';
import { openRemoveBucket } from './remove-bucket.tsx';

/** What an action on one bucket knows of it: rows of the list and the detail alike have it. */
export type BucketSubject = Pick<
  RowOf<'buckets.list'>,
  'name' | 'ownerId' | 'ownerEmail' | 'currentBytes'
>;

/** Actions on one bucket, in its detail and on its row. */
export const bucketActions: readonly ActionEntry<BucketSubject>[] = [
  {
    id: 'quotas.set',
    label: () => 'Set quota',
    writes: true,
    shortcut: 'e',
    start: ({ name }) => editQuotaOf({ bucket: name }),
  },
  {
    id: 'limits.set',
    label: () => 'Set rate limits',
    writes: true,
    start: ({ name }) => editLimitsOf({ bucket: name }),
  },
  {
    id: 'buckets.remove',
    label: () => 'Remove bucket',
    destructive: true,
    writes: true,
    start: ({ name }) => openRemoveBucket(name),
  },
];
