import type { DatabaseSync } from 'node:sqlite';
import { readBucket } from '../../gateway/read-bucket.ts';
import { foreignAnswer } from '../../gateway/read-fields.ts';
import { BucketScanner, type ExactInteger } from './bucket-scanner.ts';
import { addExact, storable } from './exact-integer.ts';
import type { ElementSink } from './list-reader.ts';
import type { NameTable } from './name-table.ts';
import { PackedNamesWriter } from './packed-names.ts';
import { RowInserter } from './row-inserter.ts';
import type { StagedUsers } from './staged-users.ts';

const columns = 11;

/** What {@link BucketWriter} works with. */
export interface BucketWriterOptions {
  database: DatabaseSync;
  users: StagedUsers;
  /** When buckets were first seen, by name. */
  firstSeen: NameTable;
  /** Taken for buckets that were never seen before. */
  asOf: number;
}

/** Writes buckets to the table `bucket` as they are read, and counts them for their owners. */
export class BucketWriter implements ElementSink {
  readonly #options: BucketWriterOptions;
  readonly #rows: RowInserter;
  readonly #names: PackedNamesWriter;
  readonly #scanner = new BucketScanner();
  readonly #encoder = new TextEncoder();
  #bytes: Buffer = Buffer.alloc(0);
  #count = 0;
  #empty = 0;
  #currentBytes: ExactInteger = 0;
  #peakBytes: ExactInteger = 0;

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
      currentBytes: this.#currentBytes,
      peakBytes: this.#peakBytes,
    };
  }

  scan(bytes: Uint8Array, start: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return this.#scanner.scan(this.#bytes, start);
  }

  takeScanned(): void {
    const { nameStart, nameEnd, ownerStart, ownerEnd } = this.#scanner;
    const name = this.#bytes.toString('latin1', nameStart, nameEnd);
    const owner = this.#options.users.find(this.#bytes, ownerStart, ownerEnd);
    const ownerId = owner < 0 ? this.#bytes.toString('latin1', ownerStart, ownerEnd) : null;
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

  #firstSeen(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#options.firstSeen.get(bytes, start, end);
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
    this.#currentBytes = addExact(this.#currentBytes, currentBytes);
    this.#peakBytes = addExact(this.#peakBytes, peakBytes);
    const rows = this.#rows;
    rows.value(this.#count);
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
    rows.endRow();
  }
}
