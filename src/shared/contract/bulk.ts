import { z } from 'zod';
import { changeError, isChange, type NumberRules } from '../entered-number.ts';
import { quotaRules, rateRules } from '../limit-resources.ts';
import { bandwidthUnit } from '../units.ts';
import { bucketFilter } from './buckets.ts';
import {
  appErrorData,
  defineCall,
  nothing,
  onConnection,
  pageOf,
  pageRequest,
  ticket,
  timestamp,
  userId,
} from './define.ts';
import { limitInput, sizeGb } from './limits.ts';
import { fieldChange, impact, operationName } from './operations.ts';
import { accessKeyId, accountName, bucketName, operationTarget } from './targets.ts';
import { userFilter } from './users.ts';

/** How many changes are sent and verified first, before the others of a run. */
export const canaryRows = 3;

const changeOf = (rulesOf: NumberRules) =>
  z
    .string()
    .max(60)
    .refine((text) => isChange(text) && changeError(text, rulesOf) === undefined, {
      error: 'A change such as "+10 %" or "-5 TB" is needed.',
    });

const opsChange = changeOf(rateRules('ops/s')).optional();

const rateChanges = z
  .strictObject({
    opsDefault: opsChange,
    opsGet: opsChange,
    opsPut: opsChange,
    opsList: opsChange,
    opsDelete: opsChange,
    bandwidthOut: changeOf(rateRules(bandwidthUnit)).optional(),
  })
  .refine((by) => Object.values(by).some((change) => change !== undefined), {
    error: 'name at least one limit',
  });

export const bulkChange = z.discriminatedUnion('change', [
  z.object({ change: z.literal('setQuota'), sizeGb }),
  /** `+10 %`, `-5 TB`: of what each target has now. One without a value is refused. */
  z.object({ change: z.literal('adjustQuota'), by: changeOf(quotaRules) }),
  z.object({ change: z.literal('clearQuota') }),
  z.object({ change: z.literal('setLimits'), limits: limitInput }),
  /** Changes of the rates that each target has now, and with them rates that are set in all. */
  z.object({
    change: z.literal('adjustLimits'),
    by: rateChanges,
    limits: limitInput.optional(),
  }),
  z.object({ change: z.literal('clearLimits') }),
  z.object({ change: z.literal('enable') }),
  z.object({ change: z.literal('disable') }),
  /** Revokes keys first seen longer ago than this, of the users and of their accounts. */
  z.object({ change: z.literal('revokeOldKeys'), olderThanDays: z.int().min(0).max(36_500) }),
]);

/** The targets: selected rows, all rows of a filter, or a table whose columns say what changes. */
export const bulkSource = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('users'),
    userIds: z.array(userId).min(1).max(100_000),
    change: bulkChange,
  }),
  z.object({
    from: z.literal('buckets'),
    names: z.array(bucketName).min(1).max(100_000),
    change: bulkChange,
  }),
  /** Selected access keys, of users and of their accounts: they are revoked. */
  z.object({
    from: z.literal('keys'),
    keys: z
      .array(z.object({ userId, accountName: accountName.optional(), accessKeyId }))
      .min(1)
      .max(100_000),
  }),
  /** Every user of the snapshot that matches. */
  z.object({
    from: z.literal('filter'),
    search: z.string().max(200).optional(),
    filter: userFilter.optional(),
    change: bulkChange,
  }),
  /** Every bucket of the snapshot that matches. */
  z.object({
    from: z.literal('bucketFilter'),
    search: z.string().max(200).optional(),
    filter: bucketFilter.optional(),
    ownerId: userId.optional(),
    change: bulkChange,
  }),
  /**
   * CSV with a head: `email`, `id` or both, or `bucket`, and any columns that `bulk.columns` names. A bad line
   * becomes a refused row; a table without one good line is refused.
   */
  z.object({
    from: z.literal('csv'),
    text: z.string().max(20_000_000),
    /** What the run is called; left out: changes from a table. */
    title: z.string().trim().min(1).max(200).optional(),
  }),
]);

/** The state of one row of a bulk run. `sending` outside a running task is resolved by reading. */
export const bulkRowState = z.enum([
  'pending',
  'sending',
  'verified',
  'sent',
  'unchanged',
  'failed',
  /** Known before anything was sent: a line that can't be read, or a target that is missing, ambiguous, or the console's own user. */
  'refused',
]);

/** One row of a bulk run: one operation on one target. */
export const bulkRow = z.object({
  row: z.int(),
  /** Line of the table it came from. */
  line: z.int().nullable(),
  operation: operationName,
  /** The operation's own input: what `operations.preview` takes to tell the row's requests. */
  input: z.record(z.string(), z.unknown()),
  title: z.string(),
  target: operationTarget,
  fields: z.array(fieldChange),
  /** Whether the state before was read; else `before` of every field is null and means nothing. */
  beforeKnown: z.boolean(),
  state: bulkRowState,
  attempts: z.int(),
  error: appErrorData.nullable(),
  journalId: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Why it is done, in words, where what prepared the run says so; in the journal too. */
  reason: z.string().nullable(),
});

/** A bulk run: previewed, running, stopped halfway, or finished. */
export const bulkRun = z.object({
  runId: z.string(),
  title: z.string(),
  createdAt: timestamp,
  createdBy: z.string(),
  endedAt: timestamp.nullable(),
  /** `stopped`: after the canary or by cancel. `interrupted`: the console ended in the middle. */
  state: z.enum(['previewed', 'running', 'stopped', 'interrupted', 'finished']),
  total: z.int(),
  /** Users and buckets concerned. */
  tenants: z.int(),
  /** Writing requests that remain as previewed, and all requests with reading before and after. */
  writes: z.int(),
  requests: z.int(),
  /** Pending rows whose target has the value already: nothing is sent for them. */
  unchanged: z.int(),
  /** Rows that were sent and not seen to have come to be: `bulk.recheck` reads them again. */
  unconfirmed: z.int(),
  counts: z.record(bulkRowState, z.int()),
  destructive: z.boolean(),
  impact: impact.nullable(),
  needsTypedName: z.string().nullable(),
  locked: z.boolean(),
  warnings: z.array(z.string()),
  /** Where the states before were read. */
  source: z.enum(['gateway', 'snapshot']),
  /** The run that this one brings back, or null. */
  reverses: z.string().nullable(),
  ticket: z.string().nullable(),
  /**
   * When it was taken over from another workstation's archive: as it was there, and to be resumed there
   * alone. Null: a run of this workstation.
   */
  mergedAt: timestamp.nullable(),
  /** The running task, or null. */
  taskId: z.string().nullable(),
});

const runReference = onConnection.extend({ runId: z.string() });

const confirmation = {
  ticket,
  typedName: z.string().max(400).optional(),
};

/** Calls that change many targets at once. */
export const bulkContract = {
  /** The columns a table may have, with an example: for help and templates. */
  'bulk.columns': defineCall({
    input: z.object({}),
    output: z.array(z.object({ column: z.string(), label: z.string(), example: z.string() })),
  }),
  /** Reads a table and says what it would change, or line and column of every error. */
  'bulk.parse': defineCall({
    input: onConnection.extend({ text: z.string().max(20_000_000) }),
    output: z.object({
      columns: z.array(z.string()),
      /** Headings of columns that change nothing: ignored. */
      ignored: z.array(z.string()),
      lines: z.int(),
      /** Operations the lines without an error stand for. */
      changes: z.int(),
      /** Lines with an error: each is a refused row of the run, and the other lines continue. */
      badLines: z.int(),
      sample: z.array(
        z.object({
          line: z.int(),
          target: operationTarget,
          operation: operationName,
          values: z.string(),
        }),
      ),
      errors: z.array(z.object({ line: z.int(), column: z.string(), message: z.string() })),
    }),
  }),
  /**
   * Prepares a run: one row an operation, before → after of each. Reads the gateway (progress as a
   * task), or takes what was last seen with `readFrom: 'snapshot'`. Sends no write.
   */
  'bulk.preview': defineCall({
    input: onConnection.extend({
      source: bulkSource,
      readFrom: z.enum(['gateway', 'snapshot']).default('gateway'),
    }),
    output: bulkRun.extend({ rows: z.array(bulkRow) }),
  }),
  /**
   * Starts a previewed run. Canary: the first {@link canaryRows} rows are done and verified; `automatic` continues
   * when all three are verified and stops otherwise, `ask` pauses the task after them in any case.
   */
  'bulk.apply': defineCall({
    input: runReference.extend({
      canary: z.enum(['automatic', 'ask', 'none']).default('automatic'),
      ...confirmation,
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** Continues a stopped or interrupted run, or does its failed rows again. No row is done twice. */
  'bulk.resume': defineCall({
    input: runReference.extend({ failedOnly: z.boolean().default(false), ...confirmation }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /**
   * Reads every row again that was sent and not confirmed, and notes which came to be. Sends no
   * write. The task's result: how many were read, and how many of them are verified now.
   */
  'bulk.recheck': defineCall({
    input: runReference,
    output: z.object({ taskId: z.string() }),
  }),
  /** Newest first. */
  'bulk.runs': defineCall({
    input: onConnection.extend(pageRequest.shape),
    output: pageOf(bulkRun),
  }),
  'bulk.get': defineCall({ input: runReference, output: bulkRun }),
  'bulk.rows': defineCall({
    input: runReference.extend({
      state: bulkRowState.optional(),
      /** Rows for which something is to be sent, or those that already are as wanted. */
      writes: z.boolean().optional(),
      /** Any part of the target's name or id. */
      search: z.string().max(200).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(bulkRow),
  }),
  /** The command lines of a run's rows, as they were last seen, as one script with the guide's function. */
  'bulk.script': defineCall({
    input: runReference,
    output: z.object({
      fileName: z.string(),
      mediaType: z.string(),
      content: z.string(),
      /** Rows with lines in it, and rows for which none could be made. */
      rows: z.int(),
      without: z.int(),
    }),
  }),
  /** Forgets a run that was previewed and never started. */
  'bulk.discard': defineCall({ input: runReference, output: nothing }),
};
