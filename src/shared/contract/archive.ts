import { z } from 'zod';
import { appErrorData, defineCall, nothing, onConnection, timestamp } from './define.ts';
import { journalChain } from './journal.ts';

/** A copy of the archive, taken on demand or before its format changed. */
const archiveBackup = z.object({
  fileName: z.string(),
  path: z.string(),
  takenAt: timestamp,
  /** `demand`, `before-v2`, `before-restore` … */
  reason: z.string(),
  bytes: z.int(),
});

const archiveStatus = z.object({
  path: z.string(),
  /**
   * `sound`: checked whole. `checking`: in use, the check of a large file still runs. `damaged`,
   * `newer`: left as it is, nothing is written.
   */
  state: z.enum(['sound', 'checking', 'damaged', 'newer']),
  /** Whether a damaged archive is open to read what can be read. */
  readOnly: z.boolean(),
  error: appErrorData.optional(),
  /**
   * What is damaged: `file` fails SQLite's check, `missing` and `empty` though there was an archive,
   * `incomplete` lacks what was on record.
   */
  damage: z.enum(['file', 'missing', 'empty', 'incomplete']).optional(),
  bytes: z.int(),
  /** Format of the file. */
  version: z.int(),
  objects: z.int(),
  counters: z.int(),
  /** Start of the oldest and end of the newest period archived. */
  from: timestamp.nullable(),
  to: timestamp.nullable(),
  newestBackup: archiveBackup.nullable(),
});

const mergedObjects = z.object({
  /** Not in this archive: taken over. */
  new: z.int(),
  /** Here with the same content. */
  same: z.int(),
  /** Here with other content: both are kept and wait for a decision (`usage.conflicts`). */
  conflicting: z.int(),
  /** Here with other content, one of the two read too early: the later counts, both are kept. */
  grown: z.int(),
  /** Their content there does not match its digest: omitted. */
  unreadable: z.int(),
});

const archiveMergePreview = z.object({
  path: z.string(),
  /** Pass it to `archive.merge`, which merges only what was previewed. */
  digest: z.string(),
  bytes: z.int(),
  /** `unknown`: one of the two has no users yet, so the operator has to confirm that it is the same. */
  cluster: z.enum(['same', 'unknown']),
  evidence: z.string(),
  objects: mergedObjects,
  from: timestamp.nullable(),
  to: timestamp.nullable(),
  /** `new`: entries that are not in this archive yet. */
  journals: z.array(journalChain.extend({ new: z.int() })),
  sizes: z.object({ all: z.int(), new: z.int() }),
  /** Issued statements, bulk runs, change plans and key campaigns there that are not here, or further than here. */
  registers: z.object({
    statements: z.int(),
    runs: z.int(),
    plans: z.int(),
    campaigns: z.int(),
  }),
});

export const archiveMergeResult = z.object({
  objects: mergedObjects,
  journalEntries: z.int(),
  /** Refreshes with sizes. */
  sizes: z.int(),
  tariffs: z.int(),
  /** Versions of tariffs that differ here: this archive's count. */
  differingTariffs: z.int(),
  /** Hours accepted as silent. */
  silences: z.int(),
  /** Issued statements, with the numbers they were given there. */
  statements: z.int(),
  /** Their content there does not match its digest: omitted. */
  damagedStatements: z.int(),
  /** Bulk runs that are new, or continued there since the last merge. */
  runs: z.int(),
  /** Change plans that are not here as they are there: each a copy with its own id. */
  plans: z.int(),
  /** Key campaigns that are new, or that were changed there last. */
  campaigns: z.int(),
});

const otherArchive = onConnection.extend({
  /** Absolute path of the other archive's file, or of one of its backups, on the computer of the console. */
  path: z.string().min(1).max(4096),
});

/** Calls about the archive's file: what can't be fetched again. */
export const archiveContract = {
  'archive.status': defineCall({ input: onConnection, output: archiveStatus }),
  'archive.backup': defineCall({ input: onConnection, output: archiveBackup, writes: true }),
  'archive.backups': defineCall({ input: onConnection, output: z.array(archiveBackup) }),
  /** Puts a backup in the archive's place. The file that was there is kept next to it. */
  'archive.restore': defineCall({
    input: onConnection.extend({
      fileName: z.string().regex(/^archive-(set-aside-)?[0-9TZ]+(-[a-z0-9-]+)?\.sqlite$/),
    }),
    output: z.object({ restored: archiveBackup, setAside: z.string().nullable() }),
    writes: true,
  }),
  /**
   * Says what merging the archive of another workstation would bring; nothing is changed. Refuses one
   * of another cluster, a damaged and a newer one.
   */
  'archive.mergePreview': defineCall({ input: otherArchive, output: archiveMergePreview }),
  /**
   * Takes over what another archive of the same cluster holds: objects by name and digest, sizes,
   * tariffs, silent hours, issued statements, bulk runs, change plans, key campaigns, and its journals
   * next to this one. Done twice it changes nothing. Journalled.
   * Yields a task; its result is an `archiveMergeResult`.
   */
  'archive.merge': defineCall({
    input: otherArchive.extend({
      digest: z.string(),
      /** Confirms the cluster where `cluster` is `unknown`. */
      sameCluster: z.boolean().default(false),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /**
   * Settles a damaged archive without a backup. `continue`: an incomplete one is used as it is.
   * `begin-new`: a new archive begins; the file that was there is kept among the backups. Either is an
   * entry in the journal.
   */
  'archive.decide': defineCall({
    input: onConnection.extend({ decision: z.enum(['continue', 'begin-new']) }),
    output: z.object({ setAside: z.string().nullable() }),
    writes: true,
  }),
  /** Opens a damaged archive to read and export what can be read; every write stays refused. */
  'archive.openReadOnly': defineCall({ input: onConnection, output: nothing }),
};
