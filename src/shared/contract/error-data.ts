import { z } from 'zod';
import { errorCodes } from '../errors.ts';

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
