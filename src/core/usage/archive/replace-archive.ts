import type { ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { doneEntries, type Journal } from '../../changes/journal/journal.ts';
import type { Archives, ClusterWork } from '../../clusters/archives.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import { makeWay } from '../../clusters/connections/work-under-way.ts';
import type { ArchiveDamage } from '../../store/archive/file/archive-errors.ts';
import type { ArchiveRecord } from '../../store/archive/file/archive-record.ts';
import { aboutConnection } from '../../store/archive/journal-port.ts';
import type { KeptKey } from '../../store/archive/queries/journal-seal.ts';
import {
  beginNewArchive,
  continueIncomplete,
  type ReplacementEntries,
  restoreBackup,
} from '../../store/archive/restore.ts';

export interface ReplaceDependencies extends ClusterWork {
  journal: Journal;
}

/** Puts a backup in the archive's place; what was there is kept among the backups. */
export function restoreArchive(
  dependencies: ReplaceDependencies,
  { connectionId, fileName }: ParsedInput<'archive.restore'>,
) {
  return replace(dependencies, connectionId, async (directory, connection) => {
    const damage = await damageOf(dependencies.archives, connectionId);
    const reason = damage ? asideNames[damage] : 'before-restore';
    const entries = replacementEntries(connection, 'restore');
    return (key) => restoreBackup(directory, fileName, { reason, entries, key });
  });
}

/**
 * Begins a new archive in place of a damaged one, or continues one that lacks something.
 * @throws AppError `INPUT_INVALID` where that does not apply
 */
export function decideOnArchive(
  dependencies: ReplaceDependencies,
  { connectionId, decision }: ParsedInput<'archive.decide'>,
) {
  return replace(dependencies, connectionId, async (directory, connection) => {
    const damage = await damageOf(dependencies.archives, connectionId);
    if (!damage || (decision === 'continue' && damage !== 'incomplete')) throw nothingToDecide();
    const entries = replacementEntries(connection, decision);
    return (key) => {
      if (decision === 'begin-new') {
        return beginNewArchive(directory, { reason: asideNames[damage], entries, key });
      }
      continueIncomplete(directory, entries, key);
      return { setAside: null };
    };
  });
}

const asideNames: Record<ArchiveDamage, string> = {
  file: 'damaged',
  missing: 'damaged',
  empty: 'damaged',
  incomplete: 'incomplete',
};

/** Changes the archive's file while nothing else is under way, in this process or in another. */
async function replace<Result>(
  { clusters, archives, events, tasks, journal }: ReplaceDependencies,
  connectionId: string,
  plan: (
    directory: string,
    connection: SavedConnection,
  ) => Promise<(key: KeptKey | null) => Result>,
): Promise<Result> {
  const { connection } = await clusters.get(connectionId);
  const directory = await clusters.directory(connectionId);
  const assertUnused = async (): Promise<void> => {
    await makeWay(tasks, connection, 'restore');
    journal.assertIdle(connectionId, 'its archive was not replaced');
  };
  await assertUnused();
  const work = await plan(directory, connection);
  await assertUnused();
  const result = await archives.replace(connectionId, directory, work);
  await archives.get(connectionId);
  events.emit('data.changed', { connectionId, topics: ['usage', 'journal'] });
  return result;
}

/** What is wrong with an archive; null where it opens. Throws where it must not be replaced. */
async function damageOf(archives: Archives, connectionId: string): Promise<ArchiveDamage | null> {
  try {
    const archive = await archives.get(connectionId);
    if (!archive.isInPlace) return 'missing';
    return archive.isDamaged ? 'file' : null;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'ARCHIVE_NEWER') return null;
    if (!(thrown instanceof AppError) || thrown.code !== 'ARCHIVE_DAMAGED') throw thrown;
    return (thrown.details?.damage as ArchiveDamage | undefined) ?? 'file';
  }
}

function nothingToDecide(): AppError {
  return invalidInput(
    'That decision does not apply to this archive.',
    'Look at the archive in Settings again; its state may have changed. Nothing was done.',
  );
}

/** Which decision put another file, or a lesser one, in the archive's place. */
type Replacement = 'restore' | 'begin-new' | 'continue';

const titles: Record<Replacement, string> = {
  restore: 'Restore a backup of the archive',
  'begin-new': 'Start a new archive',
  continue: 'Continue with an incomplete archive',
};

/** The journal's entry of a restore, of a new archive, or of continuing with an incomplete one. */
function replacementEntries(
  connection: SavedConnection,
  replacement: Replacement,
): ReplacementEntries {
  return ({ backup, before, after, left }) =>
    doneEntries(
      {
        ...aboutConnection(connection),
        operation: `archive.${replacement === 'restore' ? 'restore' : 'decide'}`,
        title: titles[replacement],
        before: { archive: before ? contents(before) : null },
        after: {
          archive: backup
            ? `${contents(after)}, from ${backup.fileName} of ${backup.takenAt}`
            : contents(after),
        },
        input: { replacement, fileName: backup?.fileName ?? null, left },
      },
      Date.now(),
    );
}

function contents({ objects, entries }: ArchiveRecord): string {
  return `${formatCounted(objects, 'statistics object')}, ${formatCounted(entries, 'journal entry')}`;
}
