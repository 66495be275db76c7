import { type Answer, jsonAnswer, Refusal } from '../model/answer.ts';
import { hasFlag, parameter } from '../model/simulated-request.ts';
import type { SimulatedUser } from '../state/user-table.ts';
import {
  argumentRefusal,
  deletedAnswer,
  methodRefusal,
  oneSelector,
  type Service,
  type ServiceContext,
  selectedUser,
} from './service-context.ts';
import { changeUser } from './user-actions.ts';
import { listUsers } from './user-list.ts';
import { detailedUser, userWithKeys } from './user-views.ts';

/** `ostor-users`: list, single user, creation, keys, enable and disable, removal. */
export const usersService: Service = (context) => {
  switch (context.request.method) {
    case 'GET':
      return readUsers(context);
    case 'PUT':
      return createUser(context);
    case 'POST':
      return changeUser(context);
    case 'DELETE':
      return removeUser(context);
    default:
      throw methodRefusal();
  }
};

function readUsers(context: ServiceContext): Answer {
  const { request, state, variants } = context;
  if (oneSelector(request, ['emailAddress', 'id']) === undefined) {
    return listUsers(context, hasFlag(request, 'space') && variants.space);
  }
  return jsonAnswer(detailedUser(state.users, selectedUser(context, 'reading'), variants));
}

function createUser({ request, state, variants }: ServiceContext): Answer {
  const email = parameter(request, 'emailAddress');
  if (email === undefined) throw argumentRefusal('emailAddress is required');
  if (request.tokens.length > 2) throw argumentRefusal('Multiple parameters are specified');
  const existing = state.users.withEmail(email);
  if (existing !== undefined && variants.existingEmail === 'conflict') {
    throw new Refusal(409, 'UserAlreadyExists', 'The user with this e-mail already exists');
  }
  if (existing !== undefined && variants.existingEmail === 'existing-user') {
    return jsonAnswer(userWithKeys(state.users, existing, existing.keys));
  }
  const id = state.users.newId();
  const keys = [state.users.newKey(id, [])];
  const user: SimulatedUser = { id, email, enabled: true, system: false, keys, accounts: [] };
  state.users.put(user);
  return jsonAnswer(userWithKeys(state.users, user, keys), [
    { kind: 'user.created', target: id, detail: email },
  ]);
}

function removeUser(context: ServiceContext): Answer {
  const { state, variants } = context;
  const user = selectedUser(context, 'now');
  if (state.buckets.countOwnedBy(user.id) > 0) {
    throw new Refusal(
      variants.userOwnsBucketsStatus,
      'UserOwnsBuckets',
      'The user owns buckets and cannot be removed',
    );
  }
  state.users.remove(user);
  state.limits.delete(`user:${user.id}`);
  state.quotas.delete(`user:${user.id}`);
  return deletedAnswer(variants, [{ kind: 'user.removed', target: user.id, detail: user.email }]);
}
