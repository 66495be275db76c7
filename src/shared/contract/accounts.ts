import { z } from 'zod';
import { onConnection, userId } from './define.ts';
import { defineOperation } from './operation.ts';
import { accountName } from './targets.ts';

const accountReference = onConnection.extend({ userId, accountName });

/** Calls about accounts. They are read with their user (`users.get`), their keys are `keys.*`. */
export const accountsContract = {
  'accounts.create': defineOperation({
    input: accountReference,
    output: z.object({
      name: z.string(),
      /** The first pair, shown once; null where the gateway made none or its secret is not known. */
      key: z.object({ accessKeyId: z.string(), secretAccessKey: z.string().nullable() }).nullable(),
    }),
    revealsSecret: true,
  }),
  'accounts.remove': defineOperation({
    input: accountReference,
    output: z.object({ name: z.string() }),
  }),
};
