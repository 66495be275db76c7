import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { formatBytes, fromWireInteger } from '#shared/units.ts';

/** What a digest tells: the clusters at a glance and the most urgent signals. */
export interface Digest {
  at: string;
  counts: CallOutput<'signals.list'>['counts'];
  clusters: CallOutput<'signals.clusters'>;
  signals: CallOutput<'signals.list'>['rows'];
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

/** The digest as plain text, a line a signal. */
export function textOfDigest(digest: Digest): string {
  const { at, clusters, signals, incomplete } = digest;
  const lines = signals.map(
    ({ severity, connectionName, title, subject, evidence }) =>
      `${severity.toUpperCase()}  ${connectionName}  ${title}: ${subject.name}. ${evidence[0] ?? ''}`,
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
