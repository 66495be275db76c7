import type { StoredConnection } from '#core/clusters/connections/connection-file.ts';

/** A saved connection of a test, with what is handed in changed. */
export function storedConnection(fields: Partial<StoredConnection> = {}): StoredConnection {
  return {
    id: 'rack-12-00c0ffee',
    name: 'Rack 12',
    endpoint: 'https://s3.example.com',
    accessKeyId: 'AKIDEXAMPLE',
    environment: 'lab',
    readOnly: false,
    signature: 'auto',
    maxConnections: 8,
    secretInKeychain: false,
    ...fields,
  };
}
