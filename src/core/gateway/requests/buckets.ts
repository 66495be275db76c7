import type { GatewayBucket, UserSelector } from '../model/gateway.ts';
import { readBucketList } from '../model/read-bucket.ts';
import { noSuchUser } from '../model/read-user.ts';
import {
  encodePath,
  type GatewayRequest,
  type KeyPair,
  type QueryParameter,
  type Refusal,
} from '../model/request.ts';
import { userParameter } from './users.ts';

/** Puts one object into a bucket: ordinary S3, the way exports reach a bucket. */
export function putObjectRequest(
  bucket: string,
  key: string,
  body: Uint8Array,
  contentType: string,
): GatewayRequest<void> {
  return {
    purpose: 'write the object',
    method: 'PUT',
    path: encodePath(bucket, key),
    body,
    contentType,
    slow: true,
    refusals: {
      404: {
        code: 'NOT_FOUND',
        message: `There is no bucket ${bucket} to write to.`,
        hint: 'Create it first with the key of this connection, or name another one.',
      },
    },
  };
}

const service: QueryParameter = ['ostor-buckets', null];

export const bucketListRequest: GatewayRequest<GatewayBucket[]> = {
  purpose: 'list the buckets',
  method: 'GET',
  query: [service],
  slow: true,
  read: readBucketList,
};

export const noSuchBucket: Refusal = {
  code: 'NOT_FOUND',
  message: 'There is no such bucket on the gateway.',
  hint: 'It may have been deleted: refresh the list.',
};

/** Lists the buckets of one owner; a gateway that overlooks the selector lists all. */
export function bucketsOfRequest(owner: UserSelector): GatewayRequest<GatewayBucket[]> {
  const query = [service, userParameter(owner)];
  return { ...bucketListRequest, query, refusals: { 404: noSuchUser } };
}

/** Reads one bucket; older gateways do not know the selector and list all. */
export function bucketRequest(name: string): GatewayRequest<GatewayBucket[]> {
  return {
    purpose: 'read the bucket',
    method: 'GET',
    query: [service, ['bucket', name]],
    refusals: { 404: noSuchBucket, NoSuchBucket: noSuchBucket },
    read: readBucketList,
  };
}

/** Reads several buckets, by a GET with a body. */
export function severalBucketsRequest(names: readonly string[]): GatewayRequest<GatewayBucket[]> {
  return {
    purpose: 'read several buckets',
    method: 'GET',
    query: [service, ['multi', null]],
    body: Buffer.from(JSON.stringify(names)),
    slow: true,
    read: readBucketList,
  };
}

/**
 * Removes an empty bucket, an ordinary S3 request. Objects in it are never touched.
 * @param signAs the pair of the bucket's owner for this one request; `owner` until it is known
 */
export function removeBucketRequest(
  name: string,
  signAs?: KeyPair | 'owner',
): GatewayRequest<void> {
  const refusedAs = denied(signAs !== undefined);
  return {
    purpose: 'delete the bucket',
    method: 'DELETE',
    path: encodePath(name),
    ...(signAs === undefined ? {} : { signAs }),
    refusals: {
      404: noSuchBucket,
      NoSuchBucket: noSuchBucket,
      409: {
        code: 'BUCKET_NOT_EMPTY',
        message: 'The bucket is not empty.',
        hint: 'Its owner has to delete the objects and unfinished uploads first.',
        words: /not empty/i,
      },
      403: refusedAs,
      AccessDenied: refusedAs,
    },
  };
}

function denied(asOwner: boolean): Refusal {
  if (asOwner) {
    return {
      code: 'ACCESS_DENIED',
      message: "The gateway did not let the owner's key delete the bucket.",
      hint: 'Check whose bucket it is, and whether that user is enabled.',
      words: /access denied/i,
    };
  }
  return {
    code: 'ACCESS_DENIED',
    message: 'The gateway lets only the owner delete this bucket.',
    hint: "Remove it with the owner's own key, for this one request.",
    words: /access denied/i,
  };
}
