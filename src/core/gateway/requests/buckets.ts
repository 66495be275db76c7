import { AppError } from '#shared/errors.ts';
import type { Exchange } from '../exchange.ts';
import { encodePath, type QueryParameter } from '../model/encode.ts';
import type { Gateway, GatewayBucket, RequestOptions } from '../model/gateway.ts';
import { readBucketList } from '../model/read-bucket.ts';
import { noSuchUser } from '../model/read-user.ts';
import type { GatewayRequest, Refusal } from '../model/request.ts';
import { userParameter } from './users.ts';

const service: QueryParameter = ['ostor-buckets', null];

const listRequest: GatewayRequest = {
  purpose: 'list the buckets',
  method: 'GET',
  query: [service],
  slow: true,
};

const noSuchBucket: Refusal = {
  code: 'NOT_FOUND',
  message: 'There is no such bucket on the gateway.',
  hint: 'It may have been removed: refresh the list.',
};

/** Up to this many buckets are read one by one; more are asked for in one request. */
const singly = 8;

/** Reading buckets: all, of one user, one, several. */
export function bucketReadings(
  exchange: Exchange,
): Pick<Gateway, 'listBuckets' | 'listBucketsOf' | 'streamBuckets' | 'getBucket' | 'getBuckets'> {
  const getBucket: Gateway['getBucket'] = async (name, options) => {
    const buckets = readBucketList(
      await exchange.readJson(
        {
          purpose: 'read the bucket',
          method: 'GET',
          query: [service, ['bucket', name]],
          refusals: { 404: noSuchBucket, NoSuchBucket: noSuchBucket },
        },
        options,
      ),
    );
    // Older gateways do not know the selector and answer with all buckets.
    const bucket = buckets.find((candidate) => candidate.name === name);
    if (!bucket) throw new AppError(noSuchBucket);
    return bucket;
  };
  return {
    async listBuckets(options) {
      return readBucketList(await exchange.readJson(listRequest, options));
    },
    async listBucketsOf(userId, owner, options) {
      const query = [service, userParameter(owner)];
      const request = { ...listRequest, query, refusals: { 404: noSuchUser } };
      const buckets = readBucketList(await exchange.readJson(request, options));
      // A gateway that overlooks the selector answers with the buckets of all.
      return buckets.filter(({ ownerId }) => ownerId === userId);
    },
    async streamBuckets(options) {
      const answer = await exchange.stream(listRequest, options);
      return { chunks: answer.body, requestId: answer.requestId };
    },
    getBucket,
    async getBuckets(names, options) {
      if (names.length > singly) {
        const together = await readMany(exchange, names, options);
        // A proxy that dropped the body leaves a question about no bucket at all.
        if (together.length > 0) return together;
      }
      const found = await Promise.all(
        names.map((name) => getBucket(name, options).catch(absentIfNotFound)),
      );
      return found.filter((bucket) => bucket !== null);
    },
  };
}

/**
 * Several buckets by a GET with a body. Proxies drop such bodies and older gateways do not know it:
 * where it is refused, all buckets are listed and the wanted ones picked.
 */
async function readMany(
  exchange: Exchange,
  names: readonly string[],
  options: RequestOptions | undefined,
): Promise<GatewayBucket[]> {
  const wanted = new Set(names);
  const request: GatewayRequest = {
    purpose: 'read several buckets',
    method: 'GET',
    query: [service, ['multi', null]],
    body: Buffer.from(JSON.stringify(names)),
    slow: true,
  };
  const json = await exchange.readJson(request, options).catch((error: unknown) => {
    if (!refusesMany(error)) throw error;
    return exchange.readJson(listRequest, options);
  });
  return readBucketList(json).filter((bucket) => wanted.has(bucket.name));
}

function refusesMany(error: unknown): boolean {
  return (
    error instanceof AppError &&
    ['REQUEST_REFUSED', 'NOT_FOUND', 'GATEWAY_FAILED', 'CONNECTION_RESET'].includes(error.code)
  );
}

function absentIfNotFound(error: unknown): null {
  if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
  throw error;
}

/** Removing a bucket, an ordinary S3 request. Objects in it are never touched. */
export function bucketWrites(exchange: Exchange): Pick<Gateway, 'removeBucket'> {
  return {
    async removeBucket(name, asOwner, options) {
      await exchange.act(
        {
          purpose: 'remove the bucket',
          method: 'DELETE',
          path: encodePath(name),
          ...(asOwner ? { signAs: asOwner } : {}),
          refusals: {
            404: noSuchBucket,
            NoSuchBucket: noSuchBucket,
            409: {
              code: 'BUCKET_NOT_EMPTY',
              message: 'The bucket is not empty.',
              hint: 'Its owner has to remove the objects and unfinished uploads first.',
              words: /not empty/i,
            },
            403: denied(asOwner !== undefined),
            AccessDenied: denied(asOwner !== undefined),
          },
        },
        options,
      );
    },
  };
}

function denied(asOwner: boolean): Refusal {
  if (asOwner) {
    return {
      code: 'ACCESS_DENIED',
      message: "The gateway did not let the owner's key remove the bucket.",
      hint: 'Check whose bucket it is, and whether that user is enabled.',
      words: /access denied/i,
    };
  }
  return {
    code: 'ACCESS_DENIED',
    message: 'The gateway lets only the owner remove this bucket.',
    hint: "Remove it with the owner's own key, for this one request.",
    words: /access denied/i,
  };
}
