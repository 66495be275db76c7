import { createAccount, removeAccount } from './accounts.ts';
import { generateKey, revokeKey, rotateKey } from './keys.ts';
import { clearLimits, setLimits } from './limits.ts';
import type { Operation, OperationName } from './operation.ts';
import { clearQuota, setQuota } from './quotas.ts';
import { removeBucket } from './remove-bucket.ts';
import { createUser, disableUser, enableUser, removeUser } from './users.ts';

/**
 * The operations' description: one row an operation. A write call of the contract without its row
 * does not compile.
 */
export const catalogue: { readonly [Name in OperationName]: Operation<Name, unknown, unknown> } = {
  'users.create': createUser,
  'users.enable': enableUser,
  'users.disable': disableUser,
  'users.remove': removeUser,
  'keys.generate': generateKey,
  'keys.revoke': revokeKey,
  'keys.rotate': rotateKey,
  'accounts.create': createAccount,
  'accounts.remove': removeAccount,
  'buckets.remove': removeBucket,
  'limits.set': setLimits,
  'limits.clear': clearLimits,
  'quotas.set': setQuota,
  'quotas.clear': clearQuota,
};

/** The row of an operation, its state as something that only the row itself looks into. */
export function operationOf<Name extends OperationName>(
  name: Name,
): Operation<Name, unknown, unknown> {
  return catalogue[name];
}
