import { AppError } from '#shared/errors.ts';
import type { KeyPair } from '../../gateway/gateway.ts';
import type { ManagementRequest } from '../management-request.ts';
import type { Operation, OperationInput } from '../operation.ts';
import { isCaller, notFound, selfLockout } from '../refusals.ts';
import type { TargetReader } from '../target-reader.ts';
import { keysHeld, revealed } from './key-holder.ts';
import type { UserState } from './user-state.ts';

type Input = Pick<OperationInput<'accounts.create'>, 'userId' | 'accountName'>;
/** Requests about accounts take the user id, so that a shared e-mail does no harm. */
type AccountState = Pick<UserState, 'user'>;

const read = async ({ userId }: Input, reader: TargetReader): Promise<AccountState> => ({
  user: await reader.user(userId),
});

const target = ({ accountName }: Input, { user }: AccountState) =>
  ({ kind: 'account', id: user.userId, name: `${accountName} of ${user.email}` }) as const;

const readings = (_input: Input, { user }: AccountState): ManagementRequest[] => [
  { method: 'GET', service: 'ostor-users', parameters: [['id', user.userId]] },
];

const parameters = ({ accountName }: Input, { user }: AccountState) =>
  [
    ['id', user.userId],
    ['accountName', accountName],
  ] as const;

function fields({ accountName }: Input, { user }: AccountState, exists: boolean) {
  const names = user.accounts.map(({ name }) => name).filter((name) => name !== accountName);
  const accounts = exists ? [...names, accountName] : names;
  return {
    email: user.email,
    account: exists ? accountName : null,
    accounts: accounts.sort().join(', ') || null,
  };
}

const exists = ({ accountName }: Input, { user }: AccountState): boolean =>
  keysHeld(user, accountName) !== null;

/** Further credentials inside one user, with a first key pair. */
export const createAccount: Operation<
  'accounts.create',
  AccountState,
  { name: string; key: KeyPair | null }
> = {
  name: 'accounts.create',
  title: 'Create account',
  destructive: false,
  creates: true,
  topics: ['users', 'accounts', 'keys'],
  read,
  describe: (input, state) => ({
    target: target(input, state),
    before: fields(input, state, exists(input, state)),
    after: fields(input, state, true),
  }),
  refusal: (input, state) =>
    exists(input, state)
      ? new AppError({
          code: 'ALREADY_EXISTS',
          message: `User ${state.user.email} has an account "${input.accountName}" already; nothing was sent.`,
          hint: 'Choose another name, or generate a key for the account that is there.',
        })
      : null,
  readings,
  requests: (input, state) => [
    { method: 'POST', service: 'ostor-accounts', parameters: parameters(input, state) },
  ],
  adminCommands: ({ accountName }, { user }) => [
    {
      command: 'create-account',
      options: [
        ['-n', accountName],
        ['-e', user.email],
      ],
    },
  ],
  send: ({ accountName }, { user }, gateway, options) =>
    gateway.createAccount({ id: user.userId }, accountName, options),
  happened: (input, _before, now) => exists(input, now),
  learned: (_input, { user }, readAt) => [{ part: 'keys', user, readAt }],
  async value({ userId, accountName }, { now, sent, gateway }) {
    if (sent?.key && sent.key.secretAccessKey !== '') return { name: accountName, key: sent.key };
    const accessKeyId = sent?.key?.accessKeyId ?? keysHeld(now.user, accountName)?.[0];
    const key =
      accessKeyId === undefined
        ? null
        : await revealed({ userId, accountName }, accessKeyId, gateway);
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

/** Takes an account and its keys away; the user and its buckets stay. */
export const removeAccount: Operation<'accounts.remove', AccountState> = {
  name: 'accounts.remove',
  title: 'Remove account',
  destructive: true,
  creates: false,
  topics: ['users', 'accounts', 'keys'],
  read,
  describe: (input, state) => ({
    target: target(input, state),
    before: fields(input, state, exists(input, state)),
    after: fields(input, state, false),
  }),
  refusal: (input, state, caller) => {
    if (!exists(input, state)) {
      return notFound(`User ${state.user.email} has no account "${input.accountName}".`);
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
  readings,
  requests: (input, state) => [
    { method: 'DELETE', service: 'ostor-accounts', parameters: parameters(input, state) },
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
  send: ({ accountName }, { user }, gateway, options) =>
    gateway.removeAccount({ id: user.userId }, accountName, options),
  happened: (input, _before, now) => !exists(input, now),
  learned: (_input, { user }, readAt) => [{ part: 'keys', user, readAt }],
  value: async ({ accountName }) => ({ name: accountName }),
  inverse: () => null,
};
