import type { QueryParameter } from '../model/encode.ts';
import type { UserSelector } from '../model/gateway.ts';
import { readText, requireObject } from '../model/read-fields.ts';
import { noSuchUser, readKeyPairs } from '../model/read-user.ts';
import type { GatewayRequest, KeyPair, Refusal } from '../model/request.ts';
import { userParameter } from './users.ts';

/** An account as its creation answers it. */
export interface CreatedAccount {
  name: string;
  key: KeyPair | null;
}

const alreadyExists: Refusal = {
  code: 'ALREADY_EXISTS',
  message: 'The user has an account of this name already.',
  hint: 'Use another name, or use the account that is there.',
};

/** Said where the account that a request names does not exist. */
export const noSuchAccount: Refusal = {
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
    refusals: { 404: noSuchUser, 409: alreadyExists },
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
    purpose: 'remove the account',
    method: 'DELETE',
    query: accountQuery(user, accountName),
    refusals: { 404: noSuchAccount },
  };
}

function accountQuery(user: UserSelector, accountName: string): QueryParameter[] {
  return [['ostor-accounts', null], userParameter(user), ['accountName', accountName]];
}
