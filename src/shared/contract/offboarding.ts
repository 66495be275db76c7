import { z } from 'zod';
import { customerId, serviceId } from './customers.ts';
import { defineCall, pageOf, pageRequest, ticket, timestamp, wireInteger } from './define.ts';

const offboardingId = z.uuid();

/** The steps of a cancellation, in their order. */
export const offboardingSteps = ['disable', 'collect', 'statement', 'empty', 'delete'] as const;

export const offboardingStepName = z.enum(offboardingSteps);

/** A bucket that the customer has still to empty and delete. */
const leftBucket = z.object({
  connectionId: z.string(),
  userId: z.string(),
  name: z.string(),
  /** Null where the gateway's figure can't be true. */
  bytes: wireInteger.nullable(),
});

/** The state of one step. `waiting`: tried, and something outside the console has to happen first. */
const offboardingStep = z.object({
  step: offboardingStepName,
  state: z.enum(['open', 'running', 'waiting', 'failed', 'done', 'skipped']),
  /** When it was last tried. */
  at: timestamp.nullable(),
  by: z.string().nullable(),
  /** What came of it, or what keeps it from being done. */
  words: z.string().nullable(),
  hint: z.string().nullable(),
  /** Of `empty`: what is still there, the largest first; at most 100. */
  buckets: z.array(leftBucket).optional(),
  /** Of `statement`. */
  statementId: z.string().optional(),
});

/** A cancellation: days from the first step to the last. */
const offboarding = z.object({
  offboardingId,
  customerId: z.string(),
  customerName: z.string(),
  /** Null: all users of the customer. */
  serviceId: z.string().nullable(),
  users: z.array(
    z.object({
      connectionId: z.string(),
      clusterName: z.string(),
      userId: z.string(),
      email: z.string(),
    }),
  ),
  state: z.enum(['open', 'finished', 'cancelled']),
  startedAt: timestamp,
  startedBy: z.string(),
  steps: z.array(offboardingStep),
  /** The step that comes next; null where none is left. */
  next: offboardingStepName.nullable(),
  /** What must be typed before users are deleted: production clusters ask for the customer's name. */
  needsTypedName: z.string().nullable(),
  taskId: z.string().nullable(),
});

/** Calls about cancellations. They are console-wide: no `connectionId`. */
export const offboardingContract = {
  /** Opens the cancellation of a customer's users, or of those of one service; sends nothing yet. */
  'offboarding.open': defineCall({
    input: z.object({ customerId, serviceId: serviceId.optional() }),
    output: offboarding,
    writes: true,
  }),
  'offboarding.get': defineCall({ input: z.object({ offboardingId }), output: offboarding }),
  /** Newest first. */
  'offboarding.list': defineCall({
    input: z.object({
      customerId: customerId.optional(),
      state: offboarding.shape.state.optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(offboarding),
  }),
  /** Does the next step, as a task; doing one again that waits or failed is safe. */
  'offboarding.run': defineCall({
    input: z.object({
      offboardingId,
      step: offboardingStepName,
      ticket,
      /** Of `delete`. */
      typedName: z.string().max(400).optional(),
      /** Of `statement`: issues it although it is no final one. */
      acceptDraft: z.boolean().default(false),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /** What the final statement would come to now; null where none is to be issued, or it is. */
  'offboarding.previewStatement': defineCall({
    input: z.object({ offboardingId }),
    output: z
      .object({
        from: timestamp,
        to: timestamp,
        state: z.enum(['final', 'draft', 'no-data']),
        /** Minor units; null where there is no data. */
        total: wireInteger.nullable(),
        currency: z.string(),
        minorDigits: z.int(),
        /** Why it can't be issued as final now, and what to do; null where it can. */
        notFinal: z
          .object({ message: z.string(), hint: z.string(), reasons: z.array(z.string()) })
          .nullable(),
      })
      .nullable(),
  }),
  /** Passes over the collection or the statement, and keeps why. */
  'offboarding.skip': defineCall({
    input: z.object({
      offboardingId,
      step: z.enum(['collect', 'statement']),
      reason: z.string().trim().min(3).max(400),
    }),
    output: offboarding,
    writes: true,
  }),
  /**
   * Empties and deletes the buckets of enabled users on the demo cluster, as their owner would: there
   * is nobody with an S3 client in the demo.
   */
  'offboarding.emptyDemo': defineCall({
    input: z.object({ offboardingId }),
    output: z.object({ buckets: z.int() }),
    writes: true,
  }),
  /** Ends a cancellation that is not to be finished. Nothing is undone by it. */
  'offboarding.cancel': defineCall({
    input: z.object({ offboardingId }),
    output: offboarding,
    writes: true,
  }),
};
