import type { HandlersOf } from '#shared/contract/index.ts';
import { listBackups } from '../store/archive/file/backups.ts';
import { readArchiveStatus } from '../usage/archive/archive-status.ts';
import type { ArchiveMerges } from '../usage/archive/merge-service.ts';
import {
  decideOnArchive,
  type ReplaceDependencies,
  restoreArchive,
} from '../usage/archive/replace-archive.ts';

export function archiveHandlers(
  dependencies: ReplaceDependencies & { merges: ArchiveMerges },
): HandlersOf<'archive'> {
  const { clusters, archives, merges } = dependencies;
  return {
    'archive.status': ({ connectionId }) => readArchiveStatus(dependencies, connectionId),
    'archive.backup': async ({ connectionId }) => {
      const archive = await archives.get(connectionId);
      return archive.write('backUp', { reason: 'demand' });
    },
    'archive.backups': async ({ connectionId }) =>
      listBackups(await clusters.directory(connectionId)),
    'archive.restore': (input) => restoreArchive(dependencies, input),
    'archive.decide': (input) => decideOnArchive(dependencies, input),
    'archive.mergePreview': ({ connectionId, path }) => merges.preview(connectionId, path),
    'archive.merge': ({ connectionId, ...input }) => merges.start(connectionId, input),
    'archive.openReadOnly': async ({ connectionId }) => {
      await archives.openReadOnly(connectionId);
      return null;
    },
  };
}
