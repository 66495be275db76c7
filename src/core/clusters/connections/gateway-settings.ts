import { travelsInClear } from '#shared/plain-http.ts';
import type { GatewayOptions } from '../../gateway/create-gateway.ts';
import { type EventBus, Signal } from '../../platform/events.ts';
import type { ConsoleLog } from '../../platform/log/console-log.ts';
import { assertAllowed, type Policy } from '../../platform/policy.ts';
import type { SavedConnection } from '../clusters.ts';
import type { DemoHost } from '../demo/demo-host.ts';
import { credentialMissing, type PinAlarm } from '../locks/guard.ts';
import { type ConnectionInput, checkConnection } from './check-connection.ts';
import type { StoredConnection } from './connection-file.ts';
import type { ConnectionStore } from './connection-store.ts';
import { connectionNotFound } from './connections.ts';
import type { Credentials } from './credentials.ts';
import { type ProxyLookup, routeFor, separatePassword } from './proxy-for.ts';

interface GatewaySettingsSources {
  policy: Policy | null;
  credentials: Credentials;
  demo: DemoHost;
  store: ConnectionStore;
  log: ConsoleLog;
  events: EventBus;
  version: string;
  systemProxy: ProxyLookup | undefined;
}

/** The part of a connection that says how its gateway is reached and signed for. */
type WayThere = Pick<
  StoredConnection,
  | 'endpoint'
  | 'accessKeyId'
  | 'signature'
  | 'region'
  | 'tls'
  | 'proxy'
  | 'maxConnections'
  | 'timeoutSeconds'
>;

/** Gathers what the client of a gateway is made of: the one place where a secret leaves the store. */
export class GatewaySettings {
  /** A gateway showed another certificate than the pinned one. */
  readonly alarmed = new Signal<StoredConnection & { pinAlarm: PinAlarm }>();
  readonly #sources: GatewaySettingsSources;

  constructor(sources: GatewaySettingsSources) {
    this.#sources = sources;
  }

  /**
   * What a client of the connection's gateway is made of, its secret included.
   * @throws AppError `CREDENTIAL_MISSING`, `SECRET_UNREADABLE`, `SECRET_STORE_UNAVAILABLE`,
   * `POLICY_FORBIDS`
   */
  async of(connection: SavedConnection): Promise<GatewayOptions> {
    const { store, credentials } = this.#sources;
    const { id, detectedSignature } = connection;
    const way = await this.#wayOf(connection, () => credentials.proxyPasswordOf(connection));
    return {
      ...way,
      secretKey: await this.#secretOf(connection),
      detectedSignature,
      onSignatureDetected: (form) => this.#note(id, { detectedSignature: form }),
      selectors: () => store.find(id)?.detectedSelectors,
      onSelectorsFound: (selectors) => this.#note(id, { detectedSelectors: [...selectors] }),
      onPinMismatch: (shown) => this.#raise(id, shown?.fingerprint256 ?? null),
      onPinShown: () => {
        if (store.find(id)?.pinAlarm) this.#note(id, { pinAlarm: undefined });
      },
    };
  }

  /** Keeps the first sight of each certificate that is not the pinned one. */
  #raise(id: string, shown: string | null): void {
    const stored = this.#sources.store.find(id);
    const pinned = stored?.tls?.fingerprint256;
    if (!stored || pinned === undefined || stored.pinAlarm?.shown === shown) return;
    if (shown === pinned) return; // a request that left before the pin was changed
    const pinAlarm = { pinned, shown, at: new Date().toISOString() };
    this.#note(id, { pinAlarm });
    void this.alarmed.tell({ ...stored, pinAlarm });
  }

  /**
   * The same for a connection as it is entered, of which nothing is kept. What was not entered of its
   * secrets is what is stored.
   * @throws AppError `CONNECTION_NOT_FOUND`, `ENDPOINT_INVALID`, `INPUT_INVALID`, and as {@link of}
   */
  async ofEntered(entered: ConnectionInput): Promise<GatewayOptions> {
    const { store, credentials, log } = this.#sources;
    const before = entered.id === undefined ? undefined : store.find(entered.id);
    if (entered.id !== undefined && !before) throw connectionNotFound();
    const { proxy, password } = separatePassword(entered.proxy, before?.proxy);
    const { secretKey } = entered;
    for (const secret of [secretKey, password]) if (secret) log.hide(secret);
    const connection = { ...entered, ...(await checkConnection(entered)), proxy };
    const way = await this.#wayOf(connection, async () => {
      return password ?? (before ? credentials.proxyPasswordOf(before) : null);
    });
    if (secretKey !== undefined) return { ...way, secretKey };
    if (!before) throw credentialMissing(entered.name);
    return { ...way, secretKey: await credentials.secretOf(before) };
  }

  async #wayOf(
    connection: WayThere,
    password: () => Promise<string | null>,
  ): Promise<Omit<GatewayOptions, 'secretKey'>> {
    const { policy, systemProxy, version } = this.#sources;
    if (travelsInClear(connection.endpoint)) assertAllowed(policy, 'plainHttp');
    const { endpoint, accessKeyId, signature, region, tls, maxConnections } = connection;
    const { proxy, why } = await routeFor(connection, systemProxy, password);
    const patience = (connection.timeoutSeconds ?? 0) * 1000;
    return {
      ...{ endpoint, accessKeyId, signature, region, tls, maxConnections, proxy, route: why },
      ...(patience === 0 ? {} : { timeouts: { headers: patience, body: patience } }),
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
