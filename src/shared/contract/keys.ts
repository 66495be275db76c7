import { z } from 'zod';
import { defineCall, onConnection, pageOf, pageRequest, timestamp, userId } from './define.ts';
import { inventoryStatus } from './inventory.ts';
import { defineOperation } from './operations.ts';
import { accessKeyId, accountName } from './targets.ts';
import { userState } from './users.ts';

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

/** Whose key pairs: a user's own, or with `accountName` those of one account. */
const keyHolder = onConnection.extend({ userId, accountName: accountName.optional() });

/** A new pair. The secret is shown once and kept nowhere; null where it could not be fetched. */
const newPair = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string().nullable(),
});

/** An access key of the fleet, as last read. */
export const keyRow = z.object({
  accessKeyId: z.string(),
  ownerId: z.string(),
  ownerEmail: z.string().nullable(),
  ownerState: userState,
  /** Null for the user's own keys. */
  accountName: z.string().nullable(),
  /** How many pairs the same user or account holds (two at most). */
  pairs: z.int(),
  /** When the console first saw this key. */
  firstSeen: timestamp,
  /** When the owner's keys were last read. */
  asOf: timestamp,
});

export const keyFilter = z.object({
  /** Keys whose user or account holds both slots. */
  bothSlots: z.boolean().optional(),
  /** Part of the owner's e-mail or id. */
  owner: z.string().max(200).optional(),
  ownerState: userState.optional(),
  /** First seen longer ago than this. */
  olderThanDays: z.int().min(0).max(36_500).optional(),
  holder: z.enum(['user', 'account']).optional(),
});

const keySortKey = z.enum([
  'accessKeyId',
  'ownerEmail',
  'ownerState',
  'accountName',
  'firstSeen',
  'asOf',
]);

export const keysContract = {
  'keys.list': defineCall({
    input: onConnection.extend({
      /** Any part of key id, owner's e-mail or id, or account name. */
      search: z.string().max(200).optional(),
      filter: keyFilter.optional(),
      ownerId: userId.optional(),
      /** Id of one key: yields it alone, and only where it matches the rest. */
      only: z.string().min(1).max(255).optional(),
      sort: z.object({ by: keySortKey, descending: z.boolean().default(false) }).optional(),
      ...pageRequest.shape,
    }),
    output: pageOf(keyRow).extend({ inventory: inventoryStatus }),
  }),
  /** One secret, fetched from the gateway to be shown and forgotten. That it was shown is journalled. */
  'keys.reveal': defineCall({
    input: keyHolder.extend({ accessKeyId }),
    output: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
    revealsSecret: true,
  }),
  'keys.generate': defineOperation({ input: keyHolder, output: newPair, revealsSecret: true }),
  'keys.revoke': defineOperation({
    input: keyHolder.extend({ accessKeyId }),
    output: z.object({ accessKeyId: z.string() }),
  }),
  /**
   * First step of a rotation: the new pair. Once it is in use, revoke `oldAccessKeyIds` with
   * `keys.revoke`. Where both slots are taken, `giveUp` names the key that is revoked first.
   */
  'keys.rotate': defineOperation({
    input: keyHolder.extend({
      /** The key to be replaced; it stays valid until it is revoked. */
      accessKeyId: accessKeyId.optional(),
      giveUp: accessKeyId.optional(),
    }),
    output: newPair.extend({ oldAccessKeyIds: z.array(z.string()) }),
    revealsSecret: true,
  }),
};
