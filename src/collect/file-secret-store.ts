import { open } from 'node:fs/promises';
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
      'is refused on Windows, where it cannot be told who may read it',
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
      throw refuse(path, 'is no file of one line', 'Put the secret key in it and nothing else.');
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

/** Knows one secret, for whichever connection asks; keeps nothing. */
export class FileSecretStore implements SecretStore {
  readonly #secret: string;

  /** @param secret from {@link readSecretFile} */
  constructor(secret: string) {
    this.#secret = secret;
  }

  async status(): Promise<SecretStoreStatus> {
    return { kind: 'memory', reason: 'The secret comes from a file.' };
  }

  async get(): Promise<{ secret: string; kind: SecretStoreKind }> {
    return { secret: this.#secret, kind: 'memory' };
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
