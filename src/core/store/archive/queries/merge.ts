import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { type DecisionCounts, mergeDecisions } from '../merge/merge-decisions.ts';
import {
  type JournalSummary,
  journalsOf,
  mergeJournalStep,
  previewJournals,
  summarise,
} from '../merge/merge-journals.ts';
import { type ObjectCounts, ObjectMerge } from '../merge/merge-objects.ts';
import {
  countNewInRegisters,
  mergeRegisters,
  type RegisterCounts,
} from '../merge/merge-registers.ts';
import { countNewLooks, mergeSizes } from '../merge/merge-sizes.ts';
import { copyOtherArchive, dropCopy, openCopy } from '../merge/other-archive.ts';
import { type ClusterFinding, compareClusters } from '../merge/same-cluster.ts';

/** What another archive holds, and what a merge would bring. Times of objects Unix seconds. */
export interface MergePreview extends ClusterFinding {
  /** Names the file as it was: SHA-256 over its path, size and time. */
  digest: string;
  bytes: number;
  objects: ObjectCounts;
  from: number | null;
  to: number | null;
  journals: JournalSummary[];
  /** Size records: refreshes there, and of these not here. */
  sizes: { all: number; new: number };
  /** Issued statements and ended bulk runs there that are not here. */
  registers: { statements: number; runs: number };
}

/** The other archive's file, and where its copy lies while it is read. */
export interface MergeFiles {
  path: string;
  copy: string;
}

/** Questions about merging. */
export function mergeReaders(database: DatabaseSync, path: string) {
  return {
    previewMerge: ({ path: other, copy }: MergeFiles): MergePreview => {
      const digest = fileDigest(other);
      copyOtherArchive(other, path, copy);
      try {
        return { ...previewMerge(database, copy), digest, bytes: statSync(copy).size };
      } finally {
        dropCopy(copy);
      }
    },
    /** Journals that were merged, oldest merge first, each with its chain recomputed. */
    mergedJournals: () => {
      const find = database.prepare('SELECT source, merged_at FROM merged_journal WHERE chain = ?');
      return journalsOf(database).flatMap((journal) => {
        const row = journal.chain === null ? undefined : find.get(journal.chain);
        if (!row) return [];
        const { source, merged_at: mergedAt } = row;
        return [{ ...summarise(journal), source: String(source), mergedAt: Number(mergedAt) }];
      });
    },
  };
}

function previewMerge(own: DatabaseSync, copy: string): Omit<MergePreview, 'digest' | 'bytes'> {
  const other = openCopy(copy);
  try {
    const count = (table: string): number =>
      Number(other.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    const extent = other
      .prepare('SELECT min(start) AS first, max(start + period) AS last FROM usage_object')
      .get();
    return {
      ...compareClusters(own, other),
      objects: new ObjectMerge(own, other).preview(),
      from: extent?.first == null ? null : Number(extent.first),
      to: extent?.last == null ? null : Number(extent.last),
      journals: previewJournals(own, other),
      sizes: { all: count('size_refresh'), new: countNewLooks(own, other) },
      registers: countNewInRegisters(own, other),
    };
  } finally {
    other.close();
  }
}

/** Tells whether a file is the one that was previewed, without reading gigabytes. */
function fileDigest(path: string): string {
  const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
  return createHash('sha256').update(`${path}\n${size}\n${mtimeMs}`).digest('hex');
}

/** A merge in steps, each a transaction of its own: one that ends in the middle is begun again. */
export function mergeWriters(database: DatabaseSync) {
  let merge: { copy: string; other: DatabaseSync; objects: ObjectMerge } | null = null;
  const opened = (copy: string) => {
    if (merge?.copy !== copy) {
      const other = openCopy(copy);
      merge = { copy, other, objects: new ObjectMerge(database, other) };
    }
    return merge;
  };
  return {
    /** @returns how many objects there are to go through */
    beginMerge: ({ path, copy, digest }: MergeFiles & { digest: string }): number => {
      if (fileDigest(path) !== digest) throw changedSince(path);
      copyOtherArchive(path, String(database.location()), copy);
      const { other } = opened(copy);
      return Number(other.prepare('SELECT count(*) AS n FROM usage_object').get()?.n);
    },
    mergeObjects: ({ copy, after, now }: { copy: string; after: number; now: number }) =>
      opened(copy).objects.step(after, now),
    mergeRest: ({ copy }: { copy: string }): DecisionCounts & RegisterCounts & { sizes: number } =>
      inTransaction(database, () => ({
        ...mergeDecisions(database, opened(copy).other),
        ...mergeRegisters(database, opened(copy).other),
        sizes: mergeSizes(database, opened(copy).other),
      })),
    /** @returns how many entries came; 0 when none is left */
    mergeJournals: (input: { copy: string; source: string; now: number }): number =>
      mergeJournalStep(database, opened(input.copy).other, input.source, input.now),
    endMerge: ({ copy }: { copy: string }): void => {
      merge?.other.close();
      merge = null;
      dropCopy(copy);
    },
  };
}

function changedSince(path: string): AppError {
  return new AppError({
    code: 'TARGET_CHANGED',
    message: `${path} changed since the preview.`,
    hint: 'Preview it again. If a console still writes to it, back it up there and merge the backup.',
  });
}
