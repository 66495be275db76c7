import { formatCounted } from '#shared/counted.ts';
import { AppError } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import type { GatewayBucket, GatewayUserDetail } from '../../../gateway/model/gateway.ts';
import { bucketsOfRequest } from '../../../gateway/requests/buckets.ts';
import { removeUserRequest } from '../../../gateway/requests/users.ts';
import { selectorOf } from '../naming.ts';
import type { Operation } from '../operation.ts';
import { isCaller, selfLockout } from '../refusals.ts';
import type { UserState } from '../target-reader.ts';
import { nameOf, userImpact, userReading, userTarget } from './user-state.ts';

/** The user, null once it is gone, and what it owns. */
interface OwnerState extends UserState {
  gone: boolean;
  buckets: GatewayBucket[];
}

/** Takes a user away for good. Refused with the list of buckets while it owns any. */
export const removeUser: Operation<'users.remove', OwnerState> = {
  name: 'users.remove',
  title: 'Remove user',
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

const bucketsTold = 100;

function ownsBuckets(user: GatewayUserDetail, buckets: GatewayBucket[], said?: AppError): AppError {
  const count = buckets.length;
  const many = count === 0 ? 'buckets' : formatCounted(count, 'bucket');
  return new AppError({
    ...(said?.toData() ?? {}),
    code: 'USER_OWNS_BUCKETS',
    message: `User ${nameOf(user)} owns ${many} and cannot be removed.`,
    hint: 'Remove the buckets first; the console never removes them on its own.',
    details: {
      count,
      buckets: buckets.slice(0, bucketsTold).map(({ name, currentBytes }) => ({
        name,
        currentBytes: toWireInteger(currentBytes),
      })),
    },
  });
}
