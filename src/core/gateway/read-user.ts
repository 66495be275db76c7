import type { GatewayUser, GatewayUserDetail, KeyPair } from './gateway.ts';
import { readableOf } from './read-bucket.ts';
import {
  foreignAnswer,
  isJsonObject,
  type JsonObject,
  readText,
  requireObject,
} from './read-fields.ts';

/**
 * One user of the list. Unknown fields are dropped, and the secrets with which older gateways fill
 * the list with them.
 * @throws `ANSWER_FOREIGN` where there is no user id
 */
export function readUser(json: unknown): GatewayUser {
  const user = requireObject(json, 'a user');
  const userId = readText(user.UserId);
  if (userId === '') throw foreignAnswer('a user');
  return {
    userId,
    email: readText(user.UserEmail),
    state: readState(user.State),
    ownerId: readText(user.OwnerId),
    flags: readFlags(user.Flags),
  };
}

/** All users of a list, whichever of its shapes it has: a bare array, `Users` or `users`. */
export function readUserList(json: unknown): GatewayUser[] {
  const list = isJsonObject(json) ? (json.Users ?? json.users) : json;
  if (!Array.isArray(list)) throw foreignAnswer('a list of users');
  return readableOf(list, readUser);
}

/** A single user with the ids of keys and accounts' keys; secrets are left behind. */
export function readUserDetail(json: unknown): GatewayUserDetail {
  const user = requireObject(soleEntry(json), 'a user');
  return {
    ...readUser(user),
    accessKeyIds: readKeyPairs(user).map((key) => key.accessKeyId),
    accounts: readAccounts(user).map((account) => ({
      name: readText(account.Name),
      accessKeyIds: readKeyPairs(account).map((key) => key.accessKeyId),
    })),
  };
}

/** The key pairs of a user or of an account, with their secrets. */
export function readKeyPairs(holder: JsonObject): KeyPair[] {
  const keys = holder.AWSAccessKeys;
  if (!Array.isArray(keys)) return [];
  return keys.filter(isJsonObject).flatMap((key) => {
    const accessKeyId = readText(key.AWSAccessKeyId);
    // The guide once spells the name of the secret with one S.
    const secretAccessKey = readText(key.AWSSecretAccessKey ?? key.AWSecretAccessKey);
    return accessKeyId === '' ? [] : [{ accessKeyId, secretAccessKey }];
  });
}

/** The accounts of a single user, as they were sent. */
export function readAccounts(user: JsonObject): JsonObject[] {
  return Array.isArray(user.Accounts) ? user.Accounts.filter(isJsonObject) : [];
}

/** The one user of an answer that may come wrapped as a list of one. */
export function soleEntry(json: unknown): unknown {
  const list = isJsonObject(json) ? (json.Users ?? json.users ?? json) : json;
  return Array.isArray(list) && list.length === 1 ? list[0] : list;
}

function readState(value: unknown): GatewayUser['state'] {
  const state = readText(value).toLowerCase();
  return state === 'enabled' || state === 'disabled' ? state : 'unknown';
}

function readFlags(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(readText).filter((flag) => flag !== '');
  const flag = readText(value);
  return flag === '' || flag === 'none' ? [] : [flag];
}
