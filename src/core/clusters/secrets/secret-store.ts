/** The operating system's keychain, as keytar offers it: one text for each service and account. */
export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  /** Yields whether there was something to delete. */
  deletePassword(service: string, account: string): Promise<boolean>;
  close?(): void;
}

/** The keychain was asked and did not answer in time. */
export const keychainSilence =
  'The keychain has not answered; it may be waiting for its keyring to be unlocked.';

const causes: readonly [RegExp, string][] = [
  [
    /native addon|libsecret|ERR_DLOPEN|cannot open shared object|Cannot find (module|package)/i,
    "The keychain's library could not be loaded; on Linux it is libsecret (package libsecret-1-0).",
  ],
  [
    /autolaunch|D-?Bus|ServiceUnknown|org\.freedesktop\.secrets was not provided|Could not connect|NoReply/i,
    'No keychain answers in this session: there is no Secret Service on its D-Bus.',
  ],
  [
    /locked|dismissed|collection|prompt|IsLocked|cancel/i,
    'The keychain is locked, or has no keyring to keep secrets in.',
  ],
];

/** Returns why a keychain can't be used, in one sentence, from what was thrown. */
export function describeKeychainFailure(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : '';
  const known = causes.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  return text === '' ? 'The keychain failed.' : `The keychain failed: ${text.slice(0, 200)}.`;
}

/** keytar, whose native part loads with it: rejects where a library it needs is missing. */
export async function loadKeytar(): Promise<Keychain> {
  return (await import('keytar')).default;
}

export type SecretStoreKind = 'keychain' | 'memory';

export interface SecretStoreStatus {
  kind: SecretStoreKind;
  /** Why secrets are only in memory, if they are. */
  reason?: string;
}

/**
 * Keeps one secret a connection, as one line of base64, on no disk but the OS keychain's.
 * Reads happen once a session for each connection; no method ever logs or rethrows a secret.
 */
export interface SecretStore {
  /** Where a secret written now would be. */
  status(): Promise<SecretStoreStatus>;
  /** The secret of a connection and where it was found, or null. */
  get(connectionId: string): Promise<{ secret: string; kind: SecretStoreKind } | null>;
  /** Keeps a secret; yields where it is now. */
  set(connectionId: string, secret: string): Promise<SecretStoreKind>;
  /**
   * The secret of an entry of the keychain, made and kept there where there surely is none; null where
   * no keychain answers, since what is in memory is gone with the session.
   */
  getOrMake(entry: string, make: () => string): Promise<string | null>;
  /**
   * Asks a keychain that failed once more, and moves to it what was kept in memory meanwhile. A store
   * that has no keychain says what it is.
   */
  retry(): Promise<SecretStoreStatus>;
  /** Deletes a secret; a missing one is no error. */
  remove(connectionId: string): Promise<void>;
}

/** Keeps secrets in this process until it ends: the fallback, and the store of the demo and of tests. */
export class MemorySecretStore implements SecretStore {
  readonly #secrets = new Map<string, string>();
  readonly #reason: string | undefined;

  /** @param reason why secrets are not in the keychain, one sentence */
  constructor(reason?: string) {
    this.#reason = reason;
  }

  async status(): Promise<SecretStoreStatus> {
    return this.#reason === undefined
      ? { kind: 'memory' }
      : { kind: 'memory', reason: this.#reason };
  }

  retry(): Promise<SecretStoreStatus> {
    return this.status();
  }

  async get(connectionId: string): Promise<{ secret: string; kind: SecretStoreKind } | null> {
    const secret = this.#secrets.get(connectionId);
    return secret === undefined ? null : { secret, kind: 'memory' };
  }

  async set(connectionId: string, secret: string): Promise<SecretStoreKind> {
    this.#secrets.set(connectionId, secret);
    return 'memory';
  }

  async getOrMake(): Promise<string | null> {
    return null;
  }

  async remove(connectionId: string): Promise<void> {
    this.#secrets.delete(connectionId);
  }
}
