import { randomUUID } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import type { archiveMergeResult } from '#shared/contract/archive.ts';
import type { DataTopic } from '#shared/contract/events.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError, invalidInput, toAppError } from '#shared/errors.ts';
import { type Journal, operatorName, toWireChain } from '../../changes/journal/journal.ts';
import type { ClusterWork } from '../../clusters/archives.ts';
import type { SavedConnection } from '../../clusters/clusters.ts';
import type { TaskControls } from '../../platform/tasks/task-registry.ts';
import type { Archive } from '../../store/archive/archive.ts';
import {
  aboutConnection,
  type JournalIntent,
  type JournalOutcome,
} from '../../store/archive/journal-port.ts';
import type { MergePreview } from '../../store/archive/merge/merge.ts';
import {
  noObjects,
  type ObjectCounts,
  type ObjectMerge,
} from '../../store/archive/merge/merge-objects.ts';
import { dropCopy } from '../../store/archive/merge/other-archive.ts';
import { secondsToIso } from '../coverage/report-period.ts';

interface MergeDependencies extends ClusterWork {
  journal: Pick<Journal, 'open' | 'close'>;
}

type Preview = CallOutput<'archive.mergePreview'>;
type MergeInput = Omit<ParsedInput<'archive.merge'>, 'connectionId'>;
type MergeResult = z.output<typeof archiveMergeResult>;

type MergeStep = ReturnType<ObjectMerge['step']>;

/** What a merge may have changed. */
const mergedTopics: DataTopic[] = [
  ...([
    'usage',
    'storage',
    'tariffs',
    'statements',
    'bulk',
    'plans',
    'campaigns',
    'journal',
  ] as const),
];

const kind = 'archive.merge';

/** A copy that was left behind by a process that was killed; milliseconds. */
const abandonedAfter = 86_400_000;

/** Brings the archives of two workstations together: one merge at a time for each connection. */
export class ArchiveMerges {
  readonly #dependencies: MergeDependencies;

  constructor(dependencies: MergeDependencies) {
    this.#dependencies = dependencies;
  }

  /** Throws `TASK_BUSY` while a merge into the archive of a connection, or a collection, is under way. */
  assertIdle(connectionId: string): void {
    const { tasks } = this.#dependencies;
    const merge = tasks.running(connectionId, kind);
    if (merge) throw merging(merge.taskId);
    const collection = tasks.running(connectionId, 'usage.collect');
    if (collection) throw collecting(collection.taskId);
  }

  /** What a merge would bring. Rejects where the file is of another cluster or can't be read. */
  async preview(connectionId: string, path: string): Promise<Preview> {
    const archive = await this.#dependencies.archives.get(connectionId);
    return toWire(path, await previewOf(archive, path));
  }

  async start(connectionId: string, input: MergeInput): Promise<{ taskId: string }> {
    const { clusters, archives, tasks, events } = this.#dependencies;
    const { connection } = await clusters.get(connectionId);
    const archive = await archives.get(connectionId);
    this.assertIdle(connectionId);
    const preview = await previewOf(archive, input.path);
    if (preview.cluster === 'unknown' && !input.sameCluster) throw notCertain(preview);
    this.assertIdle(connectionId);
    const { taskId } = tasks.start({
      kind,
      title: `Merge an archive into that of ${connection.name}`,
      connectionId,
      run: async (controls) => {
        try {
          return await this.#journalled(connection, input.path, () =>
            mergeInto(archive, input, controls),
          );
        } finally {
          events.emit('data.changed', { connectionId, topics: mergedTopics });
        }
      },
    });
    return { taskId };
  }

  /** As one entry: its intent before anything is taken over, its outcome with what came. */
  async #journalled(
    connection: SavedConnection,
    path: string,
    merge: () => Promise<MergeResult>,
  ): Promise<MergeResult> {
    const { journal } = this.#dependencies;
    const journalId = await journal.open(intentOf(connection, path));
    const close = (outcome: Pick<JournalOutcome, 'result' | 'error' | 'after'>): Promise<void> =>
      journal.close(connection.id, journalId, { requestId: null, ...outcome });
    try {
      const result = await merge();
      await close({ result: 'done', error: null, after: { archive: wordsOf(result) } });
      return result;
    } catch (thrown) {
      await close({ result: 'refused', error: toAppError(thrown).toData() });
      throw thrown;
    }
  }
}

async function previewOf(archive: Archive, path: string): Promise<MergePreview> {
  if (!isAbsolute(path)) throw notAbsolute();
  dropAbandoned(archive.directory);
  const copy = copyPath(archive.directory);
  try {
    const preview = await archive.onOwnThread((read) => read('previewMerge', { path, copy }), {
      always: true,
    });
    if (preview.cluster === 'different') throw ofAnotherCluster(path, preview);
    return preview;
  } finally {
    dropCopy(copy);
  }
}

function copyPath(directory: string): string {
  return join(directory, `merging-${randomUUID()}.sqlite`);
}

function dropAbandoned(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (!/^merging-[0-9a-f-]{36}\.sqlite$/.test(name)) continue;
    const path = join(directory, name);
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - touched > abandonedAfter) dropCopy(path);
  }
}

async function mergeInto(
  archive: Archive,
  { path, digest }: MergeInput,
  { checkpoint, progress }: TaskControls,
): Promise<MergeResult> {
  const copy = copyPath(archive.directory);
  try {
    const total = await archive.write('beginMerge', { path, copy, digest });
    const objects = noObjects();
    let done = 0;
    progress({ total, stage: 'Statistics objects' });
    for (let after: number | null = 0; after !== null; ) {
      await checkpoint();
      const step: MergeStep = await archive.write('mergeObjects', { copy, after, now: Date.now() });
      for (const name of Object.keys(objects) as (keyof ObjectCounts)[]) {
        objects[name] += step.counts[name];
        done += step.counts[name];
      }
      progress({ done, failed: objects.unreadable });
      after = step.next;
    }
    await checkpoint();
    progress({ stage: 'Sizes, registers and journals' });
    const rest = await archive.write('mergeRest', { copy, by: operatorName() });
    return {
      objects,
      ...rest,
      journalEntries: await mergeJournals(archive, path, copy, checkpoint),
    };
  } finally {
    await archive.write('endMerge', { copy }).catch(() => undefined);
    dropCopy(copy);
  }
}

async function mergeJournals(
  archive: Archive,
  path: string,
  copy: string,
  checkpoint: TaskControls['checkpoint'],
): Promise<number> {
  let entries = 0;
  for (;;) {
    await checkpoint();
    const source = basename(path);
    const came = await archive.write('mergeJournals', { copy, source, now: Date.now() });
    if (came === 0) return entries;
    entries += came;
  }
}

function toWire(path: string, { from, to, journals, cluster, ...preview }: MergePreview): Preview {
  return {
    path,
    ...preview,
    cluster: cluster === 'same' ? 'same' : 'unknown',
    from: from === null ? null : secondsToIso(from),
    to: to === null ? null : secondsToIso(to),
    journals: journals.map((journal) => ({ ...toWireChain(journal), new: journal.new })),
  };
}

function intentOf(connection: SavedConnection, path: string): JournalIntent {
  return {
    ...aboutConnection(connection),
    operation: 'archive.merge',
    title: 'Merge archive',
    before: { archive: 'of this workstation' },
    after: { archive: `with what ${path} holds` },
    input: { path },
    requests: [],
  };
}

function wordsOf({ objects, sizes, journalEntries, ...result }: MergeResult): string {
  const counted = [
    [objects.new, 'new statistics object'],
    [objects.same, 'the same', 'the same'],
    [objects.conflicting, 'conflicting, both kept', 'conflicting, both kept'],
    [objects.grown, 'read later there or here, both kept', 'read later there or here, both kept'],
    [objects.unreadable, 'unreadable, skipped', 'unreadable, skipped'],
    [sizes, 'refresh with sizes', 'refreshes with sizes'],
    [journalEntries, 'journal entry', 'journal entries'],
    [result.tariffs, 'tariff version'],
    [
      result.differingTariffs,
      'tariff version that differs, skipped',
      'tariff versions that differ, skipped',
    ],
    [result.silences, 'decision about missing hours', 'decisions about missing hours'],
    [result.statements, 'issued statement'],
    [
      result.damagedStatements,
      'issued statement that is damaged, skipped',
      'issued statements that are damaged, skipped',
    ],
    [result.runs, 'bulk run'],
    [result.plans, 'change plan'],
    [result.campaigns, 'key campaign'],
  ] as const;
  const parts = counted.flatMap(([count, one, many]) =>
    count === 0 ? [] : [formatCounted(count, one, many)],
  );
  return parts.length === 0 ? 'nothing was missing' : `taken over: ${parts.join('; ')}`;
}

function ofAnotherCluster(path: string, { evidence }: MergePreview): AppError {
  return invalidInput(
    `${path} is the archive of another cluster. ${evidence}`,
    'Nothing was changed. Merge it into the archive of its own cluster.',
  );
}

function notCertain({ evidence }: MergePreview): AppError {
  return new AppError({
    code: 'CONFIRMATION_REQUIRED',
    message: `It is not certain that the archive is of this cluster. ${evidence}`,
    hint: 'Refresh the cluster first, so that its users are known, or confirm that it is the same cluster.',
  });
}

function notAbsolute(): AppError {
  return invalidInput(
    'This is not an absolute path.',
    'Enter an absolute path of a file on the computer on which the console runs.',
  );
}

function collecting(taskId: string): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Statistics are being collected into this archive.',
    hint: 'Wait for the collection under way, or cancel it, then merge. Nothing was changed.',
    retryable: true,
    details: { taskId },
  });
}

function merging(taskId: string): AppError {
  return new AppError({
    code: 'TASK_BUSY',
    message: 'Another archive is being merged into this one.',
    hint: 'Wait for the task under way, or cancel it.',
    details: { taskId },
  });
}
