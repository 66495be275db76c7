import type { DatabaseSync } from 'node:sqlite';
import type { GatewayBucket } from '../../../gateway/model/gateway.ts';
import { readBucket } from '../../../gateway/model/read-bucket.ts';
import { isJsonObject } from '../../../gateway/model/read-fields.ts';
import { PackedNamesWriter } from '../orders/packed-names.ts';
import { BucketOrderBuilder } from './bucket-order-builder.ts';
import { BucketScanner, type ExactInteger } from './bucket-scanner.ts';
import type { CarryOver } from './carry-over.ts';
import type { ElementSink } from './list-reader.ts';
import { ExactSums, RowInserter } from './row-inserter.ts';
import { nameOfRow, type RowTroubles } from './row-troubles.ts';
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

interface BucketWriterOptions {
  database: DatabaseSync;
  users: StagedUsers;
  /** What the snapshot before knows of buckets. */
  carried: CarryOver;
  /** Taken for buckets that were never seen before. */
  asOf: number;
  /** Called with rows that can't be read, and with figures that can't be true. */
  troubles: RowTroubles;
}

/** Stored in place of a figure that can't be true: no figure is below zero. */
const unknownFigure = -1n;

type Sizes = 'currentBytes' | 'peakBytes' | 'byteIntegral' | 'lastHour' | 'epoch';

type WrittenSizes = Omit<GatewayBucket, Sizes> & Pick<BucketScanner, Sizes>;

function known(figure: ExactInteger): ExactInteger {
  return figure < 0 ? 0 : figure;
}

/** Writes buckets to the table `bucket` as they are read, and counts them for their owners. */
export class BucketWriter implements ElementSink {
  readonly #options: BucketWriterOptions;
  readonly #rows: RowInserter;
  readonly #names: PackedNamesWriter;
  readonly #orders: BucketOrderBuilder;
  readonly #scanner = new BucketScanner();
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array = new Uint8Array(0);
  #text = '';
  #count = 0;
  #empty = 0;
  #kept = 0;
  /** Why the first row that can't be read could not. */
  #failure: unknown;
  /** Of current and of peak bytes. */
  readonly #sums = new ExactSums(2);

  constructor(options: BucketWriterOptions) {
    this.#options = options;
    this.#rows = new RowInserter(options.database, 'bucket', columns);
    this.#names = new PackedNamesWriter(options.database);
    this.#orders = new BucketOrderBuilder(options.carried.nameOrder);
  }

  /** How many of those seen before are there again. */
  get kept(): number {
    return this.#kept;
  }

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
      const bucket = this.#read(element);
      if (!bucket) continue;
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

  setAside(thrown: unknown, element?: unknown): void {
    const position = this.#count + this.#options.troubles.all.setAside.total + 1;
    const row = isJsonObject(element) ? element : null;
    const name = nameOfRow(row, ['name', 'owner_id'], position);
    this.#options.troubles.setAside('buckets', name, thrown);
    this.#failure ??= thrown;
  }

  /** @throws what the first row threw, where none of the list can be read */
  end(): void {
    if (this.#count === 0 && this.#failure !== undefined) throw this.#failure;
  }

  flush(): void {
    this.#rows.flush();
    this.#names.flush();
  }

  writeOrders(): void {
    this.#orders.writeIntegers(this.#options.database);
  }

  writeNameOrder(): void {
    this.#orders.writeNames(this.#options.database, this.#count);
  }

  #read(element: unknown): WrittenSizes | null {
    const implausible: [field: string, value: string][] = [];
    try {
      const bucket = readBucket(element, (field, value) => implausible.push([field, value]));
      for (const [field, value] of implausible) {
        this.#options.troubles.implausible('buckets', bucket.name, field, value);
      }
      return {
        ...bucket,
        epoch: bucket.epoch ?? unknownFigure,
        currentBytes: bucket.currentBytes ?? unknownFigure,
        peakBytes: bucket.peakBytes ?? unknownFigure,
        byteIntegral: bucket.byteIntegral ?? unknownFigure,
      };
    } catch (thrown) {
      this.setAside(thrown, element);
      return null;
    }
  }

  #firstSeen(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#options.carried.buckets.find(bytes, start, end);
    if (known >= 0) this.#kept += 1;
    const seen = known < 0 ? this.#options.asOf : known;
    this.#names.add(bytes, start, end, seen);
    return seen;
  }

  #write(
    size: Pick<BucketScanner, Sizes>,
    bucket: {
      name: string;
      owner: number | null;
      ownerId: string | null;
      createdAt: number | null;
      seen: number;
    },
  ): void {
    const { currentBytes, peakBytes } = size;
    const [current, peak] = [known(currentBytes), known(peakBytes)];
    if (bucket.owner !== null) this.#options.users.addBucket(bucket.owner, current, peak);
    this.#count += 1;
    if (Number(currentBytes) === 0) this.#empty += 1;
    this.#sums.add(0, current);
    this.#sums.add(1, peak);
    const { owner, createdAt } = bucket;
    const formerId = this.#options.carried.buckets.foundId;
    const { lastHour } = size;
    this.#orders.add({ owner, currentBytes, peakBytes, createdAt, lastHour, formerId });
    const rows = this.#rows;
    rows.value(bucket.name);
    rows.value(bucket.owner);
    rows.value(bucket.ownerId);
    rows.value(currentBytes);
    rows.value(peakBytes);
    rows.value(size.byteIntegral);
    rows.value(size.lastHour);
    rows.value(bucket.createdAt);
    rows.value(size.epoch);
    rows.value(bucket.seen);
  }
}
