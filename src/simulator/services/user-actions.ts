import { type Answer, type Change, emptyAnswer, jsonAnswer, Refusal } from '../model/answer.ts';
import { hasFlag, parameter } from '../model/simulated-request.ts';
import type { SimulatedUser } from '../state/user-table.ts';
import { argumentRefusal, type ServiceContext, selectedUser } from './service-context.ts';
import { userWithKeys } from './user-views.ts';

const mostKeys = 2;

/** POST ostor-users: exactly one of `genKey`, `revokeKey=`, `enable`, `disable`. */
export function changeUser(context: ServiceContext): Answer {
  const { request, variants } = context;
  if (!variants.postById && parameter(request, 'id') !== undefined) {
    throw argumentRefusal('emailAddress is required');
  }
  const actions = ['genKey', 'revokeKey', 'enable', 'disable'].filter((name) =>
    hasFlag(request, name),
  );
  if (actions.length !== 1) throw argumentRefusal('Exactly one action is required');
  const user = selectedUser(context, 'now');
  if (actions[0] === 'genKey') return generateKey(context, user);
  if (actions[0] === 'revokeKey') return revokeKey(context, user);
  return setEnabled(context, user, actions[0] === 'enable');
}

function setEnabled({ state }: ServiceContext, user: SimulatedUser, enabled: boolean): Answer {
  state.users.put({ ...user, enabled });
  return emptyAnswer([{ kind: enabled ? 'user.enabled' : 'user.disabled', target: user.id }]);
}

/** The keys of the user, or of the account the request names. Throws 404 where there is none such. */
function keysInQuestion(context: ServiceContext, user: SimulatedUser): readonly string[] {
  const name = parameter(context.request, 'accountName');
  if (name === undefined) return user.keys;
  const account = user.accounts.find((candidate) => candidate.name === name);
  if (account === undefined) {
    throw new Refusal(404, 'NoSuchAccount', 'The specified account does not exist');
  }
  return account.keys;
}

function putKeys(context: ServiceContext, user: SimulatedUser, keys: readonly string[]): void {
  const name = parameter(context.request, 'accountName');
  const changed =
    name === undefined
      ? { ...user, keys }
      : {
          ...user,
          accounts: user.accounts.map((account) =>
            account.name === name ? { name, keys } : account,
          ),
        };
  context.state.users.put(changed);
}

function keyChange(
  context: ServiceContext,
  kind: string,
  user: SimulatedUser,
  key: string,
): Change {
  const account = parameter(context.request, 'accountName');
  return { kind, target: user.id, detail: account === undefined ? key : `${account} ${key}` };
}

function generateKey(context: ServiceContext, user: SimulatedUser): Answer {
  const { state, variants } = context;
  const keys = keysInQuestion(context, user);
  if (keys.length >= mostKeys) {
    throw new Refusal(
      variants.keyLimitStatus,
      'KeyLimitExceeded',
      'The maximum of 2 active access key pairs is reached',
    );
  }
  const taken = [...user.keys, ...user.accounts.flatMap((account) => account.keys)];
  const key = state.users.newKey(user.id, taken);
  putKeys(context, user, [...keys, key]);
  const shown = variants.generatedKeys === 'all' ? [...keys, key] : [key];
  return jsonAnswer(userWithKeys(state.users, user, shown), [
    keyChange(context, 'key.generated', user, key),
  ]);
}

function revokeKey(context: ServiceContext, user: SimulatedUser): Answer {
  const key = parameter(context.request, 'revokeKey');
  const keys = keysInQuestion(context, user);
  if (key === undefined || !keys.includes(key)) {
    throw new Refusal(404, 'NoSuchKey', 'The specified access key does not exist');
  }
  if (keys.length === 1 && !context.variants.revokeLastKey) {
    throw new Refusal(409, 'LastKey', 'The last access key pair cannot be revoked');
  }
  putKeys(
    context,
    user,
    keys.filter((candidate) => candidate !== key),
  );
  return emptyAnswer([keyChange(context, 'key.revoked', user, key)]);
}
