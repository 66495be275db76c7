/** A technical term: what it means, and where its figures come from. */
interface TermDefinition {
  title: string;
  means: string;
  source: string;
}

/** Every term that has help next to it. Help for another one is an entry here. */
export const terms = {
  size: {
    title: 'Size now',
    means: 'What the buckets store together, in binary units (1 GiB is 2^30 bytes).',
    source: 'The gateway’s bucket list, as of the last refresh. It is not a live measurement.',
  },
  peak: {
    title: 'Peak',
    means: 'The most that each bucket stored within the last hour the gateway measured.',
    source: '“hmax” of the bucket list. The sum adds peaks that need not have come at one time.',
  },
  quota: {
    title: 'Quota',
    means:
      'How much a user or bucket may store, in whole GB. The guide does not say whether a GB is 10^9 or 2^30 bytes; the console takes 10^9 and sends the number unchanged.',
    source: 'Read for each user and bucket. Without its own quota, the default applies.',
  },
  rateLimit: {
    title: 'Rate limit',
    means:
      'The most operations a second (ops/s), or bandwidth (kbs/s), that the gateway serves before it refuses. 0 is unlimited.',
    source: 'Read for each user and bucket; statistics count what was served, hour by hour.',
  },
  signal: {
    title: 'Signal',
    means:
      'Something that needs attention. Critical first, then by what is at stake: money where a tariff is known, else bytes.',
    source: 'Computed from stored data, also offline. Thresholds are set for each cluster.',
  },
  coverage: {
    title: 'Coverage',
    means:
      'How many gateway hours have their statistics collected: one is one hour of one of the cluster’s gateway services. A missing hour keeps statements drafts; a pending one is still to come.',
    source: 'Archived statistics objects, against one for each period of each gateway service.',
  },
  growth: {
    title: '7-day growth',
    means: 'What is stored now, less what was stored a week ago.',
    source: 'The samples of sizes that each refresh leaves in the archive.',
  },
  storageTrend: {
    title: 'Trend',
    means:
      'How fast the size grows a day, by the straight line that fits all samples best, each weighed by the time around it. It differs from the average, the change divided by its days, wherever growth was uneven.',
    source: 'Least squares over the samples of the period. Days to quota follow this trend.',
  },
  collection: {
    title: 'Collection',
    means:
      'Fetching statistics objects from the gateway into the archive, each once. The gateway keeps them until somebody deletes them.',
    source: 'The last time the gateway’s list of statistics objects was read.',
  },
  traffic: {
    title: 'Traffic',
    means: 'Bytes that clients sent (in) and received (out), with operations by kind.',
    source:
      'Counters of the collected statistics objects. Hours without one are unknown, not zero.',
  },
  sample: {
    title: 'Size history',
    means:
      'Sizes at each refresh. Between two samples a straight line is assumed, which GB-hours and bills rest on.',
    source: 'Recorded in the archive at each refresh; the gateway keeps no history.',
  },
  statement: {
    title: 'Statement',
    means:
      'What a payer owes for a period. It is final once every hour is collected and sizes were sampled often enough, and a draft until then.',
    source: 'The archive and the tariff alone, so that it can be made again to the cent.',
  },
  changePlan: {
    title: 'Change plan',
    means:
      'Changes that are kept and sent later, also without a network. Users, access keys, accounts, buckets, quotas and rate limits can be planned; each is compared with the cluster before it is applied.',
    source:
      'Not in plans: changes with an end; steps of key campaigns and onboarding runs, which are kept lists themselves; deleting statistics objects, for which the gateway’s list has to be read. No plan holds a secret.',
  },
  accessKey: {
    title: 'Access key',
    means: 'A key pair of a user or of an account inside it. Each holds two at most.',
    source:
      'Read for each user. The gateway has no creation date and no last use of a key: ages count from when the console first saw it.',
  },
} as const satisfies Record<string, TermDefinition>;

export type TermName = keyof typeof terms;
