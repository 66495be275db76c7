import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { AppError } from '#shared/errors.ts';

const tokenText = /^[\w-]{43}\n?$/;

/**
 * Writes a token for scripts to a file of mode 0600. It is written under a fresh name and moved in
 * place, so that a link planted there leads nowhere; a file that holds anything but a token is skipped.
 * @returns removes the file, where it still holds this token
 * @throws AppError `DISK_FAILED`
 */
export function writeTokenFile(path: string, token: string): () => void {
  assertReplaceable(path);
  const fresh = `${path}.${randomUUID()}`;
  try {
    writeFileSync(fresh, `${token}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw unusable(path, thrown instanceof Error ? thrown.message : 'the disk refused it', thrown);
  }
  return () => {
    if (contentOf(path)?.trim() === token) rmSync(path, { force: true });
  };
}

function contentOf(path: string): string | null {
  try {
    // Not more than a token: what is there may be anything.
    return statSync(path).size > 100 ? 'more than a token' : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function assertReplaceable(path: string): void {
  const content = contentOf(path);
  if (content === null || content === '' || tokenText.test(content)) return;
  throw unusable(path, 'the file holds something else');
}

function unusable(path: string, finding: string, cause?: unknown): AppError {
  return new AppError({
    code: 'DISK_FAILED',
    message: `The token could not be written to ${path}: ${finding}.`,
    hint: 'Name another file with --token-file.',
    cause,
  });
}
