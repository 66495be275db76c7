import { type CallOutput, contract } from '#shared/contract/index.ts';
import { toAppError } from '#shared/errors.ts';
import { openConnections, sealConnections } from './connection-bundle.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import { saveConnection } from './connections.ts';
import type { Credentials } from './credentials.ts';

type Exported = CallOutput<'connections.export'>;
type Imported = CallOutput<'connections.import'>;

/**
 * Puts saved connections, guards included, into an encrypted file for another workstation.
 * @param options.ids which; omitted: all
 * @param options.withSecrets secret keys and passwords of proxies too, where they can be read
 * @param record puts on record that a secret leaves; where it rejects, the secret stays here
 */
export async function exportConnections(
  store: ConnectionStore,
  credentials: Credentials,
  options: { ids?: readonly string[] | undefined; withSecrets: boolean; passphrase: string },
  record: (connection: StoredConnection) => Promise<void>,
): Promise<Exported> {
  const { ids, withSecrets, passphrase } = options;
  const selected = store.list().filter(({ id }) => ids === undefined || ids.includes(id));
  const entries = await Promise.all(
    selected.map(async (connection) => {
      const secrets = withSecrets
        ? await secretsOf(connection, credentials, record).catch(() => ({}))
        : {};
      return { ...portable(connection), ...secrets };
    }),
  );
  const day = new Date().toISOString().slice(0, 10);
  return {
    fileName: `connections_${day}.ostorconnections`,
    mediaType: 'application/json',
    content: await sealConnections(entries, passphrase),
    connections: entries.length,
    withoutSecret: withSecrets
      ? entries.filter((entry) => !('secretKey' in entry)).map(({ name }) => name)
      : [],
  };
}

/** A connection without what belongs to this workstation or the gateway's last answers. */
function portable({
  id: _id,
  secretInKeychain: _marker,
  detectedSignature: _form,
  detectedSelectors: _selectors,
  pinAlarm: _alarm,
  fieldPack: _origin,
  proxy,
  ...fields
}: StoredConnection) {
  const { hasPassword: _has, ...way } = proxy ?? { mode: 'system' as const };
  return { ...fields, proxy: way };
}

async function secretsOf(
  connection: StoredConnection,
  credentials: Credentials,
  record: (connection: StoredConnection) => Promise<void>,
) {
  const { secret: secretKey, proxyPassword: password } = await credentials.read(connection);
  if (secretKey !== null || password !== null) await record(connection);
  const { proxy } = portable(connection);
  return {
    ...(secretKey === null ? {} : { secretKey }),
    ...(password === null ? {} : { proxy: { ...proxy, password } }),
  };
}

/**
 * Adds the connections of a file. One that can't be added, or whose name is taken, is named and stops
 * no other.
 * @throws AppError `FILE_INVALID`
 */
export async function importConnections(
  store: ConnectionStore,
  credentials: Credentials,
  { content, passphrase }: { content: string; passphrase: string },
): Promise<Imported> {
  const entries = await openConnections(content, passphrase);
  const result: Imported = { added: [], skipped: [] };
  for (const [index, entry] of entries.entries()) {
    const name = nameOf(entry) ?? `Entry ${index + 1}`;
    try {
      const input = contract['connections.save'].input.omit({ id: true }).parse(entry);
      result.added.push({ id: await saveConnection(store, credentials, input), name });
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      const unreadable = 'Its settings can\u2019t be read by this console.';
      result.skipped.push({ name, reason: code === 'INTERNAL' ? unreadable : message });
    }
  }
  return result;
}

function nameOf(entry: unknown): string | null {
  const named = typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : null;
  return typeof named === 'string' ? named.slice(0, 120) : null;
}
