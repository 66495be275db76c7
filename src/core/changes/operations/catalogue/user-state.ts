import type { GatewayUserDetail } from '../../../gateway/model/gateway.ts';
import type { GatewayRequest } from '../../../gateway/model/request.ts';
import { userRequest, userStateRequest } from '../../../gateway/requests/users.ts';
import { emailOf, selectorOf } from '../naming.ts';
import type { Impact, Operation, OperationTarget } from '../operation.ts';
import { isCaller, selfLockout } from '../refusals.ts';
import type { TargetReader, UserState } from '../target-reader.ts';

/** Enabling and disabling a user: the same but for the word. */
function setUserState(
  flag: 'enable' | 'disable',
): Omit<Operation<'users.enable' | 'users.disable', UserState>, 'name'> {
  const state = `${flag}d`;
  const other = flag === 'enable' ? 'users.disable' : 'users.enable';
  return {
    title: flag === 'enable' ? 'Enable user' : 'Disable user',
    destructive: flag === 'disable',
    creates: false,
    topics: ['users', 'keys'],
    read: ({ userId }, reader) => reader.user(userId),
    naming: (_input, { naming }) => naming,
    namesByEmail: true,
    describe: (_input, { user }) => ({
      target: userTarget(user),
      before: { email: user.email, state: user.state },
      after: { email: user.email, state },
    }),
    wanted: () => ({ state }),
    refusal: (_input, { user }, caller) =>
      flag === 'disable' && isCaller(user, caller) ? selfLockout(`User ${nameOf(user)}`) : null,
    ...(flag === 'disable'
      ? {
          impact: (_input: unknown, { user }: UserState, reader: TargetReader) =>
            userImpact(user, reader),
        }
      : {}),
    readings: (_input, state) => [userReading(state)],
    requests: (_input, { naming }) => [userStateRequest(emailOf(naming), flag)],
    adminCommands: (_input, { user }) => [
      { command: `${flag}-user`, options: [['-i', user.userId]] },
    ],
    learned: (_input, { user }, readAt) => [{ part: 'keys', user, readAt }],
    value: async (_input, { now, reader }) => reader.userView(now.user),
    inverse: ({ userId }, before) =>
      before.state === state ? null : { operation: other, input: { userId } },
  };
}

/** Lets a user read and write again. */
export const enableUser: Operation<'users.enable', UserState> = {
  name: 'users.enable',
  ...setUserState('enable'),
};

/** Takes read and write access from a user; its data stays. */
export const disableUser: Operation<'users.disable', UserState> = {
  name: 'users.disable',
  ...setUserState('disable'),
};

/** Returns what a user is called: its e-mail, or its id where it has none. */
export function nameOf({ email, userId }: Pick<GatewayUserDetail, 'email' | 'userId'>): string {
  return email || userId;
}

/** The user as target. */
export function userTarget(user: GatewayUserDetail): OperationTarget {
  return { kind: 'user', id: user.userId, name: nameOf(user) };
}

/** The request that reads a user. */
export function userReading({ naming }: Pick<UserState, 'naming'>): GatewayRequest {
  return userRequest(selectorOf(naming));
}

/** What hangs on a user: buckets and bytes as last listed, keys of the user and of its accounts. */
export async function userImpact(user: GatewayUserDetail, reader: TargetReader): Promise<Impact> {
  const { bucketCount, currentBytes } = await reader.userView(user);
  const inAccounts = user.accounts.reduce((sum, { accessKeyIds }) => sum + accessKeyIds.length, 0);
  return {
    buckets: bucketCount,
    bytes: currentBytes,
    keys: user.accessKeyIds.length + inAccounts,
  };
}
