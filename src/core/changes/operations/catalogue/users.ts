import { formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import type { GatewayBucket, GatewayUserDetail } from '../../../gateway/model/gateway.ts';
import { bucketsOfRequest } from '../../../gateway/requests/buckets.ts';
import {
  type CreatedUser,
  createUserRequest,
  removeUserRequest,
  userRequest,
  userStateRequest,
} from '../../../gateway/requests/users.ts';
import { revealed } from './key-holder.ts';
import {
  emailOf,
  isCaller,
  nameOf,
  selectorOf,
  selfLockout,
  targetMissing,
  userImpact,
  userReading,
  userTarget,
} from './naming.ts';
import type { Operation, TargetReader, UserState } from './operation.ts';

interface EmailState {
  user: GatewayUserDetail | null;
}

/** Creates a user with a first key pair, after checking that no user has the e-mail. */
export const createUser: Operation<'users.create', EmailState, CreatedUser> = {
  name: 'users.create',
  title: 'Create user',
  destructive: false,
  creates: true,
  topics: ['users', 'keys'],
  read: async ({ email }, reader) => ({ user: await reader.userByEmail(email) }),
  describe: ({ email }, { user }) => ({
    target: { kind: 'user', id: user?.userId ?? email, name: email },
    before: { email: user?.email ?? null, state: user?.state ?? null },
    after: { email, state: 'enabled' },
  }),
  refusal: ({ email }, { user }) =>
    user
      ? new AppError({
          code: 'ALREADY_EXISTS',
          message: `A user with the e-mail ${email} exists already; nothing was sent.`,
          hint: 'Use another e-mail, or use the user that is there.',
          details: { userId: user.userId },
        })
      : null,
  readings: ({ email }) => [userRequest({ email })],
  requests: ({ email }) => [createUserRequest(email)],
  adminCommands: ({ email }) => [{ command: 'create-user', options: [['-e', email]] }],
  happened: (_input, _before, { user }, sent) =>
    user !== null && (sent === undefined || user.userId === sent.userId),
  learned: (_input, { user }, readAt) => (user === null ? [] : [{ part: 'keys', user, readAt }]),
  async value({ email }, { now, sent, gateway, reader }) {
    const user = now.user ?? (sent ? unseen(sent) : null);
    if (user === null) throw targetMissing(`The new user ${email} could not be found.`);
    const known = sent?.key?.secretAccessKey ? sent.key : null;
    const accessKeyId = sent?.key?.accessKeyId ?? user.accessKeyIds[0];
    const key =
      known ??
      (accessKeyId === undefined
        ? null
        : await revealed({ user: { email, ofId: user.userId } }, accessKeyId, gateway));
    return { ...(await reader.userView(user)), key };
  },
  madeTarget: ({ email }, now, sent) => {
    const id = sent?.userId ?? now?.user?.userId;
    return id === undefined ? null : { kind: 'user', id, name: email };
  },
  madePair: (_input, _before, { user }) => {
    const accessKeyId = user?.accessKeyIds[0];
    return user && accessKeyId !== undefined ? { userId: user.userId, accessKeyId } : null;
  },
  inverse: () => null,
};

/** A user that the gateway reports as created but does not list yet. */
function unseen({ userId, email, key }: CreatedUser): GatewayUserDetail {
  return {
    userId,
    email,
    state: 'unknown',
    ownerId: '',
    flags: [],
    accessKeyIds: key ? [key.accessKeyId] : [],
    accounts: [],
  };
}

interface OwnerState extends UserState {
  gone: boolean;
  buckets: GatewayBucket[];
}

/** Deletes a user for good. Refused with the list of buckets while it owns any. */
export const removeUser: Operation<'users.remove', OwnerState> = {
  name: 'users.remove',
  title: 'Delete user',
  destructive: true,
  creates: false,
  topics: ['users', 'keys', 'limits', 'quotas'],
  async read({ userId }, reader) {
    const state = await reader.user(userId);
    const isNamed = state.naming.selector !== null;
    return { ...state, gone: false, buckets: isNamed ? await reader.bucketsOf(state.naming) : [] };
  },
  async readBack({ userId }, before, reader) {
    try {
      const state = await reader.user(userId, before.naming).catch((thrown: unknown) => {
        // Its e-mail is another user's by now: the list tells whether this one is gone.
        if (!(thrown instanceof AppError) || thrown.code !== 'TARGET_CHANGED') throw thrown;
        return reader.user(userId);
      });
      return { ...before, ...state };
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'NOT_FOUND') {
        return { ...before, gone: true };
      }
      throw thrown;
    }
  },
  describe: (_input, { user, buckets }) => ({
    target: userTarget(user),
    before: {
      email: user.email,
      state: user.state,
      buckets: String(buckets.length),
      keys: user.accessKeyIds.join(', ') || null,
      accounts: user.accounts.map(({ name }) => name).join(', ') || null,
    },
    after: { email: null, state: null, buckets: '0', keys: null, accounts: null },
  }),
  naming: (_input, { naming }) => naming,
  refusal: (_input, { user, buckets }, caller) => {
    if (isCaller(user, caller)) return selfLockout(`User ${nameOf(user)}`);
    return buckets.length > 0 ? ownsBuckets(user, buckets) : null;
  },
  impact: async (_input, { user, buckets }, reader) => ({
    ...(await userImpact(user, reader)),
    buckets: buckets.length,
    bytes: toWireInteger(sumOf(buckets)),
  }),
  readings: (_input, state, purpose) => {
    const reading = userReading(state);
    return purpose === 'verify' ? [reading] : [reading, bucketsOfRequest(selectorOf(state.naming))];
  },
  requests: (_input, { naming }) => [removeUserRequest(selectorOf(naming))],
  adminCommands: (_input, { user }) => [{ command: 'delete-user', options: [['-i', user.userId]] }],
  happened: (_input, _before, { gone }) => gone,
  learned: ({ userId }, { user, gone }, readAt) =>
    gone
      ? [{ part: 'gone', target: { kind: 'user', id: userId } }]
      : [{ part: 'keys', user, readAt }],
  value: async (_input, { before, reader }) => reader.userView(before.user),
  inverse: () => null,
  explain: (error, _input, { user, buckets }) =>
    error.code === 'USER_OWNS_BUCKETS' ? ownsBuckets(user, buckets, error) : error,
};

/** A sum with an unknown part is unknown. */
function sumOf(buckets: readonly GatewayBucket[]): bigint | null {
  return buckets.reduce<bigint | null>(
    (sum, { currentBytes }) => (sum === null || currentBytes === null ? null : sum + currentBytes),
    0n,
  );
}

const mostBucketsNamed = 100;

function ownsBuckets(user: GatewayUserDetail, buckets: GatewayBucket[], said?: AppError): AppError {
  const count = buckets.length;
  const many = count === 0 ? 'buckets' : formatCounted(count, 'bucket');
  return new AppError({
    ...(said?.toData() ?? {}),
    code: 'USER_OWNS_BUCKETS',
    message: `User ${nameOf(user)} owns ${many} and cannot be deleted.`,
    hint: 'Delete the buckets first; the console never deletes them on its own.',
    details: {
      count,
      buckets: buckets.slice(0, mostBucketsNamed).map(({ name, currentBytes }) => ({
        name,
        currentBytes: toWireInteger(currentBytes),
      })),
    },
  });
}

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

export const enableUser: Operation<'users.enable', UserState> = {
  name: 'users.enable',
  ...setUserState('enable'),
};

/** Takes read and write access from a user; its data stays. */
export const disableUser: Operation<'users.disable', UserState> = {
  name: 'users.disable',
  ...setUserState('disable'),
};
