import { AppError } from '#shared/errors.ts';
import type { GatewayUser, GatewayUserDetail, UserSelector } from './gateway.ts';
import { readableOf } from './read-bucket.ts';
import {
  foreignAnswer,
  isJsonObject,
  type JsonObject,
  readText,
  requireObject,
} from './read-fields.ts';
import type { KeyPair, Refusal } from './request.ts';

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
    ...('Flags' in user ? {} : { flagsUnknown: true as const }),
  };
}

/** All users of a list, whichever of its shapes it has: a bare array, `Users` or `users`. */
export function readUserList(json: unknown): GatewayUser[] {
  const list = isJsonObject(json) ? (json.Users ?? json.users) : json;
  if (!Array.isArray(list)) throw foreignAnswer('a list of users');
  return readableOf(list, readUser);
}

/** The refusal for a user that does not exist. */
export const noSuchUser: Refusal = {
  code: 'NOT_FOUND',
  message: 'There is no such user on the gateway.',
  hint: 'It may have been deleted: refresh the list.',
};

/** A single user of {@link selectUser} with the ids of keys and accounts' keys; secrets are left behind. */
export function readUserDetail(user: JsonObject): GatewayUserDetail {
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
  // some write a list of one as that one
  return [holder.AWSAccessKeys]
    .flat()
    .filter(isJsonObject)
    .flatMap((key) => {
      const accessKeyId = readText(key.AWSAccessKeyId);
      // The guide once spells the name of the secret with one S.
      const secretAccessKey = readText(key.AWSSecretAccessKey ?? key.AWSecretAccessKey);
      return accessKeyId === '' ? [] : [{ accessKeyId, secretAccessKey }];
    });
}

/** The accounts of a single user, as they were sent. */
export function readAccounts(user: JsonObject): JsonObject[] {
  return [user.Accounts].flat().filter(isJsonObject);
}

/**
 * The user that was asked for, out of an answer that may be wider than the question: where a gateway
 * overlooks the selector it lists all users. An entry of such a list has no keys, so that it is taken
 * for the user's only where they are there.
 * @throws `TARGET_CHANGED` where the e-mail is another user's by now, `ANSWER_FOREIGN` (with
 * `details.wide`) where the selector was overlooked
 */
export function selectUser(json: unknown, selector: UserSelector): JsonObject {
  const list = isJsonObject(json) ? (json.Users ?? json.users ?? json) : json;
  if (!Array.isArray(list)) return proved(requireObject(list, 'a user'), selector);
  const entries = list.map((entry) => requireObject(entry, 'a user'));
  const matching = entries.filter((entry) =>
    'id' in selector
      ? readText(entry.UserId) === selector.id
      : readText(entry.UserEmail) === selector.email,
  );
  const several = matching.length > 1;
  const [user] = several ? matching.filter((entry) => isWanted(entry, selector)) : matching;
  if (several && !user) throw wideAnswer(entries.length); // nobody said which of them is meant
  if (!user && !('id' in selector)) throw new AppError(noSuchUser);
  if (!user || !Array.isArray(user.AWSAccessKeys)) throw wideAnswer(entries.length);
  return proved(user, selector);
}

function isWanted(user: JsonObject, selector: UserSelector): boolean {
  const wanted = 'id' in selector ? selector.id : selector.ofId;
  return readText(user.UserId) === wanted;
}

/** Returns the user if it is the requested one. */
function proved(user: JsonObject, selector: UserSelector): JsonObject {
  const { userId } = readUser(user);
  if ('id' in selector) {
    if (userId !== selector.id) throw wideAnswer(1);
  } else if (selector.ofId !== undefined && userId !== selector.ofId) {
    throw anothersEmail(userId, selector.email, selector.ofId);
  }
  return user;
}

function wideAnswer(answered: number): AppError {
  return new AppError({
    code: 'ANSWER_FOREIGN',
    message:
      answered === 1
        ? 'The gateway answered with another user than the one asked for.'
        : `The gateway answered with ${answered} users where one was asked for.`,
    hint: 'It does not take this way of naming a user. Test the connection to see which it takes.',
    details: { wide: true, answered },
  });
}

function anothersEmail(userId: string, email: string, wanted: string): AppError {
  return new AppError({
    code: 'TARGET_CHANGED',
    message: `The e-mail ${email} now belongs to user ${userId}, not to ${wanted}; nothing was sent.`,
    hint: 'Refresh the list, then decide again.',
    details: { userId: wanted, foundUserId: userId, email },
  });
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
