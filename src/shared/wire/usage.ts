import type { WireInteger64 } from './clusters.ts';

/** Answer of GET ostor-usage without `obj`. */
export interface WireUsageList {
  nr_items: WireInteger64;
  truncated: boolean;
  /** `s3-usage-<service id>-<ISO start>-<period>`. */
  items: string[];
}

/** Counters of one item: operations by kind, traffic in bytes. */
export interface WireUsageCounters {
  ops: Record<'put' | 'get' | 'list' | 'other', WireInteger64>;
  net_io: Record<'uploaded' | 'downloaded', WireInteger64>;
}

/** One bucket's and user's part of a statistics object. */
export interface WireUsageItem {
  key: {
    /** Empty for operations on no bucket. */
    bucket: string;
    epoch: number;
    user_id: string;
    tag: string;
  };
  /** Direct, or nested per storage class. */
  counters: WireUsageCounters | Record<string, WireUsageCounters>;
}

/**
 * Answer of GET ostor-usage with `obj`, without its `service_id`: the guide writes that without
 * quotes although it is hexadecimal, so that the whole may not be valid JSON.
 */
export interface WireUsageObject {
  fmt_version: number;
  /** Unix seconds. */
  start_ts: WireInteger64;
  /** Seconds really covered. */
  period: WireInteger64;
  nr_items: WireInteger64;
  items: WireUsageItem[];
}
