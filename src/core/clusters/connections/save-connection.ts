import { randomBytes } from 'node:crypto';
import { type ConnectionInput, checkConnection } from './check-connection.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import { connectionNotFound } from './connections.ts';
import type { Credentials } from './credentials.ts';
import { separatePassword } from './proxy-for.ts';

/**
 * Saves a connection and, where one is given, its secret.
 * @param isOrphan tells ids of folders that lost their connection: they are taken up again
 * @returns its id
 * @throws AppError `CONNECTION_NOT_FOUND`, `ALREADY_EXISTS` (the name), `ENDPOINT_INVALID`,
 * `INPUT_INVALID`, `DISK_FAILED`
 */
export async function saveConnection(
  store: ConnectionStore,
  credentials: Credentials,
  input: ConnectionInput,
  isOrphan: (id: string) => boolean = () => false,
): Promise<string> {
  const before = input.id === undefined ? undefined : store.find(input.id);
  if (input.id !== undefined && !before && !isOrphan(input.id)) throw connectionNotFound();
  const { secretKey, proxy: entered, ...fields } = input;
  const { proxy, password } = separatePassword(entered, before?.proxy);
  const connection: StoredConnection = {
    ...fields,
    ...(await checkConnection(input)),
    ...(proxy ? { proxy } : {}),
    id: input.id ?? newId(input.name),
    secretInKeychain: before?.secretInKeychain ?? false,
  };
  if (before?.detectedSignature && answersAlike(before, connection)) {
    connection.detectedSignature = before.detectedSignature;
  }
  if (before?.detectedSelectors && before.endpoint === connection.endpoint) {
    connection.detectedSelectors = before.detectedSelectors;
  }
  await store.save(connection); // first: a refused name or a full disk must not touch the keychain
  if (password !== null) await credentials.keepProxyPassword(connection.id, password);
  if (secretKey !== undefined) {
    const kind = await credentials.keep(connection.id, secretKey);
    await store.update(connection.id, { secretInKeychain: kind === 'keychain' });
  }
  return connection.id;
}

/** What was found out of the signature holds while the same gateway is meant. */
function answersAlike(before: StoredConnection, after: StoredConnection): boolean {
  return before.endpoint === after.endpoint && before.signature === after.signature;
}

/** Readable in a folder's name, and never that of an earlier connection whose archive was kept. */
function newId(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  return `${slug || 'cluster'}-${randomBytes(4).toString('hex')}`;
}
