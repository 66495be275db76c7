import { type Answer, jsonAnswer, Refusal } from '../model/answer.ts';
import { parameter } from '../model/simulated-request.ts';
import type { SimulatedUser } from '../state/user-table.ts';
import {
  argumentRefusal,
  deletedAnswer,
  methodRefusal,
  type Service,
  type ServiceContext,
  selectedUser,
} from './service-context.ts';
import { keyPairs } from './user-views.ts';

/** `ostor-accounts`: creation by POST (the guide's prose says PUT, its example POST) and removal. */
export const accountsService: Service = (context) => {
  const { method } = context.request;
  if (method !== 'POST' && method !== 'DELETE') throw methodRefusal();
  const name = parameter(context.request, 'accountName');
  if (name === undefined) throw argumentRefusal('accountName is required');
  const user = selectedUser(context, 'now');
  return method === 'POST'
    ? createAccount(context, user, name)
    : removeAccount(context, user, name);
};

function createAccount({ state }: ServiceContext, user: SimulatedUser, name: string): Answer {
  if (user.accounts.some((account) => account.name === name)) {
    throw new Refusal(409, 'AccountAlreadyExists', 'The account with this name already exists');
  }
  const taken = [...user.keys, ...user.accounts.flatMap((account) => account.keys)];
  const keys = [state.users.newKey(user.id, taken)];
  state.users.put({ ...user, accounts: [...user.accounts, { name, keys }] });
  return jsonAnswer({ Name: name, AWSAccessKeys: keyPairs(state.users, keys) }, [
    { kind: 'account.created', target: user.id, detail: name },
  ]);
}

function removeAccount(context: ServiceContext, user: SimulatedUser, name: string): Answer {
  const accounts = user.accounts.filter((account) => account.name !== name);
  if (accounts.length === user.accounts.length) {
    throw new Refusal(404, 'NoSuchAccount', 'The specified account does not exist');
  }
  context.state.users.put({ ...user, accounts });
  return deletedAnswer(context.variants, [
    { kind: 'account.removed', target: user.id, detail: name },
  ]);
}
