import type { CallOutput } from '#shared/contract/index.ts';
import type {
  GatewayBucket,
  GatewayLimits,
  GatewayQuota,
  GatewayUserDetail,
  LimitTarget,
  QuotaTarget,
  UserNaming,
} from '../../gateway/model/gateway.ts';

/** A user as read, and how the gateway is told which user is meant. */
export interface UserState {
  /** Where {@link UserNaming.selector} is null, nothing but id and e-mail is known for certain. */
  user: GatewayUserDetail;
  naming: UserNaming;
}

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
  /**
   * A user and how requests name it. Throws `NOT_FOUND`.
   * @param naming how it was named a moment ago, for reading it again
   */
  user(userId: string, naming?: UserNaming): Promise<UserState>;
  /** How requests name a user, proved by reading it. Throws `NOT_FOUND`. */
  naming(userId: string): Promise<UserNaming>;
  /** The user the gateway finds by that e-mail; null where there is none. */
  userByEmail(email: string): Promise<GatewayUserDetail | null>;
  bucketsOf(naming: UserNaming): Promise<GatewayBucket[]>;
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
