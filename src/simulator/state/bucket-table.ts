/** A bucket of the simulated cluster. Sizes in bytes. */
export interface SimulatedBucket {
  name: string;
  ownerId: string;
  epoch: number;
  /** Milliseconds since the Unix epoch. */
  createdAt: number;
  currentBytes: bigint;
  /** Highest size within the hour `lastHour`. */
  peakBytes: bigint;
  /** `h_integral`. */
  byteIntegral: bigint;
  /** Whole hours since the Unix epoch. */
  lastHour: number;
}

/**
 * The buckets of the simulated cluster, in columns: half a million of them are a few dozen megabytes.
 * Rows are never reused; a removed one keeps its number, so that it can still be seen while readings lag.
 */
export class BucketTable {
  private capacity = 1024;
  private count = 0;
  private removedCount = 0;
  private readonly names: string[] = [];
  private readonly rowByName = new Map<string, number>();
  private readonly ownerNumbers = new Map<string, number>();
  private readonly ownerIds: string[] = [];
  private readonly countByOwner = new Map<string, number>();
  private readonly removedAt = new Map<number, number>();
  private readonly addedAt = new Map<number, number>();
  private owners = new Uint32Array(this.capacity);
  private epochs = new Float64Array(this.capacity);
  private created = new Float64Array(this.capacity);
  private lastHours = new Uint32Array(this.capacity);
  private current = new BigInt64Array(this.capacity);
  private peak = new BigInt64Array(this.capacity);
  private integral = new BigInt64Array(this.capacity);
  private readonly staleMs: () => number;
  /** Counts every write. */
  revision = 0;

  constructor(staleMs: () => number) {
    this.staleMs = staleMs;
  }

  get size(): number {
    return this.count - this.removedCount;
  }

  /** Adds a bucket under a name that is free. */
  add(bucket: SimulatedBucket): void {
    const row = this.count;
    if (row === this.capacity) this.grow();
    this.count += 1;
    this.names.push(bucket.name);
    this.rowByName.set(bucket.name, row);
    this.owners[row] = this.numberOfOwner(bucket.ownerId);
    this.countByOwner.set(bucket.ownerId, this.countOwnedBy(bucket.ownerId) + 1);
    this.epochs[row] = bucket.epoch;
    this.created[row] = bucket.createdAt;
    this.lastHours[row] = bucket.lastHour;
    this.current[row] = bucket.currentBytes;
    this.peak[row] = bucket.peakBytes;
    this.integral[row] = bucket.byteIntegral;
    if (this.staleMs() > 0) this.addedAt.set(row, Date.now());
    this.revision += 1;
  }

  /** Changes sizes of a bucket that exists. */
  resize(name: string, currentBytes: bigint, lastHour: number): void {
    const row = this.rowByName.get(name);
    if (row === undefined) return;
    this.current[row] = currentBytes;
    if (currentBytes > (this.peak[row] ?? 0n)) this.peak[row] = currentBytes;
    this.lastHours[row] = lastHour;
    this.revision += 1;
  }

  remove(name: string): void {
    const row = this.rowByName.get(name);
    if (row === undefined) return;
    this.rowByName.delete(name);
    const ownerId = this.ownerIds[this.owners[row] ?? 0] ?? '';
    this.countByOwner.set(ownerId, this.countOwnedBy(ownerId) - 1);
    this.removedAt.set(row, Date.now());
    this.removedCount += 1;
    this.revision += 1;
  }

  get(name: string): SimulatedBucket | undefined {
    const row = this.rowByName.get(name);
    return row === undefined ? undefined : this.at(row);
  }

  /** The bucket as a reading shows it. */
  read(name: string): SimulatedBucket | undefined {
    const row = this.rowByName.get(name);
    if (row !== undefined) return this.visible(row) ? this.at(row) : undefined;
    for (const removed of this.removedAt.keys()) {
      if (this.names[removed] === name && this.visible(removed)) return this.at(removed);
    }
    return undefined;
  }

  countOwnedBy(ownerId: string): number {
    return this.countByOwner.get(ownerId) ?? 0;
  }

  /** Every bucket a list shows, in the order of creation; of one owner where one is given. */
  *readAll(ownerId?: string): Generator<SimulatedBucket> {
    const owner = ownerId === undefined ? undefined : this.ownerNumbers.get(ownerId);
    if (ownerId !== undefined && owner === undefined) return;
    for (let row = 0; row < this.count; row += 1) {
      if (owner !== undefined && this.owners[row] !== owner) continue;
      if (this.visible(row)) yield this.at(row);
    }
  }

  /** The bucket in a row, whether or not it still exists; rows count from 0 in the order of creation. */
  at(row: number): SimulatedBucket {
    return {
      name: this.names[row] ?? '',
      ownerId: this.ownerIds[this.owners[row] ?? 0] ?? '',
      epoch: this.epochs[row] ?? 0,
      createdAt: this.created[row] ?? 0,
      currentBytes: this.current[row] ?? 0n,
      peakBytes: this.peak[row] ?? 0n,
      byteIntegral: this.integral[row] ?? 0n,
      lastHour: this.lastHours[row] ?? 0,
    };
  }

  /** Whether some reading may still be stale. */
  get settling(): boolean {
    const threshold = Date.now() - this.staleMs();
    const recent = (at: number) => at > threshold;
    return this.removedAt.values().some(recent) || this.addedAt.values().some(recent);
  }

  private visible(row: number): boolean {
    const threshold = Date.now() - this.staleMs();
    const removedAt = this.removedAt.get(row);
    if (removedAt !== undefined) return removedAt > threshold;
    return (this.addedAt.get(row) ?? Number.NEGATIVE_INFINITY) <= threshold;
  }

  private numberOfOwner(ownerId: string): number {
    const known = this.ownerNumbers.get(ownerId);
    if (known !== undefined) return known;
    this.ownerIds.push(ownerId);
    this.ownerNumbers.set(ownerId, this.ownerIds.length - 1);
    return this.ownerIds.length - 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const larger = <Column extends { set(former: Column): void }>(
      empty: Column,
      former: Column,
    ) => {
      empty.set(former);
      return empty;
    };
    this.owners = larger(new Uint32Array(this.capacity), this.owners);
    this.epochs = larger(new Float64Array(this.capacity), this.epochs);
    this.created = larger(new Float64Array(this.capacity), this.created);
    this.lastHours = larger(new Uint32Array(this.capacity), this.lastHours);
    this.current = larger(new BigInt64Array(this.capacity), this.current);
    this.peak = larger(new BigInt64Array(this.capacity), this.peak);
    this.integral = larger(new BigInt64Array(this.capacity), this.integral);
  }
}
