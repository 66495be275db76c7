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
import type { GatewayRequest, KeyPair, QueryParameter, Refusal } from '../model/request.ts';

export interface CreatedAccount {
  name: string;
  key: KeyPair | null;
}

const accountExists: Refusal = {
  code: 'ALREADY_EXISTS',
  message: 'The user has an account of this name already.',
  hint: 'Use another name, or use the account that is there.',
};

const noSuchAccount: Refusal = {
  code: 'NOT_FOUND',
  message: 'This account no longer exists.',
  hint: 'Refresh the page of the user.',
};

/** Creates an account: a POST, as the guide's example has it, not the PUT of its prose. */
export function createAccountRequest(
  user: UserSelector,
  accountName: string,
): GatewayRequest<CreatedAccount> {
  return {
    purpose: 'create the account',
    method: 'POST',
    query: accountQuery(user, accountName),
    refusals: { 404: noSuchUser, 409: accountExists },
    read(json) {
      const account = requireObject(json, 'the new account');
      return { name: readText(account.Name) || accountName, key: readKeyPairs(account)[0] ?? null };
    },
  };
}

/** Removes an account with its keys. */
export function removeAccountRequest(
  user: UserSelector,
  accountName: string,
): GatewayRequest<void> {
  return {
    purpose: 'delete the account',
    method: 'DELETE',
    query: accountQuery(user, accountName),
    refusals: { 404: noSuchAccount },
  };
}

function accountQuery(user: UserSelector, accountName: string): QueryParameter[] {
  return [['ostor-accounts', null], userParameter(user), ['accountName', accountName]];
}

const tooManyKeys: Refusal = {
  code: 'KEY_LIMIT_REACHED',
  message: 'Maximum of two access keys reached.',
  hint: 'Revoke one of them first, or rotate.',
  words: /maximum.*(key|pair)|too many.*key|key.*limit/i,
};

const noSuchKey: Refusal = {
  code: 'NOT_FOUND',
  message: 'This access key no longer exists.',
  hint: 'Refresh the page of the user.',
};

/** Words gateways have for it under other statuses. */
const tooManyKeysCodes = {
  LimitExceeded: tooManyKeys,
  KeyLimitExceeded: tooManyKeys,
  TooManyKeys: tooManyKeys,
};

/** Generates a key pair. The answer holds the new pair, or every one of the user's. */
export function generateKeyRequest(email: string, accountName?: string): GatewayRequest<KeyPair[]> {
  return {
    purpose: 'generate an access key',
    method: 'POST',
    bringsSecret: true,
    query: [...keyHolder(email, accountName), ['genKey', null]],
    refusals: {
      404: noSuchUser,
      409: tooManyKeys,
      NoSuchAccount: noSuchAccount,
      ...tooManyKeysCodes,
    },
    read: (json) => readKeyPairs(requireObject(soleEntry(json), 'an access key')),
  };
}

/** Revokes a key pair: requests signed with it are refused from then on. */
export function revokeKeyRequest(
  email: string,
  accessKeyId: string,
  accountName?: string,
): GatewayRequest<void> {
  return {
    purpose: 'revoke the access key',
    method: 'POST',
    query: [...keyHolder(email, accountName), ['revokeKey', accessKeyId]],
    refusals: { NoSuchUser: noSuchUser, NoSuchAccount: noSuchAccount, 404: noSuchKey },
  };
}

function keyHolder(email: string, accountName: string | undefined): QueryParameter[] {
  const user: QueryParameter[] = [usersService, ['emailAddress', email]];
  return accountName === undefined ? user : [...user, ['accountName', accountName]];
}

/** The service that users and keys are managed with. */
const usersService: QueryParameter = ['ostor-users', null];

export const userListRequest: GatewayRequest<GatewayUser[]> = {
  purpose: 'list the users',
  method: 'GET',
  query: [usersService],
  slow: true,
  read: readUserList,
};

const userExists: Refusal = {
  code: 'ALREADY_EXISTS',
  message: 'A user with this e-mail exists already.',
  hint: 'Use another e-mail, or use the user that is there.',
  words: /already (exists|taken|in use|registered)/i,
};

const ownsBuckets: Refusal = {
  code: 'USER_OWNS_BUCKETS',
  message: 'The user owns buckets and cannot be removed.',
  hint: 'Delete the buckets first; they are listed on the page of the user.',
  words: /owns? .*buckets?|has buckets/i,
};

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
      409: userExists,
      EntityAlreadyExists: userExists,
      UserAlreadyExists: userExists,
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
    purpose: 'delete the user',
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
