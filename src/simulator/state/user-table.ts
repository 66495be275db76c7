import { mix32, seededText } from '../model/seeded-random.ts';
import { VersionedMap } from './versioned-map.ts';

/** Additional named credentials inside one user. */
export interface SimulatedAccount {
  name: string;
  keys: readonly string[];
}

/** A user of the simulated cluster. Never changed in place. Secrets are derived from key ids. */
export interface SimulatedUser {
  /** 16 hexadecimal digits. */
  id: string;
  email: string;
  enabled: boolean;
  /** Whether management calls may be signed with its keys. */
  system: boolean;
  keys: readonly string[];
  accounts: readonly SimulatedAccount[];
}

const keyAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The users of the simulated cluster, found by id, e-mail and access key id. */
export class UserTable {
  readonly byId: VersionedMap<string, SimulatedUser>;
  private readonly idsByEmail: VersionedMap<string, readonly string[]>;
  private readonly seed: number;
  private serial = 0;

  constructor(seed: number, staleMs: () => number) {
    this.seed = seed;
    this.byId = new VersionedMap(staleMs);
    this.idsByEmail = new VersionedMap(staleMs);
  }

  /** Adds a user, or puts a changed one in the place of the former. */
  put(user: SimulatedUser): void {
    const former = this.byId.get(user.id);
    this.byId.set(user.id, user);
    if (former === undefined) {
      this.idsByEmail.set(user.email, [...(this.idsByEmail.get(user.email) ?? []), user.id]);
    }
  }

  remove(user: SimulatedUser): void {
    this.byId.delete(user.id);
    const others = (this.idsByEmail.get(user.email) ?? []).filter((id) => id !== user.id);
    if (others.length > 0) this.idsByEmail.set(user.email, others);
    else this.idsByEmail.delete(user.email);
  }

  /** The first user with this e-mail, as it is now. */
  withEmail(email: string): SimulatedUser | undefined {
    return this.byId.get(this.idsByEmail.get(email)?.[0] ?? '');
  }

  /** The first user with this e-mail, as a reading shows it. */
  readWithEmail(email: string): SimulatedUser | undefined {
    return this.byId.read(this.idsByEmail.read(email)?.[0] ?? '');
  }

  /** The user whose own or account's key this is. */
  withKey(accessKeyId: string): SimulatedUser | undefined {
    const user = this.byId.get(accessKeyId.slice(0, 16));
    const known =
      user?.keys.includes(accessKeyId) ||
      user?.accounts.some((account) => account.keys.includes(accessKeyId));
    return known ? user : undefined;
  }

  /** The secret key of an access key id: 40 characters, derived from the seed. */
  secretOf(accessKeyId: string): string {
    return seededText(this.seed, accessKeyId, 40);
  }

  newId(): string {
    for (;;) {
      this.serial += 1;
      const high = mix32(this.seed, this.serial, 0x75736572).toString(16).padStart(8, '0');
      const low = mix32(this.seed, this.serial, 0x69640000).toString(16).padStart(8, '0');
      if (this.byId.get(high + low) === undefined) return high + low;
    }
  }

  /** An access key id of this user that is not taken: the user id and four characters. */
  newKey(userId: string, taken: readonly string[]): string {
    for (;;) {
      this.serial += 1;
      let number = mix32(this.seed, this.serial, 0x6b657900);
      let suffix = '';
      for (let length = 0; length < 4; length += 1) {
        suffix += keyAlphabet[number % keyAlphabet.length];
        number = Math.floor(number / keyAlphabet.length);
      }
      if (!taken.includes(userId + suffix)) return userId + suffix;
    }
  }
}
