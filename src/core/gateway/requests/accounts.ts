import type { Exchange } from '../exchange.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { Gateway } from '../model/gateway.ts';
import { readText, requireObject } from '../model/read-fields.ts';
import { noSuchUser, readKeyPairs } from '../model/read-user.ts';
import { userParameter } from './users.ts';

const service: QueryParameter = ['ostor-accounts', null];

/**
 * Accounts of users. There is no reading of its own: they come with their user. Creation is a POST,
 * as the guide's example has it, not the PUT of its prose.
 */
export function accountOperations(
  exchange: Exchange,
): Pick<Gateway, 'createAccount' | 'removeAccount'> {
  return {
    async createAccount(user, accountName, options) {
      const answer = await exchange.write(
        {
          purpose: 'create the account',
          method: 'POST',
          query: [service, userParameter(user), ['accountName', accountName]],
          refusals: {
            404: noSuchUser,
            409: {
              code: 'ALREADY_EXISTS',
              message: 'The user has an account of this name already.',
              hint: 'Choose another name, or use the account that is there.',
            },
          },
        },
        options,
      );
      const account = requireObject(exchange.parse(answer), 'the new account');
      return {
        name: readText(account.Name) || accountName,
        key: readKeyPairs(account)[0] ?? null,
      };
    },
    async removeAccount(user, accountName, options) {
      await exchange.act(
        {
          purpose: 'remove the account',
          method: 'DELETE',
          query: [service, userParameter(user), ['accountName', accountName]],
          refusals: {
            404: {
              code: 'NOT_FOUND',
              message: 'There is no such account any more.',
              hint: 'Refresh the page of the user.',
            },
          },
        },
        options,
      );
    },
  };
}
