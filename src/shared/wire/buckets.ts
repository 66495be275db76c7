import type { WireInteger64 } from './users.ts';

/** A bucket as the gateway writes it. Sizes in bytes; integers of 64 bits. */
export interface WireBucket {
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
