import type { GatewayOptions } from '../../gateway/create-gateway.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { SavedConnection } from '../clusters.ts';
import type { DemoHost } from '../demo/demo-host.ts';
import type { ConnectionStore } from './connection-store.ts';
import { connectionNotFound } from './connection-views.ts';
import type { Credentials } from './credentials.ts';
import { type ProxyLookup, proxyFor } from './proxy-for.ts';
import type { StoredConnection } from './stored-connection.ts';

/** What {@link gatewaySettings} gathers from. */
export interface GatewaySettingsSources {
  credentials: Credentials;
  demo: DemoHost;
  store: ConnectionStore;
  log: ConsoleLog;
  version: string;
  systemProxy: ProxyLookup | undefined;
  /** Told that a connection was changed. */
  changed(): void;
}

/**
 * Gathers what a client of the connection's gateway is made of, its secret included: the one place
 * where a secret leaves the store.
 * @throws AppError `CREDENTIAL_MISSING`, `SECRET_UNREADABLE`, `SECRET_STORE_UNAVAILABLE`
 */
export async function gatewaySettings(
  sources: GatewaySettingsSources,
  connection: SavedConnection,
): Promise<GatewayOptions> {
  const { store, systemProxy, version } = sources;
  const { id, endpoint, accessKeyId, signature, detectedSignature, region, timeoutSeconds } =
    connection;
  const note = (found: Partial<StoredConnection>): void =>
    void store.update(id, found).then(
      () => sources.changed(),
      () => undefined,
    );
  return {
    endpoint,
    accessKeyId,
    secretKey: await secretOf(sources, connection),
    signature,
    detectedSignature,
    onSignatureDetected: (form) => note({ detectedSignature: form }),
    selectors: () => store.find(id)?.detectedSelectors,
    onSelectorsFound: (selectors) => note({ detectedSelectors: [...selectors] }),
    region,
    tls: connection.tls,
    proxy: await proxyFor(connection, systemProxy),
    maxConnections: connection.maxConnections,
    ...(timeoutSeconds === undefined
      ? {}
      : { timeouts: { headers: timeoutSeconds * 1000, body: timeoutSeconds * 1000 } }),
    userAgent: `ostor-console/${version}`,
  };
}

async function secretOf(
  { credentials, demo, store, log }: GatewaySettingsSources,
  { id, demo: isDemo }: SavedConnection,
): Promise<string> {
  if (isDemo) {
    const { secretKey } = (await demo.running()).cluster;
    log.hide(secretKey);
    return secretKey;
  }
  const stored = store.find(id);
  if (!stored) throw connectionNotFound();
  return credentials.secretOf(stored);
}
