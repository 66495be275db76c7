import type { WireSpace } from '#shared/wire/users.ts';
import { type Answer, encodeJson } from '../model/answer.ts';
import type { SimulatedUser } from '../state/user-table.ts';
import { integer, type ServiceContext } from './service-context.ts';
import { flagsOf, listedUser, userWithKeys } from './user-views.ts';

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
export function listUsers(context: ServiceContext, space: boolean): Answer {
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
