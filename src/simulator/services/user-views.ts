import type {
  WireAccount,
  WireKeyPair,
  WireListedUser,
  WireUser,
  WireUserWithKeys,
} from '#shared/wire/clusters.ts';
import type { Variants } from '../model/variants.ts';
import type { SimulatedUser, UserTable } from '../state/user-table.ts';

export function keyPairs(users: UserTable, keys: readonly string[]): WireKeyPair[] {
  return keys.map((key) => ({ AWSAccessKeyId: key, AWSSecretAccessKey: users.secretOf(key) }));
}

function accountKeyPairs(users: UserTable, keys: readonly string[], typo: boolean): WireKeyPair[] {
  return keys.map((key, position) =>
    typo && position === 1
      ? { AWSAccessKeyId: key, AWSecretAccessKey: users.secretOf(key) }
      : { AWSAccessKeyId: key, AWSSecretAccessKey: users.secretOf(key) },
  );
}

/** Returns what creations and `genKey` return: e-mail, id and pairs. */
export function userWithKeys(
  users: UserTable,
  user: SimulatedUser,
  keys: readonly string[],
): WireUserWithKeys {
  return { UserEmail: user.email, UserId: user.id, AWSAccessKeys: keyPairs(users, keys) };
}

/** A user as a list shows it in the guide for 7.1. */
export function listedUser(user: SimulatedUser): WireListedUser {
  return {
    UserEmail: user.email,
    UserId: user.id,
    State: user.enabled ? 'enabled' : 'disabled',
    OwnerId: '0000000000000000',
  };
}

/** Flags as live gateways give them. */
export function flagsOf(user: SimulatedUser): string[] {
  return user.system ? ['system'] : [];
}

/** A single user with keys and accounts. */
export function detailedUser(
  users: UserTable,
  user: SimulatedUser,
  variants: Variants,
): WireUser | WireUserWithKeys {
  if (variants.userDetail === 'keys-only') return userWithKeys(users, user, user.keys);
  const count = user.accounts.length;
  return {
    ...listedUser(user),
    Flags: flagsOf(user),
    AWSAccessKeys: keyPairs(users, user.keys),
    AccountCount: variants.accountCount === 'string' ? String(count) : count,
    Accounts: user.accounts.map(
      (account): WireAccount => ({
        Name: account.name,
        AWSAccessKeys: accountKeyPairs(users, account.keys, variants.secretKeyTypo),
      }),
    ),
  };
}
