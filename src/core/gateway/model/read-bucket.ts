import type { GatewayBucket } from './gateway.ts';
import {
  foreignAnswer,
  isJsonObject,
  readInstant,
  readInteger,
  readText,
  requireObject,
} from './read-fields.ts';

/** Called with each figure that can't be true: its field and what was sent. */
type OnImplausible = (field: string, value: string) => void;

/** Beyond any bucket's size and any counter of the gateway: 63 bits. */
const most = 2n ** 63n - 1n;
/** About 270,000 years. */
const mostHours = 2n ** 31n;

/**
 * One bucket of the list, sizes in bytes and exact. Figures that can't be true (below zero, or an
 * underflow near 2^64) are omitted; the bucket is still there.
 * @throws `ANSWER_FOREIGN` where there is no name
 */
export function readBucket(json: unknown, onImplausible: OnImplausible = () => {}): GatewayBucket {
  const bucket = requireObject(json, 'a bucket');
  const name = readText(bucket.name);
  if (name === '') throw foreignAnswer('a bucket');
  const size = isJsonObject(bucket.size) ? bucket.size : {};
  const figure = (value: unknown, field: string, limit = most): bigint | null => {
    const read = readFigure(value, field, limit);
    if (read === null) onImplausible(field, asSent(value));
    return read;
  };
  return {
    name,
    ownerId: readText(bucket.owner_id),
    epoch: figure(bucket.epoch, 'epoch'),
    createdAt: readInstant(bucket.creation_date),
    currentBytes: figure(size.current, 'size.current'),
    peakBytes: figure(size.hmax, 'size.hmax'),
    byteIntegral: figure(size.h_integral, 'size.h_integral'),
    lastHour: Number(figure(size.last_ts, 'size.last_ts', mostHours) ?? 0n),
  };
}

/** All buckets of a list that can be read; one is a list too. */
export function readBucketList(json: unknown): GatewayBucket[] {
  const list = isJsonObject(json) ? (json.Buckets ?? json.buckets) : json;
  if (!Array.isArray(list)) throw foreignAnswer('a list of buckets');
  return readableOf(list, (element) => readBucket(element));
}

/**
 * The rows of a list that can be read: one that can't does not take the others with it.
 * @throws what the first row threw, where none can be read
 */
export function readableOf<Row>(list: readonly unknown[], read: (json: unknown) => Row): Row[] {
  const rows: Row[] = [];
  let failure: unknown;
  for (const element of list) {
    try {
      rows.push(read(element));
    } catch (thrown) {
      failure ??= thrown;
    }
  }
  if (rows.length === 0 && failure !== undefined) throw failure;
  return rows;
}

function readFigure(value: unknown, field: string, limit: bigint): bigint | null {
  try {
    const figure = readInteger(value, field);
    return figure >= 0n && figure <= limit ? figure : null;
  } catch {
    return null;
  }
}

function asSent(value: unknown): string {
  return (readText(value) || (JSON.stringify(value) ?? '')).slice(0, 60);
}
