import { AppError, notFound } from '#shared/errors.ts';
import type {
  GatewayUserDetail,
  NamedUser,
  UserNaming,
  UserSelector,
} from '../../../gateway/model/gateway.ts';
import type { GatewayRequest } from '../../../gateway/model/request.ts';
import { userRequest } from '../../../gateway/requests/users.ts';
import { unnameable } from '../../../gateway/user-names.ts';
import { adminCommandLine } from './command-lines.ts';
import type {
  Caller,
  Impact,
  Operation,
  OperationInput,
  OperationName,
  OperationTarget,
  TargetReader,
  UserState,
} from './operation.ts';

/** Returns whether a user is the one whose key the console signs with. */
export function isCaller(user: GatewayUserDetail, caller: Caller): boolean {
  const own = caller.accessKeyId.toLowerCase();
  const id = user.userId.toLowerCase();
  const keys = [user.accessKeyIds, ...user.accounts.map((account) => account.accessKeyIds)].flat();
  return (id.length >= 16 && own.startsWith(id)) || keys.some((key) => key.toLowerCase() === own);
}

export function selfLockout(what: string): AppError {
  return new AppError({
    code: 'SELF_LOCKOUT_REFUSED',
    message: `${what} is what this connection signs in with; changing it would lock the console out.`,
    hint: 'Sign in with another system user to do this; nothing was sent.',
  });
}

export function keyLimitReached(holder: string, accessKeyIds: string[], hint: string): AppError {
  return new AppError({
    code: 'KEY_LIMIT_REACHED',
    message: `${holder} holds two key pairs already, which is the most the gateway allows; nothing was sent.`,
    hint,
    details: { accessKeyIds },
  });
}

export function targetMissing(message: string): AppError {
  return notFound(
    message,
    'Refresh the list: it may have been deleted or renamed by someone else.',
  );
}

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

/** A user as found; one that can't be distinguished from another has nothing but its id and e-mail. */
export function asUserState({ naming, user }: NamedUser): UserState {
  return { naming, user: user ?? unread(naming) };
}

function unread({ userId, email }: UserNaming): GatewayUserDetail {
  const nothing = { ownerId: '', flags: [], accessKeyIds: [], accounts: [] };
  return { userId, email, state: 'unknown', ...nothing };
}

/**
 * Returns why an operation must not be sent, as far as is known before: its own reasons, and that no
 * request could name its user. Where that user could not even be read, nothing else is certain.
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

/** Returns the name of a user: its e-mail, or its id where it has none. */
export function nameOf({ email, userId }: Pick<GatewayUserDetail, 'email' | 'userId'>): string {
  return email || userId;
}

export function userTarget(user: GatewayUserDetail): OperationTarget {
  return { kind: 'user', id: user.userId, name: nameOf(user) };
}

export function userReading({ naming }: Pick<UserState, 'naming'>): GatewayRequest {
  return userRequest(selectorOf(naming));
}

/** Returns the impact on a user: buckets and bytes as last listed, keys of the user and of its accounts. */
export async function userImpact(user: GatewayUserDetail, reader: TargetReader): Promise<Impact> {
  const { bucketCount, currentBytes } = await reader.userView(user);
  const inAccounts = user.accounts.reduce((sum, { accessKeyIds }) => sum + accessKeyIds.length, 0);
  return {
    buckets: bucketCount,
    bytes: currentBytes,
    keys: user.accessKeyIds.length + inAccounts,
  };
}
