import { z } from 'zod';
import { appErrorData, connectionId, defineCall, nothing, timestamp } from './define.ts';

/** Where secrets are kept: the OS keychain, or this process's memory until it ends. */
const secretStoreKind = z.enum(['keychain', 'memory']);

const secretStoreFields = {
  secretStore: secretStoreKind,
  /** Why secrets are only in memory, where they are. */
  secretStoreReason: z.string().optional(),
};

/** A message about the console itself: a snapshot set aside, a missing keychain. */
const notice = z.object({
  id: z.string(),
  severity: z.enum(['information', 'warning', 'error']),
  message: z.string(),
  hint: z.string(),
  at: z.iso.datetime(),
});

/** An update that was begun, and whether the next start was of its version. */
export const pastUpdate = z.object({
  from: z.string(),
  to: z.string(),
  at: z.iso.datetime(),
  feedUrl: z.string(),
  installed: z.boolean(),
});

const updates = z.object({
  /** Why this installation can't update itself; null where it can. */
  reason: z.string().nullable(),
  feedUrl: z.string().nullable(),
  /** The administrator's policy names the feed, or keeps updates off. */
  setByPolicy: z.boolean(),
  state: z.enum(['off', 'idle', 'checking', 'available', 'downloading', 'ready']),
  /** The newer version that the feed has. */
  version: z.string().nullable(),
  checkedAt: z.iso.datetime().nullable(),
  /** Why the last check or download failed. */
  error: appErrorData.nullable(),
  history: z.array(pastUpdate),
});

export const forbiddenByPolicy = z.enum([
  'plainHttp',
  'revealSecrets',
  'exportSecrets',
  'exportClusters',
  'addConnections',
]);

export const appContract = {
  'app.info': defineCall({
    input: z.object({}),
    output: z.object({
      version: z.string(),
      shell: z.enum(['desktop', 'web']),
      ...secretStoreFields,
      dataDir: z.string(),
      logFile: z.string().optional(),
      notices: z.array(notice),
      /** What the administrator of this machine set, and in which file; null where there is no policy. */
      policy: z
        .object({
          path: z.string(),
          organization: z.string().nullable(),
          forbidden: z.array(forbiddenByPolicy),
          idleMinutes: z.int().nullable(),
          connections: z.int(),
        })
        .nullable(),
    }),
  }),
  /**
   * Locks clusters that are unlocked, forgets secrets that are asked for each time, and hides what pages
   * show of secrets: as the desktop console does when its screen is locked or nobody uses it. Clusters that
   * are being changed stay as they are.
   */
  'app.secure': defineCall({
    input: z.object({}),
    output: z.object({
      locked: z.int(),
      /** Clusters still to be secured, since changes are in progress: ask again. */
      inProgress: z.int(),
    }),
    writes: true,
  }),
  /**
   * Asks a keychain that failed once more (its keyring may have been unlocked since); secrets that were
   * kept in memory meanwhile move to it.
   */
  'app.retryKeychain': defineCall({
    input: z.object({}),
    output: z.object(secretStoreFields),
  }),
  'app.updates': defineCall({ input: z.object({}), output: updates }),
  /** Sets the feed that updates come from; null turns updates off, the default. */
  'app.setUpdateFeed': defineCall({
    input: z.object({ feedUrl: z.string().trim().min(1).max(2000).nullable() }),
    output: updates,
    writes: true,
  }),
  'app.checkForUpdates': defineCall({ input: z.object({}), output: updates }),
  /** Downloads the version that was found, as a task. */
  'app.downloadUpdate': defineCall({ input: z.object({}), output: updates, writes: true }),
  /** Ends the console, installs what was downloaded and starts it; refused while work is in progress. */
  'app.installUpdate': defineCall({ input: z.object({}), output: nothing, writes: true }),
  'app.dismissNotice': defineCall({
    input: z.object({ id: z.string() }),
    output: z.null(),
  }),
};

/** The state of a task. `total` is null while it is not known. */
export const taskSummary = z.object({
  taskId: z.string(),
  connectionId: connectionId.nullable(),
  /** What kind of work: `sync.refresh`, `usage.collect`, `bulk.apply` … */
  kind: z.string(),
  title: z.string(),
  state: z.enum(['running', 'paused', 'succeeded', 'failed', 'cancelled', 'interrupted']),
  done: z.int(),
  total: z.int().nullable(),
  /** Items that failed so far. */
  failed: z.int(),
  /** Items that were looked at and are left to somebody's decision, or to data that is not there yet. */
  waiting: z.int().optional(),
  /** Why the first item that failed or waits does so, in words. */
  reason: z.string().optional(),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
  /** Where the work is now, in words. */
  stage: z.string().optional(),
  /** What the work is on, where that has its own page: the id of a bulk run, a period. */
  about: z.string().optional(),
  canPause: z.boolean(),
  /** A finished task stays until it was read. */
  read: z.boolean(),
  error: appErrorData.optional(),
});

const taskReference = z.object({ connectionId: connectionId.optional(), taskId: z.string() });

export const tasksContract = {
  'tasks.list': defineCall({
    input: z.object({ connectionId: connectionId.optional() }),
    output: z.array(taskSummary),
  }),
  'tasks.get': defineCall({
    input: taskReference,
    output: taskSummary.extend({ result: z.unknown().optional() }),
  }),
  'tasks.cancel': defineCall({ input: taskReference, output: nothing }),
  'tasks.pause': defineCall({ input: taskReference, output: nothing }),
  'tasks.resume': defineCall({ input: taskReference, output: nothing }),
  'tasks.markRead': defineCall({ input: taskReference, output: nothing }),
};
