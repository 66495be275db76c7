import type { WireSpace } from '#shared/wire/clusters.ts';
import {
  type Answer,
  type Change,
  emptyAnswer,
  encodeJson,
  jsonAnswer,
  Refusal,
} from '../model/answer.ts';
import { hasFlag, parameter } from '../model/simulated-request.ts';
import type { SimulatedUser } from '../state/user-table.ts';
import {
  argumentRefusal,
  byMethod,
  deletedAnswer,
  integer,
  oneSelector,
  type Service,
  type ServiceContext,
  selectedUser,
} from './service-context.ts';
import { detailedUser, flagsOf, listedUser, userWithKeys } from './user-views.ts';

interface Space {
  lastHour: number;
  current: bigint;
  peak: bigint;
  integral: bigint;
}

function spaceByOwner({ state }: ServiceContext): Map<string, Space> {
  const spaces = new Map<string, Space>();
  for (const bucket of state.buckets.readAll()) {
    const space = spaces.get(bucket.ownerId) ?? {
      lastHour: 0,
      current: 0n,
      peak: 0n,
      integral: 0n,
    };
    space.lastHour = Math.max(space.lastHour, bucket.lastHour);
    space.current += bucket.currentBytes;
    space.peak += bucket.peakBytes;
    space.integral += bucket.byteIntegral;
    spaces.set(bucket.ownerId, space);
  }
  return spaces;
}

function spaceView(
  { variants }: ServiceContext,
  space: Space | undefined,
): { SpaceStat?: WireSpace } {
  if (space === undefined && variants.spaceOmittedWhenEmpty) return {};
  return {
    SpaceStat: {
      LastTs: integer(variants, space?.lastHour ?? 0),
      SizeCurr: integer(variants, space?.current ?? 0n),
      SizeHMax: integer(variants, space?.peak ?? 0n),
      SizeHInt: integer(variants, space?.integral ?? 0n),
    },
  };
}

function* items(context: ServiceContext, space: boolean): Generator<string> {
  const { state, variants } = context;
  const spaces = space ? spaceByOwner(context) : undefined;
  const view = (user: SimulatedUser) => {
    if (variants.userList === 'array-with-secrets') {
      return userWithKeys(state.users, user, user.keys);
    }
    if (variants.userList === 'array') return listedUser(user);
    return { ...listedUser(user), Flags: flagsOf(user) };
  };
  for (const user of state.users.byId.readValues()) {
    const spaceMember = spaces === undefined ? {} : spaceView(context, spaces.get(user.id));
    yield encodeJson({ ...view(user), ...spaceMember });
  }
}

/** GET ostor-users without a selector: every user, in the variant's shape. */
function listUsers(context: ServiceContext, space: boolean): Answer {
  const { state, variants, lists } = context;
  const shape = variants.userList;
  const bare = shape === 'array' || shape === 'array-with-secrets';
  const key = [
    shape,
    variants.numbers,
    variants.spaceOmittedWhenEmpty,
    state.users.byId.revision,
    space ? state.buckets.revision : '',
  ].join();
  const settling = state.users.byId.settling || (space && state.buckets.settling);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: lists.bytes(
      space ? 'users with space' : 'users',
      settling ? null : key,
      bare ? { before: '[', after: ']' } : { before: `{"${shape}":[`, after: ']}' },
      () => items(context, space),
    ),
    changes: [],
  };
}

const mostKeys = 2;

/** POST ostor-users: exactly one of `genKey`, `revokeKey=`, `enable`, `disable`. */
function changeUser(context: ServiceContext): Answer {
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

/** `ostor-users`: list, single user, creation, keys, enable and disable, removal. */
export const usersService: Service = byMethod({
  GET: readUsers,
  PUT: createUser,
  POST: changeUser,
  DELETE: removeUser,
});

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
