import { z } from 'zod';
import { defineCall, nothing, onConnection, timestamp } from './define.ts';
import { appErrorData } from './error-data.ts';

/** A copy of the archive, taken on demand or before its format changed. */
export const archiveBackup = z.object({
  fileName: z.string(),
  path: z.string(),
  takenAt: timestamp,
  /** `demand`, `before-v2`, `before-restore` … */
  reason: z.string(),
  bytes: z.int(),
});

/** How the archive's file stands. */
export const archiveStatus = z.object({
  path: z.string(),
  /**
   * `sound`: checked whole. `checking`: in use, the check of a large file still runs. `damaged`,
   * `newer`: left as it is, nothing is written.
   */
  state: z.enum(['sound', 'checking', 'damaged', 'newer']),
  /** Whether a damaged archive is open to read what can be read. */
  readOnly: z.boolean(),
  error: appErrorData.optional(),
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

/** Calls about the archive's file: what can't be fetched again. */
export const archiveContract = {
  'archive.status': defineCall({ input: onConnection, output: archiveStatus }),
  'archive.backup': defineCall({ input: onConnection, output: archiveBackup, writes: true }),
  'archive.backups': defineCall({ input: onConnection, output: z.array(archiveBackup) }),
  /** Puts a backup in the archive's place. The file that was there is kept beside it. */
  'archive.restore': defineCall({
    input: onConnection.extend({
      fileName: z.string().regex(/^archive-[0-9TZ]+-[a-z0-9-]+\.sqlite$/),
    }),
    output: z.object({ restored: archiveBackup, setAside: z.string().nullable() }),
    writes: true,
  }),
  /** Opens a damaged archive to read and export what can be read; every write stays refused. */
  'archive.openReadOnly': defineCall({ input: onConnection, output: nothing }),
};
