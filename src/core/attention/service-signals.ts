import { formatCounted } from '#shared/counted.ts';
import { day } from '#shared/durations.ts';
import { formatBytes } from '#shared/units.ts';
import type { Finding, OpenCancellation, SignalDefinition, SignalGround } from './signal.ts';

const checks = 'customers/checks';

/** Users whose state is not that of the service that pays for them; the billing system has no date of it. */
function findDrifting({ stopped, name }: SignalGround): Finding[] {
  const { enabled, disabled, bytes } = stopped;
  const evidence = [
    ...(enabled > 0
      ? [
          `${formatCounted(enabled, 'user')} of suspended or ended services enabled, with ${formatBytes(BigInt(Math.round(bytes)))}.`,
        ]
      : []),
    ...(disabled > 0 ? [`${formatCounted(disabled, 'user')} of active services disabled.`] : []),
  ];
  if (evidence.length === 0) return [];
  return [
    {
      severity: 'warning',
      subject: { kind: 'cluster', id: 'cluster', name },
      since: null,
      evidence,
      page: checks,
      weight: bytes,
      stake: { of: 'stored' },
      action: { label: 'Preview changes', page: checks },
    },
  ];
}

const stepWords: Record<OpenCancellation['step'], string> = {
  disable: 'disable the users',
  collect: 'collect the last statistics',
  statement: 'issue the final statement',
  empty: 'empty the buckets',
  delete: 'delete the users',
};

function findWaiting({ cancellations, now, thresholds }: SignalGround): Finding[] {
  const { cancellationDays } = thresholds;
  return cancellations
    .filter(({ since }) => now - since >= cancellationDays * day)
    .map(({ offboardingId, customerName, step, since, words }) => ({
      severity: 'warning',
      subject: { kind: 'cluster', id: offboardingId, name: customerName },
      since: since + cancellationDays * day,
      evidence: [
        `No step was done for ${formatCounted(Math.floor((now - since) / day), 'day')}. Next: ${stepWords[step]}.`,
        ...(words === null ? [] : [words]),
      ],
      page: `customers/offboarding/${offboardingId}`,
      action: { label: 'Open cancellation', page: `customers/offboarding/${offboardingId}` },
    }));
}

/** What billing system and console say differently of customers, and what waits here for a person. */
export const serviceSignals: readonly SignalDefinition[] = [
  {
    kind: 'suspension',
    needs: 'customers',
    title: 'Users in another state than their service',
    find: findDrifting,
  },
  { kind: 'cancellations', title: 'Cancellation waits', find: findWaiting },
];
