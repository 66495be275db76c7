import { existsSync, statSync } from 'node:fs';
import type { CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Journal } from '../changes/journal/journal.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters, SavedConnection } from '../clusters/clusters.ts';
import { makeWay } from '../clusters/connections/work-under-way.ts';
import type { EventBus } from '../platform/events.ts';
import type { TaskRegistry } from '../platform/tasks/task-registry.ts';
import { type Archive, archivePath } from '../store/archive/archive.ts';
import { type ArchiveDamage, archiveReplaced } from '../store/archive/archive-errors.ts';
import { listBackups } from '../store/archive/backups.ts';
import { beginNewArchive, continueIncomplete, restoreBackup } from '../store/archive/restore.ts';
import type { ArchiveMerges } from '../usage/archive/merge-service.ts';
import { replacementEntries } from '../usage/archive/replacement-entries.ts';

interface ArchiveHandlerDependencies {
  clusters: Clusters;
  archives: Archives;
  events: EventBus;
  tasks: TaskRegistry;
  journal: Journal;
  merges: ArchiveMerges;
}

type Status = CallOutput<'archive.status'>;

export function archiveHandlers(dependencies: ArchiveHandlerDependencies): HandlersOf<'archive'> {
  const { clusters, archives, merges } = dependencies;
  return {
    'archive.status': ({ connectionId }) => readStatus(dependencies, connectionId),
    'archive.backup': async ({ connectionId }) => {
      const archive = await archives.get(connectionId);
      return archive.write('backUp', { reason: 'demand' });
    },
    'archive.backups': async ({ connectionId }) =>
      listBackups(await clusters.directory(connectionId)),
    'archive.restore': ({ connectionId, fileName }) =>
      replace(dependencies, connectionId, async (directory, connection) => {
        const damage = await damageOf(archives, connectionId);
        const reason = damage ? asideNames[damage] : 'before-restore';
        const entries = replacementEntries(connection, 'restore');
        return () => restoreBackup(directory, fileName, { reason, entries });
      }),
    'archive.decide': ({ connectionId, decision }) =>
      replace(dependencies, connectionId, async (directory, connection) => {
        const damage = await damageOf(archives, connectionId);
        if (!damage || (decision === 'continue' && damage !== 'incomplete'))
          throw nothingToDecide();
        const entries = replacementEntries(connection, decision);
        return () => {
          if (decision === 'begin-new') {
            return beginNewArchive(directory, { reason: asideNames[damage], entries });
          }
          continueIncomplete(directory, entries);
          return { setAside: null };
        };
      }),
    'archive.mergePreview': ({ connectionId, path }) => merges.preview(connectionId, path),
    'archive.merge': ({ connectionId, ...input }) => merges.start(connectionId, input),
    'archive.openReadOnly': async ({ connectionId }) => {
      await archives.openReadOnly(connectionId);
      return null;
    },
  };
}

const asideNames: Record<ArchiveDamage, string> = {
  file: 'damaged',
  missing: 'damaged',
  empty: 'damaged',
  incomplete: 'incomplete',
};

/** Changes the archive's file while nothing else is under way, in this process or in another. */
async function replace<Result>(
  { clusters, archives, events, tasks, journal }: ArchiveHandlerDependencies,
  connectionId: string,
  plan: (directory: string, connection: SavedConnection) => Promise<() => Result>,
): Promise<Result> {
  const { connection } = await clusters.get(connectionId);
  const directory = await clusters.directory(connectionId);
  const assertUnused = async (): Promise<void> => {
    await makeWay(tasks, connection, 'restore');
    journal.assertIdle(connectionId);
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
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'That decision does not apply to this archive.',
    hint: 'Look at the archive in Settings again; its state may have changed. Nothing was done.',
  });
}

async function readStatus(
  { clusters, archives }: ArchiveHandlerDependencies,
  connectionId: string,
): Promise<Status> {
  const directory = await clusters.directory(connectionId);
  const newestBackup = listBackups(directory)[0] ?? null;
  try {
    const archive = await archives.get(connectionId);
    const [file, extent] = await Promise.all([
      archive.read('describeFile', undefined as never),
      archive.read('extent', undefined as never),
    ]);
    return {
      ...file,
      ...stateOf(archive),
      objects: extent.objects,
      counters: extent.counters,
      from: toIso(extent.from),
      to: toIso(extent.to),
      newestBackup,
    };
  } catch (thrown) {
    const state = stateOfError(thrown);
    if (!state || !(thrown instanceof AppError)) throw thrown;
    const path = archivePath(directory);
    return {
      path,
      state,
      readOnly: false,
      error: thrown.toData(),
      ...damageDetail(thrown),
      bytes: existsSync(path) ? statSync(path).size : 0,
      version: 0,
      objects: 0,
      counters: 0,
      from: null,
      to: null,
      newestBackup,
    };
  }
}

/** A file that was moved away is open still, and its figures are right; nothing more is written. */
function stateOf(archive: Archive): Pick<Status, 'state' | 'readOnly' | 'error'> {
  const { check, readOnly } = archive;
  if (readOnly) return { state: 'damaged', readOnly };
  if (!archive.isInPlace) {
    return { state: 'damaged', readOnly, error: archiveReplaced(archive.path).toData() };
  }
  const error = check.state === 'damaged' ? { error: check.error.toData() } : {};
  return { state: check.state, readOnly, ...error };
}

function damageDetail({ details }: AppError): Pick<Status, 'damage'> {
  const damage = details?.damage as ArchiveDamage | undefined;
  return damage ? { damage } : {};
}

function stateOfError(thrown: unknown): 'damaged' | 'newer' | null {
  if (!(thrown instanceof AppError)) return null;
  if (thrown.code === 'ARCHIVE_DAMAGED') return 'damaged';
  return thrown.code === 'ARCHIVE_NEWER' ? 'newer' : null;
}

function toIso(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
