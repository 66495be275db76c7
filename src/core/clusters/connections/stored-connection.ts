import { z } from 'zod';
import { connection } from '#shared/contract/connections.ts';

/** A connection as `connections.json` holds it: everything that is known of it but the secret. */
export const storedConnection = connection
  .omit({ hasCredential: true, credentialStore: true, demo: true, unlockedUntil: true, hold: true })
  .extend({
    /** The secret was put into the OS keychain: lets a start tell so without asking the keychain. */
    secretInKeychain: z.boolean().default(false),
  });

/** See {@link storedConnection}. */
export type StoredConnection = z.output<typeof storedConnection>;

/** Version of the form of `connections.json` that this console writes. */
export const connectionFileVersion = 1;

/** `connections.json` whole; its entries are checked one by one, so that one bad entry loses no other. */
export const connectionFile = z.object({
  version: z.int().min(1),
  connections: z.array(z.unknown()),
});
