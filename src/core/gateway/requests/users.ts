import type { Exchange } from '../exchange.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { Gateway, RawList, UserSelector } from '../model/gateway.ts';
import { foreignAnswer, readText, requireObject } from '../model/read-fields.ts';
import {
  noSuchUser,
  readKeyPairs,
  readUserDetail,
  readUserList,
  selectUser,
  soleEntry,
} from '../model/read-user.ts';
import type { GatewayRequest, Refusal } from '../model/request.ts';

/** The service that users and keys are managed with. */
export const usersService: QueryParameter = ['ostor-users', null];

const listRequest: GatewayRequest = {
  purpose: 'list the users',
  method: 'GET',
  query: [usersService],
  slow: true,
};

const alreadyExists: Refusal = {
  code: 'ALREADY_EXISTS',
  message: 'A user with this e-mail exists already.',
  hint: 'Choose another e-mail, or use the user that is there.',
  words: /already (exists|taken|in use|registered)/i,
};

const ownsBuckets: Refusal = {
  code: 'USER_OWNS_BUCKETS',
  message: 'The user owns buckets and cannot be removed.',
  hint: 'Remove the buckets first; they are listed on the page of the user.',
  words: /owns? .*buckets?|has buckets/i,
};

/** The query parameter that names a user. */
export function userParameter(user: UserSelector): QueryParameter {
  return 'id' in user ? ['id', user.id] : ['emailAddress', user.email];
}

/** Reading users. */
export function userReadings(
  exchange: Exchange,
): Pick<Gateway, 'listUsers' | 'streamUsers' | 'getUser'> {
  return {
    async listUsers(options) {
      return readUserList(await exchange.readJson(listRequest, options));
    },
    async streamUsers(options): Promise<RawList> {
      const answer = await exchange.stream(listRequest, options);
      return { chunks: answer.body, requestId: answer.requestId };
    },
    async getUser(user, options) {
      return readUserDetail(selectUser(await exchange.readJson(userRequest(user), options), user));
    },
  };
}

/** The request for one user. */
export function userRequest(user: UserSelector): GatewayRequest {
  return {
    purpose: 'read the user',
    method: 'GET',
    query: [usersService, userParameter(user)],
    refusals: { 404: noSuchUser, NoSuchUser: noSuchUser },
  };
}

/** Changing users. Each is sent once: what happened after a failure is to be read back. */
export function userWrites(
  exchange: Exchange,
): Pick<Gateway, 'createUser' | 'enableUser' | 'disableUser' | 'removeUser'> {
  const setState = async (
    email: string,
    action: 'enable' | 'disable',
    options: Parameters<Gateway['enableUser']>[1],
  ): Promise<void> => {
    await exchange.act(
      {
        purpose: `${action} the user`,
        method: 'POST',
        query: [usersService, ['emailAddress', email], [action, null]],
        refusals: { 404: noSuchUser, NoSuchUser: noSuchUser },
      },
      options,
    );
  };
  return {
    async createUser(email, options) {
      const answer = await exchange.write(
        {
          purpose: 'create the user',
          method: 'PUT',
          query: [usersService, ['emailAddress', email]],
          refusals: {
            409: alreadyExists,
            EntityAlreadyExists: alreadyExists,
            UserAlreadyExists: alreadyExists,
          },
        },
        options,
      );
      const user = requireObject(soleEntry(exchange.parse(answer)), 'the new user');
      const userId = readText(user.UserId);
      if (userId === '') throw foreignAnswer('the new user');
      return {
        userId,
        email: readText(user.UserEmail) || email,
        key: readKeyPairs(user)[0] ?? null,
      };
    },
    enableUser: (email, options) => setState(email, 'enable', options),
    disableUser: (email, options) => setState(email, 'disable', options),
    async removeUser(user, options) {
      await exchange.act(
        {
          purpose: 'remove the user',
          method: 'DELETE',
          query: [usersService, userParameter(user)],
          refusals: {
            404: noSuchUser,
            NoSuchUser: noSuchUser,
            409: ownsBuckets,
            DeleteConflict: ownsBuckets,
            UserOwnsBuckets: ownsBuckets,
            BucketNotEmpty: ownsBuckets,
          },
        },
        options,
      );
    },
  };
}
