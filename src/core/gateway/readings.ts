import { AppError, notFound } from '#shared/errors.ts';
import { assertUnchanged, routeOf } from './answers/answer-way.ts';
import type { Exchange } from './exchange.ts';
import type {
  Gateway,
  GatewayBucket,
  RequestOptions,
  UsageObjectPage,
  UserSelector,
} from './model/gateway.ts';
import { readText } from './model/read-fields.ts';
import { readAccounts, readKeyPairs, selectUser } from './model/read-user.ts';
import type { GatewayRequest, KeyPair } from './model/request.ts';
import {
  bucketListRequest,
  bucketRequest,
  bucketsOfRequest,
  noSuchBucket,
  severalBucketsRequest,
} from './requests/buckets.ts';
import { limitsRequest } from './requests/limits.ts';
import { quotaRequest } from './requests/quotas.ts';
import { usageListRequest, usageObjectRequest } from './requests/usage.ts';
import { userListRequest, userRequest } from './requests/users.ts';

/** Up to this many buckets are read one by one; more are asked for in one request. */
const singly = 8;

/** Above 710 gateways were seen to send broken JSON; a broken page is asked for again, smaller. */
const safeLimit = 500;
const smallestLimit = 50;

/** The readings of a gateway, with what they do where it overlooks or refuses a way of asking. */
export type Readings = Omit<Gateway, 'send' | 'close' | 'nameUser' | 'findUser' | 'selectorFor'>;

export function readingsOf(exchange: Exchange): Readings {
  const stream = async (request: GatewayRequest, options?: RequestOptions) => {
    const answer = await exchange.stream(request, options);
    const { body: chunks, requestId, headers } = answer;
    return { chunks, requestId, route: routeOf(headers) };
  };
  const readings: Readings = {
    listUsers: (options) => exchange.send(userListRequest, options),
    streamUsers: (options) => stream(userListRequest, options),
    getUser: (user, options) => exchange.send(userRequest(user), options),
    revealKey: (...asked) => revealKey(exchange, ...asked),
    listBuckets: (options) => exchange.send(bucketListRequest, options),
    streamBuckets: (options) => stream(bucketListRequest, options),
    async listBucketsOf(userId, owner, options) {
      const buckets = await exchange.send(bucketsOfRequest(owner), options);
      return buckets.filter(({ ownerId }) => ownerId === userId);
    },
    async getBucket(name, options) {
      const buckets = await exchange.send(bucketRequest(name), options);
      const bucket = buckets.find((candidate) => candidate.name === name);
      if (!bucket) throw new AppError(noSuchBucket);
      return bucket;
    },
    async getBuckets(names, options) {
      if (names.length > singly) {
        const together = await readMany(exchange, names, options);
        // A proxy that dropped the body leaves a question about no bucket at all.
        if (together.length > 0) return together;
      }
      const found = await Promise.all(
        names.map((name) => readings.getBucket(name, options).catch(absentIfNotFound)),
      );
      return found.filter((bucket) => bucket !== null);
    },
    getLimits: (target, options) =>
      nullIfUnset(
        () => exchange.send(limitsRequest(target), options),
        () => probe(target, options),
      ),
    getQuota: (target, options) =>
      nullIfUnset(
        () => exchange.send(quotaRequest(target), options),
        async () => {
          if (!('default' in target)) await probe(target, options);
        },
      ),
    listUsageObjects: (page = {}, options) => listPage(exchange, page, options),
    async getUsageObject(name, options) {
      const { bytes, headers } = await exchange.read(usageObjectRequest(name), options);
      assertUnchanged(headers);
      return bytes;
    },
  };
  /** Reads a target for nothing but to see that it exists; rejects with `NOT_FOUND` if not. */
  const probe = (target: UserSelector | { bucket: string }, options?: RequestOptions) =>
    'bucket' in target
      ? readings.getBucket(target.bucket, options)
      : readings.getUser(target, options);
  return readings;
}

/** Reads the secret of one key of a user or account: it is shown and forgotten. */
async function revealKey(
  exchange: Exchange,
  user: UserSelector,
  accessKeyId: string,
  accountName?: string,
  options?: RequestOptions,
): Promise<KeyPair> {
  const found = selectUser(
    await exchange.readJson({ ...userRequest(user), bringsSecret: true }, options),
    user,
  );
  const holder =
    accountName === undefined
      ? found
      : readAccounts(found).find((account) => readText(account.Name) === accountName);
  const keys = holder ? readKeyPairs(holder) : [];
  const key = keys.find((pair) => pair.accessKeyId === accessKeyId);
  if (key && key.secretAccessKey !== '') return key;
  throw notFound(
    key
      ? `The gateway does not give the secret of the key ${accessKeyId}.`
      : `Access key ${accessKeyId} no longer exists.`,
    'Refresh; if the secret is lost, generate a new key.',
  );
}

/**
 * Reads several buckets in one request. Proxies drop the body of a GET and older gateways do not know
 * it: where it is refused, all buckets are listed and the wanted ones picked.
 */
async function readMany(
  exchange: Exchange,
  names: readonly string[],
  options: RequestOptions | undefined,
): Promise<GatewayBucket[]> {
  const wanted = new Set(names);
  const buckets = await exchange
    .send(severalBucketsRequest(names), options)
    .catch((error: unknown) => {
      if (!refusesMany(error)) throw error;
      return exchange.send(bucketListRequest, options);
    });
  return buckets.filter((bucket) => wanted.has(bucket.name));
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

async function listPage(
  exchange: Exchange,
  page: { after?: string; limit?: number },
  options: RequestOptions | undefined,
): Promise<UsageObjectPage> {
  try {
    return await exchange.send(usageListRequest(page), options);
  } catch (thrown) {
    if (refusesLimitWithAfter(thrown, page)) return listPage(exchange, without(page), options);
    const smaller = smallerLimit(page.limit);
    if (!isBroken(thrown) || smaller === null) throw thrown;
    return listPage(exchange, { ...page, limit: smaller }, options);
  }
}

/** Some gateways take `limit` on the first page only. */
function refusesLimitWithAfter(thrown: unknown, page: { after?: string; limit?: number }): boolean {
  const refused = thrown instanceof AppError && thrown.code === 'REQUEST_REFUSED';
  return refused && page.after !== undefined && page.limit !== undefined;
}

function without(page: { after?: string }): { after?: string } {
  return page.after === undefined ? {} : { after: page.after };
}

function isBroken(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    (thrown.code === 'ANSWER_TRUNCATED' || thrown.code === 'ANSWER_NOT_JSON')
  );
}

function smallerLimit(limit: number | undefined): number | null {
  if (limit === undefined || limit > safeLimit) return safeLimit;
  const half = Math.floor(limit / 2);
  return half >= smallestLimit ? half : null;
}

/**
 * Limits and quotas that were never set are answered with an error that no document names. A 404,
 * or words like "disabled", mean "not set", provided that the target exists; anything else is shown.
 */
export async function nullIfUnset<Result>(
  read: () => Promise<Result>,
  probe: () => Promise<unknown>,
): Promise<Result | null> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !meansUnset(thrown)) throw thrown;
    await probe();
    return null;
  }
}

function meansUnset(error: AppError): boolean {
  if (error.status === 404) return true;
  if (error.code !== 'REQUEST_REFUSED' && error.code !== 'CONFLICT') return false;
  const said = `${error.details?.gatewayCode ?? ''} ${error.details?.gatewayMessage ?? ''}`;
  return /disabled|not (been )?set|no ?such ?(limit|quota)|(limit|quota)s? (do|does)? ?not (exist|found)/i.test(
    said,
  );
}
