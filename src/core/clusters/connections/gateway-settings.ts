import type { GatewayOptions } from '../../gateway/create-gateway.ts';
import type { EventBus } from '../../platform/events.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import type { SavedConnection } from '../clusters.ts';
import type { DemoHost } from '../demo/demo-host.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import { connectionNotFound } from './connections.ts';
import type { Credentials } from './credentials.ts';
import { type ProxyLookup, routeFor } from './proxy-for.ts';

interface GatewaySettingsSources {
  credentials: Credentials;
  demo: DemoHost;
  store: ConnectionStore;
  log: ConsoleLog;
  events: EventBus;
  version: string;
  systemProxy: ProxyLookup | undefined;
}

/** Gathers what the client of a gateway is made of: the one place where a secret leaves the store. */
export class GatewaySettings {
  readonly #sources: GatewaySettingsSources;

  constructor(sources: GatewaySettingsSources) {
    this.#sources = sources;
  }

  /**
   * What a client of the connection's gateway is made of, its secret included.
   * @throws AppError `CREDENTIAL_MISSING`, `SECRET_UNREADABLE`, `SECRET_STORE_UNAVAILABLE`
   */
  async of(connection: SavedConnection): Promise<GatewayOptions> {
    const { store, credentials, systemProxy, version } = this.#sources;
    const { id, endpoint, accessKeyId, signature, detectedSignature, region, timeoutSeconds } =
      connection;
    const { proxy, why } = await routeFor(connection, systemProxy, () =>
      credentials.proxyPasswordOf(connection),
    );
    return {
      endpoint,
      accessKeyId,
      secretKey: await this.#secretOf(connection),
      signature,
      detectedSignature,
      onSignatureDetected: (form) => this.#note(id, { detectedSignature: form }),
      selectors: () => store.find(id)?.detectedSelectors,
      onSelectorsFound: (selectors) => this.#note(id, { detectedSelectors: [...selectors] }),
      region,
      tls: connection.tls,
      proxy,
      route: why,
      maxConnections: connection.maxConnections,
      ...(timeoutSeconds === undefined
        ? {}
        : { timeouts: { headers: timeoutSeconds * 1000, body: timeoutSeconds * 1000 } }),
      userAgent: `ostor-console/${version}`,
    };
  }

  /** Keeps what was found out of a gateway; where that fails it is found out again. */
  #note(id: string, found: Partial<StoredConnection>): void {
    const { store, events } = this.#sources;
    store.update(id, found).then(
      () => events.emit('connections.changed', {}),
      () => undefined,
    );
  }

  async #secretOf({ id, demo: isDemo }: SavedConnection): Promise<string> {
    const { credentials, demo, store, log } = this.#sources;
    if (isDemo) {
      const { secretKey } = (await demo.running()).cluster;
      log.hide(secretKey);
      return secretKey;
    }
    const stored = store.find(id);
    if (!stored) throw connectionNotFound();
    return credentials.secretOf(stored);
  }
}
