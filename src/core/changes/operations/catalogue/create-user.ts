import { AppError } from '#shared/errors.ts';
import type { GatewayUserDetail } from '../../../gateway/model/gateway.ts';
import {
  type CreatedUser,
  createUserRequest,
  userRequest,
} from '../../../gateway/requests/users.ts';
import type { Operation } from '../operation.ts';
import { notFound } from '../refusals.ts';
import { revealed } from './key-holder.ts';

/** The user that has the e-mail, where there is one. */
interface EmailState {
  user: GatewayUserDetail | null;
}

/** A new user with a first key pair. What two users of one e-mail would mean is avoided by looking first. */
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
    if (user === null) throw notFound(`The new user ${email} could not be found.`);
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

/** A user that the gateway says it made and that reading does not show yet. */
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
