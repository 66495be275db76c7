/**
 * A key pair as the gateway writes it, secret in clear. The vendor's guide spells the second name
 * `AWSecretAccessKey` once, so both may come.
 */
export type WireKeyPair = { AWSAccessKeyId: string } & (
  | { AWSSecretAccessKey: string }
  | { AWSecretAccessKey: string }
);

/** Answer of PUT ostor-users and of `genKey`: the new pair, from some gateways every pair. */
export interface WireUserWithKeys {
  UserEmail: string;
  /** 16 hexadecimal digits. */
  UserId: string;
  AWSAccessKeys: WireKeyPair[];
}

/** A user in the list of GET ostor-users: a bare array, or inside `Users` or `users`. */
export interface WireListedUser {
  UserEmail: string;
  UserId: string;
  /** `enabled` or `disabled`. */
  State: string;
  /** `0000000000000000` in everything seen. */
  OwnerId: string;
  /** `["system"]` for system users; absent from the guide's list. */
  Flags?: string[];
  /** Asked for by `space`; may be absent all the same. */
  SpaceStat?: WireSpace;
}

/** What all buckets of a user take up. Bytes; integers of 64 bits, from some gateways as strings. */
export interface WireSpace {
  /** Whole hours since the Unix epoch. */
  LastTs: WireInteger64;
  SizeCurr: WireInteger64;
  SizeHMax: WireInteger64;
  SizeHInt: WireInteger64;
}

/** An integer of 64 bits in the gateway's JSON: digits without quotes, or a string of digits. */
export type WireInteger64 = bigint | number | string;

/** Additional named credentials inside a user; also the answer of POST ostor-accounts. */
export interface WireAccount {
  Name: string;
  AWSAccessKeys: WireKeyPair[];
}

/** Answer of GET ostor-users for one user. */
export interface WireUser extends WireListedUser, WireUserWithKeys {
  /** The guide shows a string. */
  AccountCount: string | number;
  Accounts: WireAccount[];
}

/** A bucket as the gateway writes it. Sizes in bytes; integers of 64 bits. */
interface WireBucket {
  size: {
    current: WireInteger64;
    h_integral: WireInteger64;
    /** Highest size within the hour `last_ts`. */
    hmax: WireInteger64;
    /** Whole hours since the Unix epoch. */
    last_ts: WireInteger64;
  };
  epoch: number;
  owner_id: string;
  name: string;
  /** ISO 8601 with milliseconds, UTC. */
  creation_date: string;
}

/** Answer of every GET ostor-buckets, even for one. */
export interface WireBuckets {
  Buckets: WireBucket[];
}

/** Answer of GET ostor-limits: decimals as text, operations a second and kbs/s; 0 is unlimited. */
export type WireLimits = Record<
  'ops:default' | 'ops:get' | 'ops:put' | 'ops:list' | 'ops:delete' | 'bandwidth:out',
  string
>;

/** Answer of GET ostor-quotas. */
export interface WireQuota {
  version: string;
  /** `user` or `bucket`; `0` or `1` in the references. */
  type: string;
  /** GB, as sent with `quota-size`. The guide does not say what 0 means; older references say unlimited. The guide shows a string. */
  size: string | number | bigint;
}
