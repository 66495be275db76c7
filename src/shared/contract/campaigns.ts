import { z } from 'zod';
import {
  defineCall,
  onConnection,
  pageOf,
  pageRequest,
  ticket,
  timestamp,
  userId,
} from './define.ts';
import { keyFilter } from './keys.ts';
import { operationPreview } from './operations.ts';
import { accessKeyId, accountName } from './targets.ts';

const campaignId = z.uuid();

/**
 * The state of a key. `generating` and `revoking`: a request was sent, or was about to be, when the console
 * ended or lost the answer; the step reads first what came of it.
 */
const campaignKeyState = z.enum([
  'todo',
  'generating',
  'generated',
  'handed-over',
  'in-use',
  'revoking',
  'revoked',
  'failed',
  'skipped',
]);

/**
 * `rotate`: a second key is generated where a slot is free. `finish`: both slots are full; the younger
 * key stays and the older one is revoked.
 */
const campaignKind = z.enum(['rotate', 'finish']);

/** A request to the gateway that a campaign makes for many keys. */
const campaignStep = z.enum(['generate', 'revoke']);

/** A rotation of many keys over days or weeks. Holds no secret. */
const campaign = z.object({
  campaignId,
  title: z.string(),
  comment: z.string(),
  kind: campaignKind,
  createdAt: timestamp,
  createdBy: z.string(),
  /** Null while it is open. */
  closedAt: timestamp.nullable(),
  total: z.int(),
  counts: z.record(campaignKeyState, z.int()),
  /** Keys that each step would take up. A failed key is due for what it has not got yet. */
  due: z.record(campaignStep, z.int()),
  /** The task of the step under way; null where none is. */
  taskId: z.string().nullable(),
});

/** One key that is replaced. */
const campaignKey = z.object({
  row: z.int(),
  userId: z.string(),
  email: z.string(),
  /** Null for the user's own keys. */
  accountName: z.string().nullable(),
  oldAccessKeyId: z.string(),
  /** When the console first saw the old key. */
  oldFirstSeen: timestamp,
  /** Null until it was generated. */
  newAccessKeyId: z.string().nullable(),
  state: campaignKeyState,
  /** Why it was skipped or failed, and what to do. */
  reason: z.string().nullable(),
  hint: z.string().nullable(),
  changedAt: timestamp,
  changedBy: z.string(),
  /** The last day (UTC) with statistics of the user. Usage is known per user, not per key. */
  lastActiveOn: z.iso.date().nullable(),
});

const onCampaign = onConnection.extend({ campaignId });
const title = z.string().trim().min(1).max(120);
const comment = z.string().trim().max(2000);
/** Omitted: every key that the step or mark applies to. */
const rows = z.array(z.int().min(1)).min(1).max(20_000).optional();

/** Calls about key campaigns: rotations staged over many keys. */
export const campaignsContract = {
  /** Newest first. */
  'campaigns.list': defineCall({
    input: onConnection.extend(pageRequest.shape),
    output: pageOf(campaign),
  }),
  'campaigns.get': defineCall({ input: onCampaign, output: campaign }),
  'campaigns.keys': defineCall({
    input: onCampaign.extend({
      /** Any part of e-mail, user id, account or key id. */
      search: z.string().max(200).optional(),
      filter: z.object({ state: campaignKeyState.optional() }).optional(),
      /** The number of one row: yields it alone, and only where it matches the rest. */
      only: z
        .string()
        .regex(/^\d{1,9}$/)
        .optional(),
      sort: z
        .object({
          by: z.enum(['email', 'state', 'oldFirstSeen', 'changedAt']),
          descending: z.boolean().default(false),
        })
        .optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(campaignKey),
  }),
  /** Begins a campaign over the named keys, or over all that match. Sends nothing to the gateway. */
  'campaigns.start': defineCall({
    input: onConnection.extend({
      title,
      comment: comment.default(''),
      kind: campaignKind.default('rotate'),
      of: z.union([
        z.strictObject({
          keys: z
            .array(z.object({ userId, accountName: accountName.optional(), accessKeyId }))
            .min(1)
            .max(20_000),
        }),
        z.strictObject({
          // named here too: what is wrong with them is said of them, not that they are not known
          keys: z.never().optional(),
          search: z.string().max(200).optional(),
          ownerId: userId.optional(),
          filter: keyFilter.optional(),
        }),
      ]),
    }),
    output: campaign,
    writes: true,
  }),
  /** What a step would do: to how many keys, and the whole preview of the first one. Sends readings only. */
  'campaigns.preview': defineCall({
    input: onCampaign.extend({ step: campaignStep, rows }),
    output: z.object({
      keys: z.int(),
      first: operationPreview.nullable(),
      /** Why the first one would be refused. */
      refusal: z.object({ message: z.string(), hint: z.string() }).nullable(),
      /** What must be handed over as `typedName`; null where nothing is asked. */
      needsTypedName: z.string().nullable(),
    }),
  }),
  /** Generates second keys or revokes old ones. A key that fails stops no other; done again, it does what is left. */
  'campaigns.step': defineCall({
    input: onCampaign.extend({
      step: campaignStep,
      rows,
      ticket,
      typedName: z.string().max(400).optional(),
    }),
    output: z.object({ taskId: z.string() }),
    writes: true,
  }),
  /**
   * Notes what the operator knows of keys. `open`: a skipped or failed one is to be done after all; what was
   * unclear when it was skipped is unclear again.
   */
  'campaigns.mark': defineCall({
    input: onCampaign.extend({
      rows: z.array(z.int().min(1)).min(1).max(20_000),
      /** The state each row was seen in, in the order of `rows`: one that changed since is left as it is. */
      states: z.array(campaignKeyState).max(20_000).optional(),
      as: z.enum(['handed-over', 'in-use', 'skipped', 'open']),
      /** Needed to skip. */
      reason: z.string().trim().max(500).default(''),
    }),
    output: z.object({
      /** Keys that were not in a state to be marked so are not counted. */
      marked: z.int(),
      /** Keys that stay skipped: another open campaign works on their holder. */
      heldElsewhere: z.int(),
    }),
    writes: true,
  }),
  /** What is omitted stays. A closed campaign takes no steps. */
  'campaigns.update': defineCall({
    input: onCampaign.extend({
      title: title.optional(),
      comment: comment.optional(),
      closed: z.boolean().optional(),
    }),
    output: campaign,
    writes: true,
  }),
};
