import type { QueryParameter } from '../model/encode.ts';
import type { GatewayUser, GatewayUserDetail, UserSelector } from '../model/gateway.ts';
import { foreignAnswer, readText, requireObject } from '../model/read-fields.ts';
import {
  noSuchUser,
  readKeyPairs,
  readUserDetail,
  readUserList,
  selectUser,
  soleEntry,
} from '../model/read-user.ts';
import type { GatewayRequest, KeyPair, Refusal } from '../model/request.ts';

/** The service that users and keys are managed with. */
export const usersService: QueryParameter = ['ostor-users', null];

/** Lists the users. */
export const userListRequest: GatewayRequest<GatewayUser[]> = {
  purpose: 'list the users',
  method: 'GET',
  query: [usersService],
  slow: true,
  read: readUserList,
};

const alreadyExists: Refusal = {
  code: 'ALREADY_EXISTS',
  message: 'A user with this e-mail exists already.',
  hint: 'Use another e-mail, or use the user that is there.',
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

/** Reads one user; what is read is proved to be of that user. */
export function userRequest(user: UserSelector): GatewayRequest<GatewayUserDetail> {
  return {
    purpose: 'read the user',
    method: 'GET',
    query: [usersService, userParameter(user)],
    refusals: { 404: noSuchUser, NoSuchUser: noSuchUser },
    read: (json) => readUserDetail(selectUser(json, user)),
  };
}

/** A user as its creation answers it. */
export interface CreatedUser {
  userId: string;
  email: string;
  key: KeyPair | null;
}

/** Creates a user with a first key pair. */
export function createUserRequest(email: string): GatewayRequest<CreatedUser> {
  return {
    purpose: 'create the user',
    method: 'PUT',
    bringsSecret: true,
    query: [usersService, ['emailAddress', email]],
    refusals: {
      409: alreadyExists,
      EntityAlreadyExists: alreadyExists,
      UserAlreadyExists: alreadyExists,
    },
    read(json) {
      const user = requireObject(soleEntry(json), 'the new user');
      const userId = readText(user.UserId);
      if (userId === '') throw foreignAnswer('the new user');
      return {
        userId,
        email: readText(user.UserEmail) || email,
        key: readKeyPairs(user)[0] ?? null,
      };
    },
  };
}

/** Enables or disables a user. */
export function userStateRequest(
  email: string,
  action: 'enable' | 'disable',
): GatewayRequest<void> {
  return {
    purpose: `${action} the user`,
    method: 'POST',
    query: [usersService, ['emailAddress', email], [action, null]],
    refusals: { 404: noSuchUser, NoSuchUser: noSuchUser },
  };
}

/** Removes a user for good; refused while it owns buckets. */
export function removeUserRequest(user: UserSelector): GatewayRequest<void> {
  return {
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
  };
}
