import { AppError } from '#shared/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { Gateway } from '../model/gateway.ts';
import { readText, requireObject } from '../model/read-fields.ts';
import {
  noSuchUser,
  readAccounts,
  readKeyPairs,
  selectUser,
  soleEntry,
} from '../model/read-user.ts';
import type { Refusal } from '../model/request.ts';
import { userRequest, usersService } from './users.ts';

const tooManyKeys: Refusal = {
  code: 'KEY_LIMIT_REACHED',
  message: 'Two access keys are there already, and the gateway takes no third.',
  hint: 'Revoke one of them first, or rotate.',
  words: /maximum.*(key|pair)|too many.*key|key.*limit/i,
};

const noSuchKey: Refusal = {
  code: 'NOT_FOUND',
  message: 'There is no such access key any more.',
  hint: 'Refresh the page of the user.',
};

const noSuchAccount: Refusal = {
  code: 'NOT_FOUND',
  message: 'There is no such account any more.',
  hint: 'Refresh the page of the user.',
};

/** Words gateways have for it under other statuses. */
const tooManyKeysCodes = {
  LimitExceeded: tooManyKeys,
  KeyLimitExceeded: tooManyKeys,
  TooManyKeys: tooManyKeys,
};

/** Access keys of users and of their accounts. Generation and revocation are sent once. */
export function keyOperations(
  exchange: Exchange,
): Pick<Gateway, 'revealKey' | 'generateKey' | 'revokeKey'> {
  return {
    async revealKey(user, accessKeyId, accountName, options) {
      const found = selectUser(await exchange.readJson(userRequest(user), options), user);
      const holder =
        accountName === undefined
          ? found
          : readAccounts(found).find((account) => readText(account.Name) === accountName);
      const keys = holder ? readKeyPairs(holder) : [];
      const key = keys.find((pair) => pair.accessKeyId === accessKeyId);
      if (key && key.secretAccessKey !== '') return key;
      throw new AppError({
        code: 'NOT_FOUND',
        message: key
          ? `The gateway does not give the secret of the key ${accessKeyId}.`
          : `There is no access key ${accessKeyId} any more.`,
        hint: 'Refresh; if the secret is lost, generate a new key.',
      });
    },
    async generateKey(email, accountName, options) {
      const answer = await exchange.write(
        {
          purpose: 'generate an access key',
          method: 'POST',
          query: [...keyHolder(email, accountName), ['genKey', null]],
          refusals: {
            404: noSuchUser,
            409: tooManyKeys,
            NoSuchAccount: noSuchAccount,
            ...tooManyKeysCodes,
          },
        },
        options,
      );
      return readKeyPairs(requireObject(soleEntry(exchange.parse(answer)), 'an access key'));
    },
    async revokeKey(email, accessKeyId, accountName, options) {
      await exchange.act(
        {
          purpose: 'revoke the access key',
          method: 'POST',
          query: [...keyHolder(email, accountName), ['revokeKey', accessKeyId]],
          refusals: { NoSuchUser: noSuchUser, NoSuchAccount: noSuchAccount, 404: noSuchKey },
        },
        options,
      );
    },
  };
}

function keyHolder(email: string, accountName: string | undefined): QueryParameter[] {
  const user: QueryParameter[] = [usersService, ['emailAddress', email]];
  return accountName === undefined ? user : [...user, ['accountName', accountName]];
}
