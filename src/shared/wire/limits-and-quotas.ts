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
