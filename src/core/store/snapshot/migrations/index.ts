import type { Migration } from '../../sqlite/database.ts';
import { usersAndBuckets } from './0001-users-and-buckets.ts';
import { bucketOrders } from './0002-bucket-orders.ts';
import { composedSearch } from './0003-composed-search.ts';
import { targetValues } from './0004-target-values.ts';
import { listFigures } from './0005-list-figures.ts';

/** Every migration of the snapshot, in order. A file that is missing here fails a test. */
export const snapshotMigrations: readonly Migration[] = [
  usersAndBuckets,
  bucketOrders,
  composedSearch,
  targetValues,
  listFigures,
];
