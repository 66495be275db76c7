import type { QueryParameter } from '../model/encode.ts';
import { requireObject } from '../model/read-fields.ts';
import { noSuchUser, readKeyPairs, soleEntry } from '../model/read-user.ts';
import type { GatewayRequest, KeyPair, Refusal } from '../model/request.ts';
import { noSuchAccount } from './accounts.ts';
import { usersService } from './users.ts';

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

/** Revokes a key pair: whoever signs with it is refused from then on. */
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
