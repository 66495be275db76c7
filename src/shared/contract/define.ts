import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { withoutInvisible } from '../plain-text.ts';

interface CallDefinition<Input extends z.ZodType, Output extends z.ZodType> {
  /** Validated by the dispatcher before any handler sees it. */
  input: Input;
  /** The value's shape. Checked in tests and in development, not in production. */
  output: Output;
  /** Whether the call changes something on the gateway or in the console. */
  writes: boolean;
  /** Whether the value holds a secret: such a value is never cached, logged or persisted. */
  revealsSecret: boolean;
}

/**
 * Declares one call. Reading and revealing nothing is the default.
 * @param definition input and output schemas, and what the call does
 */
export function defineCall<Input extends z.ZodType, Output extends z.ZodType>(definition: {
  input: Input;
  output: Output;
  writes?: boolean;
  revealsSecret?: boolean;
}): CallDefinition<Input, Output> {
  return { writes: false, revealsSecret: false, ...definition };
}

/** An integer that may pass 2^53: a number while exact, a decimal string beyond. See `units.ts`. */
export const wireInteger = z.union([z.int(), z.string().regex(/^-?\d{1,40}$/)]);

/** A refinement runs on text that the pattern refused, too; what is no integer is none of 64 bits. */
function isInteger64(value: string | number): boolean {
  return /^-?\d+$/.test(String(value)) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
}

/** The same as it is asked for: what no 64 bits hold is in no list. */
export const wireInteger64 = wireInteger.refine(isInteger64, 'a number of 64 bits');

/** Ticket or reason of a change, kept in the journal. */
export const ticket = z.string().trim().min(1).max(200).optional();

/** A point in time, ISO 8601 in UTC. */
export const timestamp = z.iso.datetime();

export const connectionId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** The gateway's user id, 16 hexadecimal digits. Identity of a user (two can share an e-mail). */
export const userId = z
  .string()
  .overwrite(withoutInvisible)
  .regex(/^[0-9a-f]{1,32}$/i);

/** The part of an input that names the cluster; every call but `app.*` and `connections.*` has it. */
export const onConnection = z.object({ connectionId });

export const pageRequest = z.object({
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(100),
});

/** One page of a list: its rows, and how many there are in all. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ total: z.int(), rows: z.array(row) });
}

/** The quota that counts for a user or bucket: its own, else the default. Null: none is set. */
export const quotaInForce = z.object({ sizeGb: wireInteger.nullable(), own: z.boolean() });

/** What was measured from one time to another. */
export const measuredBytes = z.object({ bytes: wireInteger, since: timestamp, until: timestamp });

/** Filters that lists of users and of buckets share. Shares of a quota: 1 is full. */
export const targetFilter = z.object({
  minBytes: wireInteger64.optional(),
  maxBytes: wireInteger64.optional(),
  /** `near`: at 80 % or more. */
  quota: z.enum(['over', 'near', 'set', 'none', 'unknown']).optional(),
  minUsed: z.number().min(0).optional(),
  maxUsed: z.number().min(0).optional(),
});

export const nothing = z.null();

/** {@link import('../errors.ts').AppErrorData} as a schema, for values that carry an error. */
export const appErrorData = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  hint: z.string(),
  retryable: z.boolean(),
  requestId: z.string().optional(),
  status: z.int().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
