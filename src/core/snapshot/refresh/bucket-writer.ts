import type { DatabaseSync } from 'node:sqlite';
import { readBucket } from '../../gateway/read-bucket.ts';
import { foreignAnswer } from '../../gateway/read-fields.ts';
import { BucketOrderBuilder } from '../orders/bucket-order-builder.ts';
import { BucketScanner } from './bucket-scanner.ts';
import { ExactSums, storable } from './exact-integer.ts';
import type { FirstSeenNames } from './first-seen-names.ts';
import type { ElementSink } from './list-reader.ts';
import { PackedNamesWriter } from './packed-names.ts';
import { RowInserter } from './row-inserter.ts';
import type { StagedUsers } from './staged-users.ts';

const columns = [
  'name',
  'owner',
  'owner_id',
  'current_bytes',
  'peak_bytes',
  'byte_integral',
  'last_hour',
  'created_at',
  'epoch',
  'first_seen',
];

/** What {@link BucketWriter} works with. */
export interface BucketWriterOptions {
  database: DatabaseSync;
  users: StagedUsers;
  /** When buckets were first seen, by name. */
  firstSeen: FirstSeenNames;
  /** Taken for buckets that were never seen before. */
  asOf: number;
}

/** Writes buckets to the table `bucket` as they are read, and counts them for their owners. */
export class BucketWriter implements ElementSink {
  readonly #options: BucketWriterOptions;
  readonly #rows: RowInserter;
  readonly #names: PackedNamesWriter;
  readonly #orders = new BucketOrderBuilder();
  readonly #scanner = new BucketScanner();
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array = new Uint8Array(0);
  #text = '';
  #count = 0;
  #empty = 0;
  /** Of current and of peak bytes. */
  readonly #sums = new ExactSums(2);

  constructor(options: BucketWriterOptions) {
    this.#options = options;
    this.#rows = new RowInserter(options.database, 'bucket', columns);
    this.#names = new PackedNamesWriter(options.database);
  }

  /** Figures of all buckets together. */
  get totals() {
    return {
      buckets: this.#count,
      emptyBuckets: this.#empty,
      currentBytes: this.#sums.get(0),
      peakBytes: this.#sums.get(1),
    };
  }

  scan(bytes: Uint8Array, start: number): number {
    if (bytes !== this.#bytes) {
      // One text for all: its slices cost far less than a text made from bytes for every name.
      this.#bytes = bytes;
      this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      this.#scanner.setBytes(bytes, this.#text);
    }
    return this.#scanner.scan(start);
  }

  takeScanned(): void {
    const { nameStart, nameEnd, ownerStart, ownerEnd } = this.#scanner;
    const name = this.#text.slice(nameStart, nameEnd);
    const owner = this.#options.users.find(this.#bytes, ownerStart, ownerEnd);
    const ownerId = owner < 0 ? this.#text.slice(ownerStart, ownerEnd) : null;
    const seen = this.#firstSeen(this.#bytes, nameStart, nameEnd);
    const { createdAt } = this.#scanner;
    this.#write(this.#scanner, {
      name,
      owner: owner < 0 ? null : owner,
      ownerId,
      createdAt: Number.isNaN(createdAt) ? null : createdAt,
      seen,
    });
  }

  take(elements: readonly unknown[]): void {
    for (const element of elements) {
      const bucket = readBucket(element);
      const nameBytes = this.#encoder.encode(bucket.name);
      const ownerBytes = this.#encoder.encode(bucket.ownerId);
      const owner = this.#options.users.find(ownerBytes, 0, ownerBytes.length);
      this.#write(bucket, {
        name: bucket.name,
        owner: owner < 0 ? null : owner,
        ownerId: owner < 0 ? bucket.ownerId : null,
        createdAt: bucket.createdAt === null ? null : Date.parse(bucket.createdAt),
        seen: this.#firstSeen(nameBytes, 0, nameBytes.length),
      });
    }
  }

  /** Writes what waits. */
  flush(): void {
    this.#rows.flush();
    this.#names.flush();
  }

  /** Writes the orders by integers. */
  writeOrders(): void {
    this.#orders.writeIntegers(this.#options.database);
  }

  /** Writes the order by names, along the index of names. */
  writeNameOrder(): void {
    this.#orders.writeNames(this.#options.database, this.#count);
  }

  #firstSeen(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#options.firstSeen.find(bytes, start, end);
    const seen = known < 0 ? this.#options.asOf : known;
    this.#names.add(bytes, start, end, seen);
    return seen;
  }

  #write(
    size: Pick<BucketScanner, 'currentBytes' | 'peakBytes' | 'byteIntegral' | 'lastHour' | 'epoch'>,
    bucket: {
      name: string;
      owner: number | null;
      ownerId: string | null;
      createdAt: number | null;
      seen: number;
    },
  ): void {
    const { currentBytes, peakBytes } = size;
    if (!Number.isSafeInteger(Number(size.lastHour)))
      throw foreignAnswer('the hour "size.last_ts"');
    if (bucket.owner !== null) this.#options.users.addBucket(bucket.owner, currentBytes, peakBytes);
    this.#count += 1;
    if (Number(currentBytes) === 0) this.#empty += 1;
    this.#sums.add(0, currentBytes);
    this.#sums.add(1, peakBytes);
    const { owner, createdAt } = bucket;
    this.#orders.add({ owner, currentBytes, peakBytes, createdAt, lastHour: size.lastHour });
    const rows = this.#rows;
    rows.value(bucket.name);
    rows.value(bucket.owner);
    rows.value(bucket.ownerId);
    rows.value(storable(currentBytes, 'size.current'));
    rows.value(storable(peakBytes, 'size.hmax'));
    rows.value(storable(size.byteIntegral, 'size.h_integral'));
    rows.value(size.lastHour);
    rows.value(bucket.createdAt);
    rows.value(storable(size.epoch, 'epoch'));
    rows.value(bucket.seen);
  }
}
