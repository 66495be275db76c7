import { z } from 'zod';
import { bulkRow, bulkRun, bulkSource } from './bulk.ts';
import { defineCall, nothing, onConnection, pageOf, pageRequest, timestamp } from './define.ts';
import { operationName } from './operations.ts';

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

/**
 * How a change of a kept plan compares with the live cluster: `applies` as planned, `done` already,
 * `drifted`: its target is another than the plan was made on, `refused`: its target is gone or refuses it.
 */
const standing = z.enum(['applies', 'done', 'drifted', 'refused']);

/** A plan that the console keeps for a cluster, until it is deleted. */
const keptPlan = planSummary.extend({
  planId: z.string(),
  changedAt: timestamp,
  /** The run that was started for it last. */
  runId: z.string().nullable(),
  /** How that run came out. */
  run: bulkRun
    .pick({ state: true, endedAt: true, total: true, counts: true, unconfirmed: true })
    .nullable(),
  /** Changes that this run has not made: failed, not confirmed, edited or added since. */
  left: z.int(),
  /**
   * What the last comparison with the live cluster showed; null: not compared since the console started,
   * since the plan was applied, or since the gateway answered again.
   */
  comparison: z
    .object({
      at: timestamp,
      applies: z.int(),
      done: z.int(),
      drifted: z.int(),
      refused: z.int(),
    })
    .nullable(),
  /**
   * When the gateway answered again, where the plan was not compared then: it has too many changes to be
   * read unasked, or reading them failed.
   */
  compareDueSince: timestamp.nullable(),
});

const planReference = onConnection.extend({ planId: z.string().max(200) });

const planNote = z.string().trim().max(2000);
const planName = z.string().trim().min(1).max(120);

/** One change of a plan; kept plans say more of theirs. */
const planRow = bulkRow.extend({
  /** Names the row in a kept plan, wherever it is moved to. */
  rowId: z.int().optional(),
  comment: z.string().nullable().optional(),
  standing: standing.optional(),
});

const plannedChange = z.object({
  operation: operationName,
  /** The operation's own input. */
  input: z.record(z.string(), z.unknown()),
});

const planText = onConnection.extend({ content: z.string().max(50_000_000) });

/** Calls about change plans: made offline, checked for drift, applied as a bulk run, reversed. */
export const plansContract = {
  /** Makes a plan from the snapshot; the gateway is not asked. */
  'plans.make': defineCall({
    input: onConnection.extend({
      name: planName,
      note: planNote.optional(),
      source: bulkSource,
    }),
    output: planFile,
  }),
  /** Opens a plan's file: version and checksum are checked. `planId` names it for `plans.rows`. */
  'plans.open': defineCall({
    input: planText,
    output: planSummary.extend({ planId: z.string() }),
  }),
  /** The changes of a plan that is kept or was opened before, page by page; the gateway is not asked. */
  'plans.rows': defineCall({
    input: onConnection.extend({
      planId: z.string(),
      /** Any part of a target's name or id. */
      search: z.string().max(200).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(planRow),
  }),
  /**
   * Compares the plan's preconditions with the live cluster and prepares a run from it, which
   * `bulk.apply` starts. Rows that drifted are `refused`, with the difference in their error.
   */
  'plans.check': defineCall({
    input: onConnection.extend({
      /** The plan's file, or a plan that is kept. */
      content: planText.shape.content.optional(),
      planId: z.string().max(200).optional(),
    }),
    output: bulkRun.extend({ drifted: z.int(), rows: z.array(bulkRow) }),
  }),
  /** The plans kept for a cluster, changed last first. */
  'plans.list': defineCall({ input: onConnection, output: z.array(keptPlan) }),
  /**
   * Adds a change, or those of a source, to a kept plan; without `planId` to a new one. A change that sets
   * what an earlier one of the plan sets on the same target takes its place. The gateway is not needed.
   */
  'plans.add': defineCall({
    input: onConnection.extend({
      planId: z.string().max(200).optional(),
      /** Of the new plan. */
      name: planName.optional(),
      note: planNote.optional(),
      change: plannedChange.optional(),
      source: bulkSource.optional(),
      /** Why, kept with each change. */
      comment: planNote.optional(),
    }),
    output: keptPlan.extend({ added: z.int(), replaced: z.int(), warnings: z.array(z.string()) }),
    writes: true,
  }),
  /** Keeps a plan's file as a plan of the cluster. */
  'plans.import': defineCall({ input: planText, output: keptPlan, writes: true }),
  /** A kept plan as a file, for another workstation. */
  'plans.export': defineCall({ input: planReference, output: planFile }),
  /** Names a kept plan, or notes something on it. */
  'plans.edit': defineCall({
    input: planReference.extend({
      name: planName.optional(),
      note: planNote.nullable().optional(),
    }),
    output: keptPlan,
    writes: true,
  }),
  /** Changes one row of a kept plan: its values, its comment, its place, or what it is based on. */
  'plans.editRow': defineCall({
    input: planReference.extend({
      rowId: z.int(),
      change: plannedChange.optional(),
      comment: planNote.nullable().optional(),
      /** Its new place, from 1. */
      place: z.int().min(1).optional(),
      /** Takes what the last comparison found as what the row is based on: then it applies. */
      acceptDrift: z.boolean().optional(),
    }),
    output: keptPlan,
    writes: true,
  }),
  'plans.removeRows': defineCall({
    input: planReference.extend({ rowIds: z.array(z.int()).min(1).max(10_000) }),
    output: keptPlan,
    writes: true,
  }),
  'plans.delete': defineCall({ input: planReference, output: nothing, writes: true }),
  /** Reads every target of a kept plan and says which changes still apply. Sends no change. */
  'plans.compare': defineCall({ input: planReference, output: keptPlan }),
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
