import { mix32, SeededRandom } from '../model/seeded-random.ts';
import type { BucketTable } from './bucket-table.ts';

/** The counters of one item of a statistics object, exact. Traffic in bytes. */
export interface UsageCounters {
  put: bigint;
  get: bigint;
  list: bigint;
  other: bigint;
  uploaded: bigint;
  downloaded: bigint;
}

/** The counters' names, in the order in which the gateway writes them. */
export const counterNames = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'] as const;

export interface UsageItem {
  /** Empty for what was not done to a bucket. */
  bucket: string;
  /** The incarnation of the bucket: differs once it was created again under its name. */
  epoch: number;
  userId: string;
  counters: UsageCounters;
}

/** One statistics object by its place: which service, which period. */
export interface UsageRecord {
  name: string;
  /** Hexadecimal, 16 digits. */
  serviceId: string;
  /** Unix seconds. */
  startTs: number;
  /** Seconds really covered; may differ from the number at the end of the name. */
  period: number;
  /** Counts the periods of a service back from the newest. */
  slot: number;
  /** Seed of its items. */
  seed: number;
}

/** From what the items of an object are drawn. */
export interface UsageSource {
  buckets: BucketTable;
  /** Buckets there were at the start. */
  bucketCount: number;
  /** Ids of the ordinary users there were at the start. */
  userIds: readonly string[];
  itemsPerObject: number;
  /** Whether one in a few thousand counters passes 2^53. */
  hugeCounters: boolean;
}

const largestTransfer = 2 ** 23;

// Days have a shape: little at night, most in the early afternoon, half as much at weekends.
function activityAt(startTs: number): number {
  const start = new Date(startTs * 1000);
  const hour = start.getUTCHours() + start.getUTCMinutes() / 60;
  const weekend = start.getUTCDay() % 6 === 0 ? 0.5 : 1;
  return weekend * (0.15 + 0.85 * ((1 + Math.cos(((hour - 13) / 12) * Math.PI)) / 2));
}

function countersOf(random: SeededRandom, huge: boolean, activity: number): UsageCounters {
  const scale = activity * 2 ** (14 * random.fraction());
  const count = (share: number) => BigInt(Math.floor(scale * share * random.fraction()));
  const put = count(1);
  const get = count(3);
  const counters = {
    put,
    get,
    list: count(0.4),
    other: count(0.2),
    uploaded: put * BigInt(1 + random.below(largestTransfer)),
    downloaded: get * BigInt(1 + random.below(largestTransfer)),
  };
  if (huge && random.below(2000) === 0) counters.downloaded += 2n ** 53n + BigInt(random.next());
  return counters;
}

function keyOf(
  source: UsageSource,
  random: SeededRandom,
  slot: number,
): Omit<UsageItem, 'counters'> {
  const ofBucket = source.bucketCount > 0 && random.below(8) !== 0;
  if (!ofBucket) {
    const anonymous = source.userIds.length === 0 || random.below(16) === 0;
    return { bucket: '', epoch: 0, userId: anonymous ? '' : random.pick(source.userIds) };
  }
  const row = Math.floor(source.bucketCount * random.fraction() ** 2);
  const bucket = source.buckets.at(row);
  // One in 29 buckets was removed and created again under its name some time ago.
  const epoch = row % 29 === 0 && slot > 60 ? 90_113 : 98_305 + (row % 7) * 4;
  return { bucket: bucket.name, epoch, userId: bucket.ownerId };
}

/** The items of a statistics object when its period is over: the same at every call. */
export function usageItems(source: UsageSource, record: UsageRecord): UsageItem[] {
  const random = new SeededRandom(mix32(record.seed, 0x6974656d));
  const items = new Map<string, UsageItem>();
  const count = 1 + random.below(source.itemsPerObject);
  const activity = activityAt(record.startTs);
  for (let drawn = 0; drawn < count; drawn += 1) {
    const key = keyOf(source, random, record.slot);
    const counters = countersOf(random, source.hugeCounters, activity);
    items.set(`${key.bucket} ${key.epoch} ${key.userId}`, { ...key, counters });
  }
  return [...items.values()];
}

/** The items as they are while only a part of the period has passed. */
export function partOfItems(items: readonly UsageItem[], part: bigint, of: bigint): UsageItem[] {
  return items.map((item) => {
    const counters = { ...item.counters };
    for (const name of counterNames) counters[name] = (counters[name] * part) / of;
    return { ...item, counters };
  });
}
