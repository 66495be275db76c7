import { z } from 'zod';
import { defineCall } from './define.ts';

/** Where secrets are kept: the OS keychain, or this process's memory until it ends. */
export const secretStoreKind = z.enum(['keychain', 'memory']);

const secretStoreFields = {
  secretStore: secretStoreKind,
  /** Why secrets are only in memory, where they are. */
  secretStoreReason: z.string().optional(),
};

/** Something the console has to say of itself: a snapshot set aside, a keychain that is missing. */
export const notice = z.object({
  id: z.string(),
  severity: z.enum(['information', 'warning', 'error']),
  message: z.string(),
  hint: z.string(),
  at: z.iso.datetime(),
});

/** Calls about the console itself. */
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
    }),
  }),
  /**
   * Asks a keychain that failed once more (its keyring may have been unlocked since); secrets that were
   * kept in memory meanwhile move to it.
   */
  'app.retryKeychain': defineCall({
    input: z.object({}),
    output: z.object(secretStoreFields),
  }),
  'app.dismissNotice': defineCall({
    input: z.object({ id: z.string() }),
    output: z.null(),
  }),
};
