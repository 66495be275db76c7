import { copyFile, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { connection } from '#shared/contract/connections.ts';
import { AppError } from '#shared/errors.ts';
import { writeFileAtomically } from '../../platform/files/write-file-atomically.ts';
import type { Notice } from '../../platform/notice-board.ts';
import { fileStamp } from '../../platform/printed-time.ts';

interface ReadConnections {
  connections: StoredConnection[];
  /** The file has more than could be read, and no copy of it was made: it is not to be written. */
  isPart?: true;
  notice?: Pick<Notice, 'severity' | 'message' | 'hint'>;
}

/**
 * Reads `connections.json`. What cannot be read is set aside under another name and reported, never lost.
 * @param shares the file is another console's too: it stays as it is
 * @throws AppError `DISK_FAILED` when the file is there but cannot be opened or moved, `FILE_INVALID`
 * where it stays and nothing of it could be read
 */
export async function readConnectionFile(path: string, shares = false): Promise<ReadConnections> {
  try {
    const text = await readText(path);
    if (text === null) return { connections: [] };
    const file = connectionFile.safeParse(parseJson(text));
    if (!file.success) return await setAside(path, 'damaged', shares);
    if (file.data.version > connectionFileVersion) return await setAside(path, 'newer', shares);
    return await readEntries(path, file.data.connections, shares);
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : diskFailed(path, thrown);
  }
}

/**
 * Writes `connections.json` whole (mode 0600).
 * @throws AppError `DISK_FAILED`; the old file stays
 */
export async function writeConnectionFile(
  path: string,
  connections: readonly StoredConnection[],
): Promise<void> {
  const content = JSON.stringify({ version: connectionFileVersion, connections }, null, 2);
  try {
    await writeFileAtomically(path, `${content}\n`);
  } catch (thrown) {
    throw diskFailed(path, thrown);
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readEntries(
  path: string,
  entries: readonly unknown[],
  shares: boolean,
): Promise<ReadConnections> {
  const connections: StoredConnection[] = [];
  for (const entry of entries) {
    const parsed = storedConnection.safeParse(entry);
    const known = parsed.success && connections.some(({ id }) => id === parsed.data.id);
    if (parsed.success && !known) connections.push(parsed.data);
  }
  const lost = entries.length - connections.length;
  if (lost === 0) return { connections };
  if (shares) return { connections, isPart: true };
  const copy = asideName(path, 'damaged');
  await copyFile(path, copy);
  return {
    connections,
    notice: {
      severity: 'error',
      message: `${lost} of ${entries.length} saved connections could not be read and were skipped.`,
      hint: `The file as it was is kept at ${copy}; add what is missing again. Secrets in the keychain are untouched.`,
    },
  };
}

async function setAside(
  path: string,
  reason: 'damaged' | 'newer',
  shares: boolean,
): Promise<ReadConnections> {
  const message =
    reason === 'newer'
      ? 'The saved connections were written by a newer console and could not be read.'
      : 'The file of saved connections is damaged and could not be read.';
  if (shares) {
    const remedy = reason === 'newer' ? 'Update this console' : 'Repair it, or open the console';
    const hint = `${remedy}. ${path} was left as it is.`;
    throw new AppError({ code: 'FILE_INVALID', message, hint });
  }
  const aside = asideName(path, reason);
  await rename(path, aside);
  return {
    connections: [],
    notice: {
      severity: 'error',
      message,
      hint: `It was set aside as ${aside}; ${
        reason === 'newer'
          ? 'update this console and move the file back, or add the clusters again.'
          : 'repair it and move it back, or add the clusters again.'
      }`,
    },
  };
}

function asideName(path: string, reason: string): string {
  return `${path}.${reason}-${fileStamp()}`;
}

function diskFailed(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new AppError({
    code: 'DISK_FAILED',
    message: `The saved connections in ${path} could not be read or written${code}.`,
    hint: 'Check that the disk is not full and that the file belongs to you.',
    cause,
  });
}

/** A connection as `connections.json` holds it: everything that is known of it but the secret. */
export const storedConnection = connection
  .omit({
    hasCredential: true,
    credentialStore: true,
    managedFields: true,
    demo: true,
    unlockedUntil: true,
    hold: true,
  })
  .extend({
    /** The secret was put into the OS keychain: lets a start tell so without asking the keychain. */
    secretInKeychain: z.boolean().default(false),
  });

export type StoredConnection = z.output<typeof storedConnection>;

const connectionFileVersion = 1;

/** `connections.json` whole; its entries are checked one by one, so that one bad entry loses no other. */
const connectionFile = z.object({
  version: z.int().min(1),
  connections: z.array(z.unknown()),
});
