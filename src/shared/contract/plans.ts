import { z } from 'zod';
import { bulkRow, bulkRun, bulkSource } from './bulk.ts';
import { defineCall, onConnection, pageRequest, timestamp } from './define.ts';

export const planSummary = z.object({
  name: z.string(),
  note: z.string().nullable(),
  createdAt: timestamp,
  createdBy: z.string(),
  /** The cluster it was made for. */
  endpoint: z.string(),
  connectionName: z.string(),
  /** Whether that is the cluster of the connection it is opened on. */
  sameCluster: z.boolean(),
  /** Age of the snapshot it was made from. */
  snapshotAsOf: timestamp.nullable(),
  changes: z.int(),
  tenants: z.int(),
  destructive: z.boolean(),
  /** The run it reverses, for an inverse plan. */
  reverses: z.string().nullable(),
});

/** A plan as a file: versioned JSON with preconditions and a checksum. Holds no secret. */
const planFile = planSummary.extend({
  fileName: z.string(),
  mediaType: z.string(),
  content: z.string(),
  warnings: z.array(z.string()),
});

const planText = onConnection.extend({ content: z.string().max(50_000_000) });

/** Calls about change plans: made offline, checked for drift, applied as a bulk run, reversed. */
export const plansContract = {
  /** Makes a plan from the snapshot; the gateway is not asked. */
  'plans.make': defineCall({
    input: onConnection.extend({
      name: z.string().trim().min(1).max(120),
      note: z.string().trim().max(2000).optional(),
      source: bulkSource,
    }),
    output: planFile,
  }),
  /** Opens a plan's file: version and checksum are checked. `planId` names it for `plans.rows`. */
  'plans.open': defineCall({
    input: planText,
    output: planSummary.extend({ planId: z.string() }),
  }),
  /** The changes of a plan that was opened before, page by page; the gateway is not asked. */
  'plans.rows': defineCall({
    input: onConnection.extend({
      planId: z.string(),
      /** Any part of a target's name or id. */
      search: z.string().max(200).optional(),
      ...pageRequest.shape,
    }),
    output: z.object({ total: z.int(), rows: z.array(bulkRow) }),
  }),
  /**
   * Compares the plan's preconditions with the live cluster and prepares a run from it, which
   * `bulk.apply` starts. Rows that drifted are `refused`, with the difference in their error.
   */
  'plans.check': defineCall({
    input: planText,
    output: bulkRun.extend({ drifted: z.int(), rows: z.array(bulkRow) }),
  }),
  /** The plan that brings what a run changed back to what it was. */
  'plans.inverse': defineCall({
    input: onConnection.extend({
      runId: z.string(),
      name: z.string().trim().min(1).max(120).optional(),
    }),
    output: planFile.extend({
      /** Rows that can't be reversed (a revoked key), by what they did. */
      irreversible: z.array(z.string()),
    }),
  }),
};
