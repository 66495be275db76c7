import { operationNames } from '#shared/contract/operations.ts';
import type { JournalIntent } from '../../../store/archive/journal-port.ts';
import type { InverseOf } from '../../journal/journal.ts';
import { createAccount, removeAccount } from './accounts.ts';
import { generateKey, revokeKey, rotateKey } from './keys.ts';
import { clearLimits, setLimits } from './limits.ts';
import {
  type Operation,
  type OperationCall,
  type OperationName,
  parseInput,
  plainInput,
} from './operation.ts';
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

/** The row of an operation, with its state opaque to everyone else. */
export function operationOf<Name extends OperationName>(
  name: Name,
): Operation<Name, unknown, unknown> {
  return catalogue[name];
}

/** The operation that reverses a journalled write; undefined if there is none. */
export const inverseOf: InverseOf = (intent) => {
  const inverse = callOf(intent);
  if (!inverse) return undefined;
  const { operation, input } = inverse;
  return { operation, title: operationOf(operation).title, input: plainInput(input) };
};

function callOf({ connectionId, operation, input, before }: JournalIntent): OperationCall | null {
  const name = operationNames.find((known) => known === operation);
  if (!name) return null;
  try {
    return operationOf(name).inverse(parseInput(name, connectionId, input), before);
  } catch {
    return null; // an earlier console's entry, whose input this one does not take
  }
}
