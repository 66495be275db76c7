import { formatCounted } from '#shared/counted.ts';
import { doneEntries } from '../../changes/journal/journal.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import type { ArchiveRecord } from '../../store/archive/archive-record.ts';
import type { ReplacementEntries } from '../../store/archive/restore.ts';

/** Which decision put another file, or a lesser one, in the archive's place. */
type Replacement = 'restore' | 'begin-new' | 'continue';

const titles: Record<Replacement, string> = {
  restore: 'Restore a backup of the archive',
  'begin-new': 'Start a new archive',
  continue: 'Continue with an incomplete archive',
};

/** The journal's entry of a restore, of a new archive, or of going on with an incomplete one. */
export function replacementEntries(
  { id, name, endpoint }: SavedConnection,
  replacement: Replacement,
): ReplacementEntries {
  return ({ backup, before, after, left }) =>
    doneEntries(
      {
        connectionId: id,
        connectionName: name,
        endpoint,
        operation: `archive.${replacement === 'restore' ? 'restore' : 'decide'}`,
        title: titles[replacement],
        target: { kind: 'connection', id, name },
        before: { archive: before ? contents(before) : null },
        after: {
          archive: backup
            ? `${contents(after)}, from ${backup.fileName} of ${backup.takenAt}`
            : contents(after),
        },
        input: { replacement, fileName: backup?.fileName ?? null, left },
        ticket: null,
        runId: null,
      },
      Date.now(),
    );
}

function contents({ objects, entries }: ArchiveRecord): string {
  return `${formatCounted(objects, 'statistics object')}, ${formatCounted(entries, 'journal entry')}`;
}
