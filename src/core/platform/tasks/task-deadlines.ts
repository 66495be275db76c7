import { formatCounted } from '#shared/counted.ts';

const hour = 3_600_000;

/** How long a task may work, by kind, milliseconds; longer than any healthy one takes. */
const byKind: Readonly<Record<string, number>> = {
  'sync.refresh': 2 * hour,
  'bulk.preview': 12 * hour,
  'bulk.recheck': 12 * hour,
  'bulk.apply': 72 * hour,
  'inventory.start': 72 * hour,
  'usage.collect': 24 * hour,
  'usage.exportDataset': 12 * hour,
  'archive.merge': 12 * hour,
};

/** Of a kind that is not named, milliseconds. */
const usual: number = 24 * hour;

/** Yields how long a task of a kind may work, milliseconds. */
export function taskDeadline(kind: string): number {
  return byKind[kind] ?? usual;
}

/** A deadline in words: `2 hours`. */
export function deadlineText(milliseconds: number): string {
  const hours = milliseconds / hour;
  return hours >= 1 ? formatCounted(hours, 'hour') : `${milliseconds / 1000} s`;
}
