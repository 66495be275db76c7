import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemKeychain } from '#core/clusters/secrets/keychain-process.ts';
import { KeychainSecretStore } from '#core/clusters/secrets/keychain-secret-store.ts';
import type {
  SecretStore,
  SecretStoreKind,
  SecretStoreStatus,
} from '#core/clusters/secrets/secret-store.ts';
import { AppError } from '#shared/errors.ts';

const longestSecret = 4096;

function refuse(path: string, message: string, hint: string): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: `The secret file ${path} ${message}.`,
    hint,
  });
}

/**
 * Reads the secret key from a file that nobody but its owner can read.
 * @throws `FILE_INVALID`
 */
export async function readSecretFile(path: string): Promise<string> {
  if (process.platform === 'win32') {
    throw refuse(
      path,
      'is refused on Windows, where nothing says who may read it',
      'Keep the secret in the Credential Manager: save it with the connection in the console.',
    );
  }
  const file = await open(path, 'r').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
    throw refuse(path, `could not be read${code}`, 'Check its path and that you own it.');
  });
  try {
    const { mode, uid, size } = await file.stat();
    if (!(await file.stat()).isFile() || size > longestSecret) {
      throw refuse(path, 'is not a file of one line', 'Put the secret key in it and nothing else.');
    }
    if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) {
      throw refuse(
        path,
        'can be read by others, or belongs to another user',
        `Let only its owner read it: chmod 600 ${path}`,
      );
    }
    const secret = (await file.readFile('utf8')).trim();
    if (secret === '' || /\s/.test(secret)) {
      throw refuse(
        path,
        'does not hold one secret key',
        'Put the secret key in it and nothing else.',
      );
    }
    return secret;
  } finally {
    await file.close();
  }
}

/** Whether a keychain may answer: under cron there is often no session of the desktop's to ask in. */
function hasKeychainSession({ DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = process.env): boolean {
  if (process.platform !== 'linux') return true;
  const hasSocket = XDG_RUNTIME_DIR !== undefined && existsSync(join(XDG_RUNTIME_DIR, 'bus'));
  return Boolean(DBUS_SESSION_BUS_ADDRESS) || hasSocket;
}

/** How long a command waits for a keychain that it needs for further secrets, in milliseconds. */
const keychainPatience = 3_000;

/**
 * Knows the secret of one connection and hands it to nobody else: not to a proxy, a webhook or a mail
 * server, whose secrets, like the keys of journals, come from the keychain where one answers. Keeps
 * nothing.
 */
export class FileSecretStore implements SecretStore {
  readonly #secret: string;
  readonly #isFor: (entry: string) => boolean;
  readonly #keychain: SecretStore | null;

  /**
   * @param secret from {@link readSecretFile}
   * @param isFor whether an entry of the store is the connection's whose secret it is
   */
  constructor(
    secret: string,
    isFor: (entry: string) => boolean,
    keychain: SecretStore | null = keychainOfSession(),
  ) {
    this.#secret = secret;
    this.#isFor = isFor;
    this.#keychain = keychain;
  }

  async status(): Promise<SecretStoreStatus> {
    return { kind: 'memory', reason: 'The secret comes from a file.' };
  }

  async get(entry: string): Promise<{ secret: string; kind: SecretStoreKind } | null> {
    if (this.#isFor(entry)) return { secret: this.#secret, kind: 'memory' };
    return (await this.#keychain?.get(entry).catch(() => null)) ?? null;
  }

  async getOrMake(): Promise<string | null> {
    return null;
  }

  async set(): Promise<SecretStoreKind> {
    return 'memory';
  }

  retry(): Promise<SecretStoreStatus> {
    return this.status();
  }

  async remove(): Promise<void> {
    // nothing is kept
  }
}

function keychainOfSession(): SecretStore | null {
  return hasKeychainSession() ? new KeychainSecretStore(systemKeychain(), keychainPatience) : null;
}
