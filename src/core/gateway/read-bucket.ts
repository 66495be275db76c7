import type { GatewayBucket } from './gateway.ts';
import {
  foreignAnswer,
  isJsonObject,
  readInstant,
  readInteger,
  readText,
  requireObject,
} from './read-fields.ts';

/**
 * One bucket of the list, sizes in bytes and exact.
 * @throws `ANSWER_FOREIGN` where there is no name
 */
export function readBucket(json: unknown): GatewayBucket {
  const bucket = requireObject(json, 'a bucket');
  const name = readText(bucket.name);
  if (name === '') throw foreignAnswer('a bucket');
  const size = isJsonObject(bucket.size) ? bucket.size : {};
  return {
    name,
    ownerId: readText(bucket.owner_id),
    epoch: readInteger(bucket.epoch, 'epoch'),
    createdAt: readInstant(bucket.creation_date),
    currentBytes: readInteger(size.current, 'size.current'),
    peakBytes: readInteger(size.hmax, 'size.hmax'),
    byteIntegral: readInteger(size.h_integral, 'size.h_integral'),
    lastHour: Number(readInteger(size.last_ts, 'size.last_ts')),
  };
}

/** All buckets of a list; one is a list too. */
export function readBucketList(json: unknown): GatewayBucket[] {
  const list = isJsonObject(json) ? (json.Buckets ?? json.buckets) : json;
  if (!Array.isArray(list)) throw foreignAnswer('a list of buckets');
  return list.map(readBucket);
}
