import { z } from 'zod';
import { type CallDefinition, defineCall } from './define.ts';

/** What every write may be told beside its own input. */
export const writeOptions = {
  /** `fingerprint` of the preview the operator saw: where the target has changed since, nothing is sent. */
  expected: z.string().max(400_000).optional(),
  /** Ticket or reason, kept in the journal. */
  ticket: z.string().trim().min(1).max(200).optional(),
  /** The target's name as the operator typed it: asked for destructive writes on `production`. */
  typedName: z.string().max(400).optional(),
};

/** What every write says of itself beside its own value. */
export const writeOutcome = {
  /** Whether reading back showed the change; false means: sent, not confirmed. */
  verified: z.boolean(),
  /** Whether anything had to be sent: false where the target already was as wanted. */
  sent: z.boolean(),
  /** The entry in the journal; `operations.recheck` takes it. */
  journalId: z.string(),
  /** The gateway's id of the (last) request that wrote; null where it gave none. */
  requestId: z.string().nullable(),
};

/** A call that changes the cluster and so needs a row in the operations' description. */
export type OperationDefinition<Input extends z.ZodType, Output extends z.ZodType> = CallDefinition<
  Input,
  Output
> & { operation: true };

/**
 * Declares one management operation: its input gains {@link writeOptions}, its value
 * {@link writeOutcome}. It does not compile without its row in `src/core/operations/catalogue`.
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
