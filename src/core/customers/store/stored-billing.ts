import { z } from 'zod';
import { billingConnection } from '#shared/contract/billing.ts';

/** A billing connection as it is stored: everything but its secrets and what a refresh counted. */
export const storedBilling = billingConnection
  .pick({
    id: true,
    name: true,
    kind: true,
    url: true,
    adminUrl: true,
    identifier: true,
    environment: true,
    readOnly: true,
    tls: true,
    pinAlarm: true,
    proxy: true,
    timeoutSeconds: true,
  })
  .extend({
    /** Where the secrets are: lets a start tell so without asking the keychain. */
    secretStore: z.enum(['keychain', 'memory']).nullable(),
    hasAccessKey: z.boolean(),
    /** The WHMCS next to the demo cluster: its secret is kept nowhere. */
    demo: z.literal(true).optional(),
  });

export type StoredBilling = z.output<typeof storedBilling>;
