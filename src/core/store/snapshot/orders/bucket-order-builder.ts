import type { DatabaseSync } from 'node:sqlite';
import type { ExactInteger } from '../refresh/bucket-scanner.ts';
import { IntegerColumn } from './integer-column.ts';
import { readIds } from './read-ids.ts';
import { StoredOrders } from './stored-orders.ts';

const integerColumns = ['owner', 'current_bytes', 'peak_bytes', 'created_at', 'last_hour'] as const;

/** What a bucket is sorted by, beside its name. */
export interface BucketSortValues {
  /** The user's number, which follows the order of e-mails. */
  owner: number | null;
  currentBytes: ExactInteger;
  peakBytes: ExactInteger;
  /** Milliseconds since the Unix epoch. */
  createdAt: number | null;
  lastHour: ExactInteger;
}

/** Gathers what buckets are sorted by while a refresh writes them, and then writes their orders. */
export class BucketOrderBuilder {
  readonly #columns = {
    owner: new IntegerColumn(),
    current_bytes: new IntegerColumn(),
    peak_bytes: new IntegerColumn(),
    created_at: new IntegerColumn(),
    last_hour: new IntegerColumn(),
  };

  /** Adds the next bucket, in the order of their ids. */
  add(bucket: BucketSortValues): void {
    const columns = this.#columns;
    columns.owner.add(bucket.owner);
    columns.current_bytes.add(bucket.currentBytes);
    columns.peak_bytes.add(bucket.peakBytes);
    columns.created_at.add(bucket.createdAt);
    columns.last_hour.add(bucket.lastHour);
  }

  /** Writes the orders by integers. */
  writeIntegers(database: DatabaseSync): void {
    const orders = new StoredOrders(database);
    for (const column of integerColumns) orders.write(column, this.#columns[column].sortedIds());
  }

  /** Writes the order by names, which is read from the index of names. */
  writeNames(database: DatabaseSync, count: number): void {
    const ids = new Uint32Array(count);
    let length = 0;
    readIds(database, 'SELECT id FROM bucket ORDER BY name, id', [], (id) => {
      ids[length++] = id;
    });
    new StoredOrders(database).write('name', ids);
  }
}
