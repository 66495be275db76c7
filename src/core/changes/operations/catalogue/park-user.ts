import { parkUserRequest } from '../../../gateway/requests/users.ts';
import { emailOf } from '../naming.ts';
import type { Operation } from '../operation.ts';
import { isCaller, selfLockout } from '../refusals.ts';
import type { UserState } from '../target-reader.ts';
import { nameOf, userReading, userTarget } from './user-state.ts';

/** Takes access from a user until it is enabled again. */
export const parkUser: Operation<'users.park', UserState> = {
  name: 'users.park',
  title: 'Park user',
  destructive: false,
  creates: false,
  topics: ['users', 'keys'],
  read: ({ userId }, reader) => reader.user(userId),
  naming: (_input, { naming }) => naming,
  namesByEmail: true,
  describe: (_input, { user }) => ({
    target: userTarget(user),
    before: { email: user.email, state: user.state },
    after: { email: user.email, state: 'disabled' },
  }),
  wanted: () => ({ state: 'disabled' }),
  refusal: (_input, { user }, caller) =>
    isCaller(user, caller) ? selfLockout(`User ${nameOf(user)}`) : null,
  readings: (_input, state) => [userReading(state)],
  requests: (_input, { naming }) => [parkUserRequest(emailOf(naming))],
  adminCommands: (_input, { user }) => [
    { command: 'disable-user', options: [['-i', user.userId]] },
  ],
  learned: (_input, { user }, readAt) => [{ part: 'keys', user, readAt }],
  value: async (_input, { now, reader }) => reader.userView(now.user),
  inverse: ({ userId }) => ({ operation: 'users.enable', input: { userId } }),
};
