import { existsSync, statSync } from 'node:fs';
import type { CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Clusters } from '../clusters.ts';
import type { EventBus } from '../events.ts';
import type { Journal } from '../journal/journal.ts';
import type { TaskRegistry } from '../tasks/task-registry.ts';
import { archivePath } from './archive.ts';
import type { Archives } from './archives.ts';
import { listBackups } from './backups.ts';
import { ArchiveMerges } from './merge/merge-service.ts';
import { restoreBackup } from './restore.ts';

/** What the handlers of the archive work with. */
export interface ArchiveHandlerDependencies {
  clusters: Clusters;
  archives: Archives;
  events: EventBus;
  tasks: TaskRegistry;
  journal: Pick<Journal, 'open' | 'close'>;
  /** Whether work is under way that a restored file would be pulled away from under. */
  isBusy(connectionId: string): boolean;
}

type Status = CallOutput<'archive.status'>;

/** Handlers of `archive.*`. */
export function archiveHandlers(dependencies: ArchiveHandlerDependencies): HandlersOf<'archive'> {
  const { clusters, archives, events, isBusy } = dependencies;
  const merges = new ArchiveMerges(dependencies);
  return {
    'archive.status': ({ connectionId }) => readStatus(dependencies, connectionId),
    'archive.backup': async ({ connectionId }) => {
      const archive = await archives.get(connectionId);
      return archive.write('backUp', { reason: 'demand' });
    },
    'archive.backups': async ({ connectionId }) =>
      listBackups(await clusters.directory(connectionId)),
    'archive.restore': async ({ connectionId, fileName }) => {
      if (isBusy(connectionId)) throw collecting();
      merges.assertIdle(connectionId);
      const directory = await clusters.directory(connectionId);
      await archives.release(connectionId);
      const result = restoreBackup(directory, fileName);
      await archives.get(connectionId);
      events.emit('data.changed', { connectionId, topics: ['usage', 'journal'] });
      return result;
    },
    'archive.mergePreview': ({ connectionId, path }) => merges.preview(connectionId, path),
    'archive.merge': ({ connectionId, ...input }) => merges.start(connectionId, input),
    'archive.openReadOnly': async ({ connectionId }) => {
      await archives.openReadOnly(connectionId);
      return null;
    },
  };
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
    const { check } = archive;
    return {
      ...file,
      state: archive.readOnly ? 'damaged' : check.state,
      readOnly: archive.readOnly,
      ...(check.state === 'damaged' ? { error: check.error.toData() } : {}),
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

function stateOfError(thrown: unknown): 'damaged' | 'newer' | null {
  if (!(thrown instanceof AppError)) return null;
  if (thrown.code === 'ARCHIVE_DAMAGED') return 'damaged';
  return thrown.code === 'ARCHIVE_NEWER' ? 'newer' : null;
}

function toIso(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

function collecting(): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Statistics are being collected into this archive.',
    hint: 'Cancel the collection or wait for it, then restore.',
  });
}
