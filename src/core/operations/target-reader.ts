import type { CallOutput } from '#shared/contract/index.ts';
import type {
  GatewayBucket,
  GatewayLimits,
  GatewayQuota,
  GatewayUserDetail,
  LimitTarget,
  QuotaTarget,
} from '../gateway/gateway.ts';

/** What was last listed of a target of limits or quotas. */
export interface AboutTarget {
  /** What the operator knows it by: e-mail or bucket name; the id where it is not known. */
  name: string;
  /** What lies there; null for defaults and where it is not known. */
  currentBytes: bigint | null;
}

/** Reads what an operation is about: from the gateway, or as last seen. */
export interface TargetReader {
  readonly source: 'gateway' | 'snapshot';
  /** Throws `NOT_FOUND`. */
  user(userId: string): Promise<GatewayUserDetail>;
  /** The user the gateway finds by that e-mail; null where there is none. */
  userByEmail(email: string): Promise<GatewayUserDetail | null>;
  /** Whether the gateway could take another user for this one, since both have the same e-mail. */
  sharesEmail(user: { userId: string; email: string }): Promise<boolean>;
  bucketsOf(userId: string): Promise<GatewayBucket[]>;
  /** Throws `NOT_FOUND`. */
  bucket(name: string): Promise<GatewayBucket>;
  limits(target: LimitTarget): Promise<GatewayLimits>;
  quota(target: QuotaTarget): Promise<GatewayQuota>;
  /** What was last listed of a target. */
  about(target: QuotaTarget): Promise<AboutTarget>;
  /** A user as the interface sees it, sizes and first sight from the snapshot. */
  userView(user: GatewayUserDetail): Promise<CallOutput<'users.get'>>;
  /** A bucket as the interface sees it. */
  bucketView(bucket: GatewayBucket): Promise<CallOutput<'buckets.list'>['rows'][number]>;
}
