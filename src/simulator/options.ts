import { defaultVariants, type Variants } from './model/variants.ts';
import type { Population } from './state/populate.ts';

/**
 * Gateways as a whole. `tolerant` takes what the references of any version name besides the guide.
 * `guide` answers what the guide for 7.1 prints and refuses everything else with 400; `guide-wide`
 * overlooks it in place of that, so that its answers can be wider than the question; `guide-v4` takes
 * Signature V4 alone and gives no reason for refusing the others.
 */
export const profileNames = ['tolerant', 'guide', 'guide-wide', 'guide-v4'] as const;

export type ProfileName = (typeof profileNames)[number];

const guide: Variants = {
  ...defaultVariants,
  undocumented: 'refused',
  space: false,
  secretKeyTypo: true,
  limitSyntax: 'new',
  usagePaging: false,
};

export const profiles: Readonly<Record<ProfileName, Variants>> = {
  tolerant: defaultVariants,
  guide,
  'guide-wide': { ...guide, undocumented: 'overlooked' },
  'guide-v4': { ...guide, accept: ['v4'], refusedForm: 'denied' },
};

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
  /** One in this many statistics periods is missing; 0 for none (0). */
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
