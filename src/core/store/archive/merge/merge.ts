import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';
import type { archiveMergeResult } from '#shared/contract/archive.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { inTransaction } from '../../sqlite/database.ts';
import { sha256 } from '../file/encodings.ts';
import {
  type JournalSummary,
  journalsOf,
  mergeJournalStep,
  previewJournals,
  summarise,
} from './merge-journals.ts';
import { ObjectMerge } from './merge-objects.ts';
import { takePlans, type WholePlan } from './merge-plans.ts';
import { countNewInRegisters, mergeRegisters, type RegisterCounts } from './merge-registers.ts';
import { countNewLooks, mergeSizes } from './merge-sizes.ts';
import {
  type ClusterFinding,
  compareClusters,
  copyOtherArchive,
  dropCopy,
  openCopy,
} from './other-archive.ts';

type Row = Record<string, unknown>;

/** What a merge brings in addition to objects, sizes and journals. */
type DecisionCounts = Pick<
  z.output<typeof archiveMergeResult>,
  'tariffs' | 'differingTariffs' | 'silences'
>;

/**
 * Takes over names of users, tariffs and decisions about silent hours; call it in a transaction. What
 * is here already stays as it is.
 */
function mergeDecisions(own: DatabaseSync, other: DatabaseSync): DecisionCounts {
  const names = own.prepare(
    `INSERT INTO known_user VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE
     SET email = excluded.email, seen_at = excluded.seen_at WHERE excluded.seen_at > seen_at`,
  );
  for (const row of other.prepare('SELECT user_id, email, seen_at FROM known_user').iterate()) {
    names.run(String(row.user_id), String(row.email), Number(row.seen_at));
  }
  return { ...mergeTariffs(own, other), silences: mergeSilences(own, other) };
}

function mergeTariffs(own: DatabaseSync, other: DatabaseSync) {
  const find = own.prepare('SELECT body FROM tariff WHERE tariff_id = ? AND version = ?');
  const add = own.prepare('INSERT INTO tariff VALUES (?, ?, ?, ?)');
  const counts = { tariffs: 0, differingTariffs: 0 };
  for (const row of other.prepare('SELECT * FROM tariff').iterate()) {
    const [id, version] = [String(row.tariff_id), Number(row.version)];
    const known = find.get(id, version);
    if (!known) {
      add.run(id, version, String(row.body), Number(row.saved_at));
      counts.tariffs += 1;
    } else if (known.body !== row.body) counts.differingTariffs += 1;
  }
  return counts;
}

function mergeSilences(own: DatabaseSync, other: DatabaseSync): number {
  const columns = 'service, from_hour, to_hour, reason, operator, accepted_at, kind';
  const find = own.prepare(
    `SELECT id, withdrawn_at FROM accepted_gap WHERE service = ? AND from_hour = ? AND to_hour = ?
       AND reason = ? AND operator = ? AND accepted_at = ? AND kind = ?`,
  );
  const add = own.prepare(
    `INSERT INTO accepted_gap (${columns}, withdrawn_by, withdrawn_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const withdraw = own.prepare(
    'UPDATE accepted_gap SET withdrawn_by = ?, withdrawn_at = ? WHERE id = ?',
  );
  let added = 0;
  for (const row of other.prepare('SELECT * FROM accepted_gap ORDER BY id').iterate()) {
    const gap = valuesOf(row);
    const back = [row.withdrawn_by as string | null, row.withdrawn_at as bigint | null] as const;
    const known = find.get(...gap);
    if (!known) {
      add.run(...gap, ...back);
      added += 1;
    } else if (known.withdrawn_at === null && row.withdrawn_at !== null) {
      withdraw.run(...back, known.id as bigint);
    }
  }
  return added;
}

function valuesOf(row: Row): [string, bigint, bigint, string, string, bigint, string] {
  return [
    String(row.service),
    row.from_hour as bigint,
    row.to_hour as bigint,
    String(row.reason),
    String(row.operator),
    row.accepted_at as bigint,
    String(row.kind),
  ];
}

/** What another archive holds, and what a merge would bring. Times of objects Unix seconds. */
export interface MergePreview
  extends ClusterFinding,
    Pick<
      CallOutput<'archive.mergePreview'>,
      'digest' | 'bytes' | 'objects' | 'sizes' | 'registers'
    > {
  from: number | null;
  to: number | null;
  journals: JournalSummary[];
}

/** The other archive's file, and where its copy is while it is read. */
interface MergeFiles {
  path: string;
  copy: string;
}

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
  return sha256(`${path}\n${size}\n${mtimeMs}`);
}

/** A merge in steps, each in its own transaction: one that ends in the middle is begun again. */
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
    mergeRest: ({
      copy,
      by,
    }: {
      copy: string;
      by: string;
    }): DecisionCounts & RegisterCounts & { sizes: number } =>
      inTransaction(database, () => ({
        ...mergeDecisions(database, opened(copy).other),
        ...mergeRegisters(database, opened(copy).other, by),
        sizes: mergeSizes(database, opened(copy).other),
      })),
    /** @returns how many entries came; 0 when none is left */
    mergeJournals: (input: { copy: string; source: string; now: number }): number =>
      mergeJournalStep(database, opened(input.copy).other, input.source, input.now),
    /** Takes over plans that came in another file, where they are not here yet; returns how many came. */
    takePlans: (plans: readonly WholePlan[]): number => takePlans(database, plans),
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
