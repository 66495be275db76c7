import { amountWords } from '#shared/billing/money.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { formatBytes, fromWireInteger } from '#shared/units.ts';

type Signal = CallOutput<'signals.list'>['rows'][number];

/** What a digest tells: the clusters at a glance and the most urgent signals. */
export interface Digest {
  at: string;
  counts: CallOutput<'signals.list'>['counts'];
  clusters: CallOutput<'signals.clusters'>;
  signals: Signal[];
  incomplete: CallOutput<'signals.list'>['incomplete'];
}

/** One line: `2 critical, 5 warnings`. */
export function subjectOf({ counts, incomplete }: Pick<Digest, 'counts' | 'incomplete'>): string {
  const parts = [
    ...(counts.critical > 0 ? [`${counts.critical} critical`] : []),
    ...(counts.warning > 0 ? [formatCounted(counts.warning, 'warning')] : []),
    ...(incomplete.length > 0 ? [`${incomplete.length} not known`] : []),
  ];
  return parts.length === 0 ? 'Nothing needs attention' : parts.join(', ');
}

function atRisk({ amount, currency, minorDigits, per }: NonNullable<Signal['money']>): string {
  const words = amountWords(fromWireInteger(amount), currency, minorDigits);
  return ` At risk: ${words}${per === 'month' ? ' a month' : ''}.`;
}

/** The digest as plain text, a line a signal. */
export function textOfDigest(digest: Digest): string {
  const { at, clusters, signals, incomplete } = digest;
  const lines = signals.map(
    ({ severity, connectionName, title, subject, evidence, money }) =>
      `${severity.toUpperCase()}  ${connectionName}  ${title}: ${subject.name}. ${evidence[0] ?? ''}${money ? atRisk(money) : ''}`,
  );
  const sizes = clusters.map(({ name, state, bytes, asOf }) => {
    const size = bytes === null ? 'size not known' : formatBytes(fromWireInteger(bytes));
    return `${name}: ${size}, ${state}${asOf === null ? '' : `, data of ${asOf}`}`;
  });
  return [
    `${subjectOf(digest)} (${at})`,
    '',
    ...(lines.length === 0 ? [] : [...lines, '']),
    ...sizes,
    ...incomplete.map(({ connectionName, reason }) => `Not known: ${connectionName}: ${reason}`),
    '',
  ].join('\n');
}
