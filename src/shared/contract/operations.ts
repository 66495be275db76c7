import { z } from 'zod';
import { defineCall, onConnection, ticket, timestamp, userId, wireInteger } from './define.ts';
import { operationTarget } from './targets.ts';

export const writeOptions = {
  /** `fingerprint` of the preview the operator saw: where the target has changed since, nothing is sent. */
  expected: z.string().max(400_000).optional(),
  ticket,
  /** The target's name as the operator typed it: asked for destructive writes on `production`. */
  typedName: z.string().max(400).optional(),
};

/** What every write says of itself besides its own value. */
export const writeOutcome = {
  /** Whether reading back showed the change; false means: sent, not confirmed. */
  verified: z.boolean(),
  /** Whether anything had to be sent: false where the target already was as wanted. */
  sent: z.boolean(),
  /** The entry in the journal; `operations.recheck` takes it. */
  journalId: z.string(),
  /** The gateway's id of the (last) request that wrote; null where it gave none. */
  requestId: z.string().nullable(),
  /** Whether an operation brings the values before back: the entry in the journal has it. */
  reversible: z.boolean().optional(),
};

/**
 * Declares one management operation: its input gains {@link writeOptions}, its value
 * {@link writeOutcome}. It does not compile without its row in `src/core/changes/operations/catalogue`.
 */
export function defineOperation<
  Input extends z.ZodRawShape,
  Output extends z.ZodRawShape,
>(definition: { input: z.ZodObject<Input>; output: z.ZodObject<Output>; revealsSecret?: boolean }) {
  return {
    ...defineCall({
      input: definition.input.extend(writeOptions),
      output: definition.output.extend(writeOutcome),
      writes: true,
      ...(definition.revealsSecret === undefined
        ? {}
        : { revealsSecret: definition.revealsSecret }),
    }),
    operation: true as const,
  };
}

/** Every management operation, by the name of its call. */
export const operationNames = [
  'users.create',
  'users.enable',
  'users.disable',
  'users.remove',
  'keys.generate',
  'keys.revoke',
  'keys.rotate',
  'accounts.create',
  'accounts.remove',
  'buckets.remove',
  'limits.set',
  'limits.clear',
  'quotas.set',
  'quotas.clear',
] as const;

/** One of {@link operationNames}, as a schema. */
export const operationName = z.enum(operationNames);

/**
 * One field of a target as it is and as it will be. A value is text; null means that there is none
 * (not set, does not exist), which is not the same as `"0"` (unlimited).
 */
export const fieldChange = z.object({
  field: z.string(),
  label: z.string(),
  /** What the figure counts: `GB`, `operations/s`, `kbs/s`. */
  unit: z.string().optional(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  changed: z.boolean(),
});

/** A request as it is sent, without its signature. */
export const plannedRequest = z.object({
  /** `read` before, `write`, `verify` after. */
  purpose: z.enum(['read', 'write', 'verify']),
  method: z.enum(['GET', 'PUT', 'POST', 'DELETE']),
  /** Whole URL at the connection's endpoint. */
  url: z.string(),
});

export const impact = z.object({
  /** Null where they were not counted yet: the user is newer than the bucket list. */
  buckets: z.int().nullable(),
  /** Null where the gateway's figure can't be true, or the buckets were not counted yet. */
  bytes: wireInteger.nullable(),
  keys: z.int(),
});

export const operationPreview = z.object({
  operation: operationName,
  /** The verb on the button: `Disable user`. */
  title: z.string(),
  target: operationTarget,
  fields: z.array(fieldChange),
  /** Whether the target already is as wanted, so that nothing would be sent. */
  unchanged: z.boolean(),
  /** False where not all that `before` says was ever read; omitted: it was. */
  beforeKnown: z.boolean().optional(),
  requests: z.array(plannedRequest),
  commands: z.object({
    /** Lines for the guide's shell function. Secrets appear as placeholders. */
    s3Curl: z.array(z.string()),
    /** The same for the vendor's tool on a storage node; empty where it has no such command. */
    ostorS3Admin: z.array(z.string()),
  }),
  destructive: z.boolean(),
  impact: impact.nullable(),
  /** What must be handed over as `typedName`; null where nothing is asked. */
  needsTypedName: z.string().nullable(),
  /** Whether the connection is a locked `production` one: unlock before writing. */
  locked: z.boolean(),
  warnings: z.array(z.string()),
  /** The state seen, opaque: hand it over as `expected`. */
  fingerprint: z.string(),
  /** Where the state was read. */
  source: z.enum(['gateway', 'snapshot']),
  asOf: timestamp,
});

/** Calls about operations in general. The operations themselves are in their domains. */
export const operationsContract = {
  /** Every operation with what the interface must know of it. */
  'operations.catalogue': defineCall({
    input: z.object({}),
    output: z.array(
      z.object({
        operation: operationName,
        title: z.string(),
        destructive: z.boolean(),
      }),
    ),
  }),
  /** What an operation would do. Sends readings only; refusals that are certain come as errors. */
  'operations.preview': defineCall({
    input: onConnection.extend({
      operation: operationName,
      /** The operation's own input; `connectionId` may be omitted. */
      input: z.record(z.string(), z.unknown()),
      /** `snapshot`: goes by what was last seen, for a plan; the gateway is not asked. */
      readFrom: z.enum(['gateway', 'snapshot']).default('gateway'),
    }),
    output: operationPreview,
  }),
  /** The lines that read what a page shows, by command line: nothing is asked of the gateway. */
  'operations.readingCommands': defineCall({
    input: onConnection.extend({
      of: z.union([
        z.object({ user: userId }),
        z.object({ bucket: z.string().min(1).max(255) }),
        z.object({ list: z.enum(['users', 'buckets', 'usage', 'quotas', 'keys']) }),
      ]),
    }),
    output: z.object({
      s3Curl: z.array(z.string()),
      ostorS3Admin: z.array(z.string()),
      /** The `s3_curl` lines as a script for bash, with the guide's function in it. */
      script: z.string(),
    }),
  }),
  /** Reads once more whether a write that was sent, not confirmed, has come to be. Writes nothing. */
  'operations.recheck': defineCall({
    input: onConnection.extend({ journalId: z.string() }),
    output: z.object({
      verified: z.boolean(),
      journalId: z.string(),
      fields: z.array(fieldChange),
      asOf: timestamp,
      /**
       * The key pair that the write made, where it made one and has come to be: its secret was lost
       * with the answer, and `keys.reveal` fetches it.
       */
      madePair: z
        .object({
          userId: z.string(),
          /** Omitted for the user's own. */
          accountName: z.string().optional(),
          accessKeyId: z.string(),
        })
        .optional(),
    }),
  }),
};
