import type { AppError } from '#shared/errors.ts';
import type {
  GatewayUserDetail,
  NamedUser,
  UserNaming,
  UserSelector,
} from '../../gateway/model/gateway.ts';
import { unnameable } from '../../gateway/user-names.ts';
import { adminCommandLine } from './command-lines.ts';
import type { Caller, Operation, OperationInput, OperationName } from './operation.ts';
import type { UserState } from './target-reader.ts';

/**
 * The selector of requests that take either name.
 * @throws `TARGET_AMBIGUOUS` where there is none: nothing is sent that could mean another user
 */
export function selectorOf(naming: UserNaming): UserSelector {
  if (naming.selector === null) throw unnameable(naming);
  return naming.selector;
}

/**
 * The selector of a reading whose answer says whose it is: a shared e-mail will do, since an answer
 * about the other user is refused.
 * @throws `TARGET_AMBIGUOUS`
 */
export function provedSelector(naming: UserNaming): UserSelector {
  const { userId, email, selector } = naming;
  if (selector === null && email !== '') return { email, ofId: userId };
  return selectorOf(naming);
}

/**
 * The e-mail for requests that take nothing else.
 * @throws `TARGET_AMBIGUOUS` where it is not this user's alone
 */
export function emailOf(naming: UserNaming): string {
  if (naming.shared || naming.email === '') throw unnameable(naming);
  return naming.email;
}

/** The option that names a user to the vendor's tool: by id unless the e-mail is the user's alone. */
export function userOption({ userId, email, shared }: UserNaming): [string, string] {
  return shared || email === '' ? ['-i', userId] : ['-e', email];
}

/** A user as found; one that can't be told from another has nothing but its id and e-mail. */
export function asUserState({ naming, user }: NamedUser): UserState {
  return { naming, user: user ?? unread(naming) };
}

function unread({ userId, email }: UserNaming): GatewayUserDetail {
  const nothing = { ownerId: '', flags: [], accessKeyIds: [], accounts: [] };
  return { userId, email, state: 'unknown', ...nothing };
}

/**
 * Why an operation must not be sent, as far as can be told before: its own reasons, and that no request
 * could name its user. Where that user could not even be read, nothing else is certain.
 */
export function refusalOf<Name extends OperationName>(
  operation: Operation<Name, unknown, unknown>,
  input: OperationInput<Name>,
  state: unknown,
  caller: Caller,
): AppError | null {
  const naming = operation.naming?.(input, state) ?? null;
  const unreadable = naming?.selector === null;
  const unnamed =
    naming !== null &&
    (unreadable || (operation.namesByEmail === true && (naming.shared || naming.email === '')));
  const own = unreadable ? null : (operation.refusal?.(input, state, caller) ?? null);
  if (own !== null || !unnamed) return own;
  return unnameable(
    naming,
    operation
      .adminCommands(input, state)
      .map((command) => adminCommandLine(command, caller.volumeId)),
  );
}
