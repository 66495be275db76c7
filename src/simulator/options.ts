import type { Variants } from './model/variants.ts';
import type { ProfileName } from './profiles.ts';
import type { Population } from './state/populate.ts';

/** What to simulate. */
export interface SimulatorOptions {
  /** 0: a free one. */
  port?: number;
  /** Users, the system user among them (10). */
  users?: number;
  /** Buckets (25). */
  buckets?: number;
  /** Pairs of users who share one e-mail, at the end of the user list (0). */
  duplicateEmails?: number;
  /** Some users and buckets have limits and quotas, and the defaults are set (false). */
  quotas?: boolean;
  /** Statistics objects, over all services (0). */
  usage?: number;
  /** Services that write statistics (5: the last one's id holds a letter). */
  usageServices?: number;
  /** Seconds of a statistics period (1800). */
  usagePeriodSeconds?: number;
  /** One in so many statistics periods is missing; 0 for none (0). */
  usageGapEvery?: number;
  /** Items of a statistics object at most (12). */
  usageItems?: number;
  /** One in a few thousand counters passes 2^53 (true). */
  hugeCounters?: boolean;
  /** The same seed and `now` give the same cluster (1). */
  seed?: number;
  /**
   * The moment the data is seen from, milliseconds (the present). Signatures use the real clock. With
   * the present the newest statistics periods are under way and grow; with the past they are over.
   */
  now?: number;
  /** The gateway as a whole (`tolerant`); see `profiles.ts`. */
  profile?: ProfileName;
  /** What differs from that profile. */
  variants?: Partial<Variants>;
  /** Milliseconds every request waits (0). */
  latencyMs?: number;
  /** How far the gateway's clock is ahead of this machine's, milliseconds (0). */
  clockSkewMs?: number;
  /** Serve HTTPS with this certificate chain and key (PEM). */
  tls?: { certificate: string; key: string };
}

/** The population that options ask for. */
export function populationOf(options: SimulatorOptions): Population {
  return {
    seed: options.seed ?? 1,
    users: options.users ?? 10,
    buckets: options.buckets ?? 25,
    duplicateEmails: options.duplicateEmails ?? 0,
    now: options.now ?? Date.now(),
    quotas: options.quotas ?? false,
    usage: {
      objects: options.usage ?? 0,
      services: options.usageServices ?? 5,
      periodSeconds: options.usagePeriodSeconds ?? 1800,
      gapEvery: options.usageGapEvery ?? 0,
      itemsPerObject: options.usageItems ?? 12,
      hugeCounters: options.hugeCounters ?? true,
    },
  };
}
