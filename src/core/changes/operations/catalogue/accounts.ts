import { AppError } from '#shared/errors.ts';
import {
  type CreatedAccount,
  createAccountRequest,
  removeAccountRequest,
} from '../../../gateway/requests/users.ts';
import type { TargetValue } from '../../../store/snapshot/writes/save-values.ts';
import { keysHeld, revealed } from './key-holder.ts';
import {
  isCaller,
  nameOf,
  selectorOf,
  selfLockout,
  targetMissing,
  userOption,
  userReading,
} from './naming.ts';
import type { Operation, OperationInput, TargetReader, UserState } from './operation.ts';

type Input = Pick<OperationInput<'accounts.create'>, 'userId' | 'accountName'>;

/** Shared by creating and deleting an account. */
const ofAccounts = {
  topics: ['users', 'accounts', 'keys'] as const,
  read: ({ userId }: Input, reader: TargetReader): Promise<UserState> => reader.user(userId),
  naming: (_input: Input, state: UserState) => state.naming,
  readings: (_input: Input, state: UserState) => [userReading(state)],
  learned: (_input: Input, { user }: UserState, readAt: number): TargetValue[] => [
    { part: 'keys', user, readAt },
  ],
};

const target = ({ accountName }: Input, { user }: UserState) =>
  ({ kind: 'account', id: user.userId, name: `${accountName} of ${nameOf(user)}` }) as const;

function fields({ accountName }: Input, { user }: UserState, exists: boolean) {
  const names = user.accounts.map(({ name }) => name).filter((name) => name !== accountName);
  const accounts = exists ? [...names, accountName] : names;
  return {
    email: user.email,
    account: exists ? accountName : null,
    accounts: accounts.sort().join(', ') || null,
  };
}

const exists = ({ accountName }: Input, { user }: UserState): boolean =>
  keysHeld(user, accountName) !== null;

/** Further credentials inside one user, with a first key pair. */
export const createAccount: Operation<'accounts.create', UserState, CreatedAccount> = {
  name: 'accounts.create',
  title: 'Create account',
  destructive: false,
  creates: true,
  ...ofAccounts,
  describe: (input, state) => ({
    target: target(input, state),
    before: fields(input, state, exists(input, state)),
    after: fields(input, state, true),
  }),
  refusal: (input, state) =>
    exists(input, state)
      ? new AppError({
          code: 'ALREADY_EXISTS',
          message: `User ${nameOf(state.user)} has an account "${input.accountName}" already; nothing was sent.`,
          hint: 'Use another name, or generate a key for the account that is there.',
        })
      : null,
  requests: ({ accountName }, { naming: named }) => [
    createAccountRequest(selectorOf(named), accountName),
  ],
  adminCommands: ({ accountName }, { naming: named }) => [
    { command: 'create-account', options: [['-n', accountName], userOption(named)] },
  ],
  happened: (input, _before, now) => exists(input, now),
  async value({ accountName }, { now, sent, gateway }) {
    if (sent?.key && sent.key.secretAccessKey !== '') return { name: accountName, key: sent.key };
    const accessKeyId = sent?.key?.accessKeyId ?? keysHeld(now.user, accountName)?.[0];
    const key =
      accessKeyId === undefined
        ? null
        : await revealed({ user: selectorOf(now.naming), accountName }, accessKeyId, gateway);
    return { name: accountName, key };
  },
  madePair: ({ userId, accountName }, _before, { user }) => {
    const accessKeyId = keysHeld(user, accountName)?.[0];
    return accessKeyId === undefined ? null : { userId, accountName, accessKeyId };
  },
  inverse: ({ userId, accountName }) => ({
    operation: 'accounts.remove',
    input: { userId, accountName },
  }),
};

/** Deletes an account and its keys; the user and its buckets stay. */
export const removeAccount: Operation<'accounts.remove', UserState> = {
  name: 'accounts.remove',
  title: 'Delete account',
  destructive: true,
  creates: false,
  ...ofAccounts,
  describe: (input, state) => ({
    target: target(input, state),
    before: fields(input, state, exists(input, state)),
    after: fields(input, state, false),
  }),
  refusal: (input, state, caller) => {
    if (!exists(input, state)) {
      return targetMissing(`User ${nameOf(state.user)} has no account "${input.accountName}".`);
    }
    const keys = keysHeld(state.user, input.accountName) ?? [];
    const own = keys.some((key) => key.toLowerCase() === caller.accessKeyId.toLowerCase());
    return own && isCaller(state.user, caller) ? selfLockout(`Account ${input.accountName}`) : null;
  },
  impact: async ({ accountName }, { user }) => ({
    buckets: 0,
    bytes: 0,
    keys: keysHeld(user, accountName)?.length ?? 0,
  }),
  requests: ({ accountName }, { naming: named }) => [
    removeAccountRequest(selectorOf(named), accountName),
  ],
  adminCommands: ({ accountName }, { user }) => [
    {
      command: 'delete-account',
      options: [
        ['-n', accountName],
        ['-i', user.userId],
      ],
    },
  ],
  happened: (input, _before, now) => !exists(input, now),
  value: async ({ accountName }) => ({ name: accountName }),
  inverse: () => null,
};
