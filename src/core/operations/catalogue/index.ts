import type { Operation, OperationName } from '../operation.ts';
import { disableUser, enableUser } from './set-user-state.ts';

/**
 * The operations' description: one row an operation. A write call of the contract without its row
 * does not compile.
 */
export const catalogue = {
  'users.enable': enableUser,
  'users.disable': disableUser,
} satisfies { [Name in OperationName]?: Operation<Name, unknown, unknown> };

/** The row of an operation, its state as something that only the row itself looks into. */
export function operationOf<Name extends OperationName>(
  name: Name,
): Operation<Name, unknown, unknown> {
  return catalogue[name as keyof typeof catalogue] as unknown as Operation<Name, unknown, unknown>;
}
