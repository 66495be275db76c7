import type { z } from 'zod';
import type { proxyRoute } from '#shared/contract/sync.ts';
import type { LimitResource } from '#shared/limit-resources.ts';
import type { GatewayRequest, KeyPair } from './request.ts';

/** Proxies that an answer names in its head. */
export type Route = z.output<typeof proxyRoute>;

/**
 * Names one user to the gateway. `ofId` is the user whose e-mail it has to be: an answer about another
 * is refused. Made by {@link Gateway.nameUser}, which knows what the gateway takes.
 */
export type UserSelector = { id: string } | { email: string; ofId?: string };

/** How a request names the user it is about. */
export interface UserNaming {
  userId: string;
  /** Empty where the user has none. */
  email: string;
  /** More than one user has that e-mail: POSTs to `ostor-users`, which take nothing else, are not sent. */
  shared: boolean;
  /** Null where neither e-mail nor id names this user alone. */
  selector: UserSelector | null;
}

export interface NamedUser {
  naming: UserNaming;
  /** Null where no request can name this user unambiguously. */
  user: GatewayUserDetail | null;
}

export type LimitTarget = UserSelector | { bucket: string };

/** Targets of quotas: as for limits, or the default of all users or all buckets. */
export type QuotaTarget = LimitTarget | { default: 'user' | 'bucket' };

/** A user as the gateway's list gives it. Unknown fields are dropped, secrets too. */
export interface GatewayUser {
  userId: string;
  email: string;
  state: 'enabled' | 'disabled' | 'unknown';
  ownerId: string;
  flags: string[];
  /** The answer has no flags field, so flags are unknown. */
  flagsUnknown?: true;
}

/** A single user with keys and accounts. Key ids only: {@link Gateway.revealKey} yields a secret. */
export interface GatewayUserDetail extends GatewayUser {
  accessKeyIds: string[];
  accounts: { name: string; accessKeyIds: string[] }[];
}

/** A bucket as the gateway's list gives it. Sizes in bytes, exact; null where they can't be true. */
export interface GatewayBucket {
  name: string;
  ownerId: string;
  epoch: bigint | null;
  /** ISO 8601 in UTC, or null where the gateway gave none that can be read. */
  createdAt: string | null;
  currentBytes: bigint | null;
  /** Highest size within the hour `lastHour`. */
  peakBytes: bigint | null;
  /** `h_integral`, as given. */
  byteIntegral: bigint | null;
  /** Whole hours since the Unix epoch; 0 where that can't be true. */
  lastHour: number;
}

/** Limits as the gateway gives them, decimals as text (`"3600.00"`); null where none are set. */
export type GatewayLimits = Record<LimitResource, string> | null;

/** A quota in the guide's gigabytes as sent; null where none is set. */
export type GatewayQuota = { sizeGb: bigint; type: string } | null;

export interface UsageObjectPage {
  names: string[];
  truncated: boolean;
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Called with the gateway's `x-amz-request-id` of the answer. */
  onRequestId?: (requestId: string) => void;
  /** Called with the `Date` of every answer as soon as its head arrives; undefined if it has none. */
  onDate?: (date: string | undefined) => void;
  /** Not repeated by the client: the caller has its own retry plan. */
  once?: boolean;
}

export interface NamedOptions extends RequestOptions {
  /** How the user was just named: only this selector is used. */
  naming?: UserNaming;
}

/** A list that is handed on as bytes, so that it is parsed off the shell's event loop. */
export interface RawList {
  /** The answer's body in chunks. Each chunk may be transferred. */
  chunks: AsyncIterable<Uint8Array>;
  requestId: string | undefined;
  /** Proxies that the answer names; null or omitted where there is none. */
  route?: Route | null;
}

/**
 * Readings of the management API, and {@link Gateway.send} for every write. The only way to the network.
 * Every method rejects with an `AppError` whose code names the cause. Readings are retried with
 * backoff on 5xx, resets and time-outs; no write is ever sent twice. The error of a write says in
 * `details.mayHaveActed` whether the gateway may have carried it out: if so, read back before anything
 * else. Requests that take an e-mail reach whichever user of that e-mail the gateway picks.
 */
export interface Gateway {
  /**
   * Sends one described request and reads its answer. Every write goes through here, once whatever
   * happens, and only while the connection may write.
   */
  send<Answer>(request: GatewayRequest<Answer>, options?: RequestOptions): Promise<Answer>;
  listUsers(options?: RequestOptions): Promise<GatewayUser[]>;
  /** The whole user list as bytes (the answer's head has been checked, its body has not). */
  streamUsers(options?: RequestOptions): Promise<RawList>;
  /**
   * How to name a user: by e-mail where that is the user's alone in the list, else by id where the
   * gateway takes ids. Sends nothing but, once a connection, what finds that out, and the list where
   * the user was never listed. Rejects with `NOT_FOUND` where no user has the id.
   */
  nameUser(userId: string, options?: RequestOptions): Promise<UserNaming>;
  /** Names and reads a user; the answer is checked to be for that id. */
  findUser(userId: string, options?: NamedOptions): Promise<NamedUser>;
  /**
   * The selector for a reading whose answer does not say whose it is, proved by a reading of the user
   * not long ago. Rejects with `TARGET_AMBIGUOUS` where there is none.
   */
  selectorFor(userId: string, options?: RequestOptions): Promise<UserSelector>;
  /** `TARGET_CHANGED` where the e-mail is another user's than the selector says. */
  getUser(user: UserSelector, options?: RequestOptions): Promise<GatewayUserDetail>;
  /** One secret of a user or, with `accountName`, of an account. */
  revealKey(
    user: UserSelector,
    accessKeyId: string,
    accountName?: string,
    options?: RequestOptions,
  ): Promise<KeyPair>;
  listBuckets(options?: RequestOptions): Promise<GatewayBucket[]>;
  /** The buckets of one owner: of a longer list those of that owner. */
  listBucketsOf(
    userId: string,
    owner: UserSelector,
    options?: RequestOptions,
  ): Promise<GatewayBucket[]>;
  /** The whole bucket list as bytes. */
  streamBuckets(options?: RequestOptions): Promise<RawList>;
  /** `NOT_FOUND` where no bucket of exactly that name exists. */
  getBucket(name: string, options?: RequestOptions): Promise<GatewayBucket>;
  getBuckets(names: string[], options?: RequestOptions): Promise<GatewayBucket[]>;
  getLimits(target: LimitTarget, options?: RequestOptions): Promise<GatewayLimits>;
  getQuota(target: QuotaTarget, options?: RequestOptions): Promise<GatewayQuota>;
  listUsageObjects(
    page?: { after?: string; limit?: number },
    options?: RequestOptions,
  ): Promise<UsageObjectPage>;
  /** The raw bytes of one statistics object (the archive keeps them; parse with `parseUsageObject`). */
  getUsageObject(name: string, options?: RequestOptions): Promise<Uint8Array>;
  /** When the certificate that the gateway shows expires; null over plain http. Sends no request. */
  certificateUntil?(signal?: AbortSignal): Promise<string | null>;
  /** Ends every connection; requests under way are cancelled. */
  close(): Promise<void>;
}
