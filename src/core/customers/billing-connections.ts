import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { operatorName } from '../changes/journal/journal.ts';
import { type ProxyLookup, routeFor, separatePassword } from '../clusters/connections/proxy-for.ts';
import type { DemoCluster, DemoHost } from '../clusters/demo/demo-host.ts';
import type { ProductionLocks } from '../clusters/locks/guard.ts';
import type { SecretStore } from '../clusters/secrets/secret-store.ts';
import { readCertificates } from '../gateway/transport/read-certificates.ts';
import type { EventBus } from '../platform/events.ts';
import type { ConsoleLog } from '../platform/log/console-log.ts';
import type { NoticeBoard } from '../platform/notice-board.ts';
import { assertAllowed, type Policy } from '../platform/policy.ts';
import { readableId } from '../platform/readable-id.ts';
import {
  assertTakesChanges,
  billingGuardRecord,
  billingLock,
  billingLockRecord,
  billingPinRecord,
  billingRefusal,
  type GuardedBilling,
} from './billing-guards.ts';
import { FileSystem, parseCustomerTable } from './file/file-system.ts';
import type { BillingSystem } from './port/billing-system.ts';
import type { NotedPinAlarm } from './store/billing-connections.ts';
import type { CustomerStore } from './store/customer-store.ts';
import { type StoredBilling, storedBilling } from './store/stored-billing.ts';
import { adminText, baseText, parseBase } from './whmcs/base-address.ts';
import { WhmcsClient } from './whmcs/client.ts';
import { WhmcsSystem } from './whmcs/whmcs-system.ts';

type BillingView = CallOutput<'billing.list'>[number];
type BillingInput = ParsedInput<'billing.save'>;

export interface BillingConnectionsOptions {
  store: CustomerStore;
  secrets: SecretStore;
  locks: ProductionLocks;
  log: ConsoleLog;
  notices: NoticeBoard;
  systemProxy: ProxyLookup | undefined;
  version: string;
  demo: DemoHost;
  policy: Policy | null;
  events: EventBus;
}

/** Id of the connection to the WHMCS next to the demo cluster; a saved one never gets it. */
export const demoBillingId = 'demo-whmcs';

interface Credential {
  secret: string;
  accessKey: string | null;
  proxyPassword?: string | null;
}

const capabilitiesOf = {
  whmcs: ['orders', 'drafts', 'items', 'notes', 'service-fields', 'usage'],
  file: [],
} as const satisfies Record<BillingView['kind'], BillingView['capabilities']>;

/** The entry of the keychain that holds the secrets of a billing connection. */
const secretName = (id: string): string => `billing-${id}`;

/** The saved billing connections: settings in the customers' file, secrets in the keychain. */
export class BillingConnections {
  readonly #options: BillingConnectionsOptions;

  constructor(options: BillingConnectionsOptions) {
    this.#options = options;
  }

  /** Returns every billing connection with what its last refresh counted. */
  async list(): Promise<BillingView[]> {
    const stored = await this.#stored();
    return Promise.all(stored.map((connection) => this.#view(connection)));
  }

  /** @throws AppError `BILLING_CONNECTION_NOT_FOUND` */
  async get(id: string): Promise<GuardedBilling> {
    const stored = await this.#stored();
    const found = stored.find((connection) => connection.id === id);
    if (found) return found;
    throw new AppError({
      code: 'BILLING_CONNECTION_NOT_FOUND',
      message: 'There is no such billing connection.',
      hint: 'It may have been removed: look at the list of billing connections.',
    });
  }

  /**
   * Saves a connection and, where given, its secrets. Changed guards are put on record.
   * @throws AppError `ALREADY_EXISTS` (the name), `ENDPOINT_INVALID`, `FILE_INVALID`, `INPUT_INVALID`,
   * `POLICY_FORBIDS`
   */
  async save(input: BillingInput): Promise<BillingView> {
    const { store } = this.#options;
    const before = input.id === undefined ? null : await this.get(input.id);
    if (before === null) assertAllowed(this.#options.policy, 'addConnections');
    const connection = await this.#toStored(input, before);
    const address = addressOf(connection);
    const removed = before === null ? await store.ask('removedAs', { address }) : null;
    connection.id = removed ?? connection.id; // its customers and mappings are there again
    if (input.csv !== undefined) parseCustomerTable(input.csv);
    const table = input.csv === undefined ? {} : { table: input.csv };
    const isKnown = before !== null || removed !== null;
    const record = isKnown ? billingGuardRecord(before, connection, operatorName()) : null;
    const saved = await store.ask('saveConnection', { connection, ...table, record });
    if (!saved) throw nameTaken(input.name);
    const { password } = separatePassword(input.proxy, before?.proxy);
    const outdated = before?.proxy?.hasPassword === true && !connection.proxy?.hasPassword;
    const { secret, accessKey } = input;
    const keepsKey = accessKey === undefined || (accessKey === null && !connection.hasAccessKey);
    const isSame = secret === undefined && keepsKey && password === null;
    const { secrets } = this.#options;
    const hasKept = outdated && (await secrets.get(secretName(connection.id))) !== null;
    if (isSame && !hasKept) return this.#view(await this.get(connection.id));
    const kept = await this.#keepSecrets(connection, input, password);
    await store.ask('saveConnection', { connection: kept });
    return this.#view(await this.get(kept.id));
  }

  /**
   * Lets what is sent to a production billing system through for a while, or no longer. On record first:
   * what can't be recorded is not unlocked.
   * @param minutes undefined: it is locked
   * @returns until when it is unlocked, ISO 8601 in UTC
   * @throws AppError `BILLING_CONNECTION_NOT_FOUND`
   */
  async setLock(id: string, minutes: number | undefined): Promise<BillingView> {
    const { locks, store } = this.#options;
    const before = await this.get(id);
    const until =
      minutes === undefined ? undefined : new Date(Date.now() + minutes * 60_000).toISOString();
    const changes = until !== undefined || before.unlockedUntil !== undefined;
    if (minutes === undefined) locks.lock(billingLock(id));
    if (before.environment === 'production' && changes) {
      await store.ask('addRecord', billingLockRecord(before, until, operatorName()));
    }
    if (minutes !== undefined) locks.unlock(billingLock(id), minutes);
    return this.#view(await this.get(id));
  }

  /** Saves the connection to the WHMCS next to the demo cluster; its secret stays with the demo. */
  async saveDemo({ url, identifier }: NonNullable<DemoCluster['billing']>): Promise<void> {
    const connection: StoredBilling = {
      ...{ id: demoBillingId, name: 'Demo WHMCS', kind: 'whmcs', url, identifier, readOnly: false },
      ...{ proxy: { mode: 'direct' }, secretStore: 'memory', hasAccessKey: false, demo: true },
    };
    await this.#options.store.ask('saveConnection', { connection });
  }

  /** Removes a connection and its secrets; a notice says if the keychain could not. */
  async remove(id: string): Promise<void> {
    const { store, secrets, notices, locks } = this.#options;
    const connection = await this.get(id);
    const address = addressOf(connection);
    await store.ask('removeConnection', { billingId: id, address });
    locks.lock(billingLock(id));
    if (connection.demo) return;
    const forgotten = await secrets.remove(secretName(id)).then(
      () => true,
      () => false,
    );
    if (forgotten || connection.secretStore !== 'keychain') return;
    notices.add({
      severity: 'warning',
      message: `The secret of "${connection.name}" is still in the keychain, which can't be reached now.`,
      hint: `Remove the entry "${secretName(id)}" of the service "Ostor Console" with the keychain's own program.`,
    });
  }

  /**
   * Opens the system behind a connection; close it when done.
   * @throws AppError `CREDENTIAL_MISSING`, `FILE_INVALID`, `POLICY_FORBIDS`, `PROXY_FAILED`
   */
  async open(id: string): Promise<BillingSystem> {
    const connection = await this.get(id);
    if (connection.kind === 'file') return this.#openFile(id);
    const { systemProxy, version, policy } = this.#options;
    const base = parseBase(connection.url ?? '');
    const endpoint = base.endpoint.origin;
    if (travelsInClear(endpoint)) assertAllowed(policy, 'plainHttp');
    const { secret, accessKey, proxyPassword } = await this.#credential(connection);
    const route = await routeFor(
      { endpoint, proxy: connection.proxy },
      systemProxy,
      async () => proxyPassword ?? null,
    );
    const { timeoutSeconds } = connection;
    const silence = timeoutSeconds === undefined ? undefined : 1000 * timeoutSeconds;
    return new WhmcsSystem(
      new WhmcsClient({
        ...base,
        identifier: connection.identifier ?? '',
        secret,
        accessKey,
        tls: connection.tls,
        proxy: route.proxy,
        route: route.why,
        onPinMismatch: (shown) => void this.#raise(id, shown?.fingerprint256 ?? null),
        onPinShown: () => void this.#settle(id),
        assertWritable: async () => assertTakesChanges(await this.get(id)),
        userAgent: `ostor-console/${version}`,
        ...(silence === undefined ? {} : { timeouts: { headers: silence, body: silence } }),
      }),
      { hold: billingRefusal(connection)?.code ?? null, inClear: travelsInClear(endpoint) },
    );
  }

  /**
   * Opens the system behind a connection to change something in it.
   * @throws AppError `CONNECTION_READ_ONLY`, `CONNECTION_LOCKED`, `CERTIFICATE_PIN_MISMATCH`, and those of {@link open}
   */
  async openForWrites(id: string): Promise<BillingSystem> {
    assertTakesChanges(await this.get(id));
    return this.open(id);
  }

  /** Keeps the first sight of each certificate that is not the pinned one. */
  async #raise(id: string, shown: string | null): Promise<void> {
    const connection = await this.get(id).catch(() => null);
    const pinned = connection?.tls?.fingerprint256;
    if (!connection || pinned === undefined || connection.pinAlarm?.shown === shown) return;
    if (shown === pinned) return; // a request that left before the pin was changed
    const pinAlarm = { pinned, shown, at: new Date().toISOString() };
    const record = billingPinRecord({ ...connection, pinAlarm }, operatorName());
    await this.#note({ billingId: id, pinned, pinAlarm, record });
  }

  async #settle(id: string): Promise<void> {
    const connection = await this.get(id).catch(() => null);
    if (!connection?.pinAlarm) return;
    const { pinned } = connection.pinAlarm;
    await this.#note({ billingId: id, pinned, pinAlarm: null, record: null });
  }

  /** Keeps what was found out of a certificate; where that fails it is found out again. */
  async #note(found: NotedPinAlarm): Promise<void> {
    const { store, events } = this.#options;
    await store.ask('notePinAlarm', found).catch(() => false);
    events.emit('customers.changed', {});
  }

  async #openFile(id: string): Promise<BillingSystem> {
    const table = await this.#options.store.ask('readTable', { billingId: id });
    if (table !== null) return new FileSystem(table);
    throw new AppError({
      code: 'FILE_INVALID',
      message: 'This billing connection has no table of customers yet.',
      hint: 'Edit it and select a CSV file.',
    });
  }

  async #stored(): Promise<GuardedBilling[]> {
    const { store, locks } = this.#options;
    const stored = await store.ask('listConnections', null);
    return stored.map(({ id, settings }) => {
      const unlockedUntil = locks.unlockedUntil(billingLock(id));
      return { ...storedBilling.parse(settings), ...(unlockedUntil ? { unlockedUntil } : {}) };
    });
  }

  async #view(connection: GuardedBilling): Promise<BillingView> {
    const { secretStore, ...shown } = connection;
    const state = await this.#options.store.ask('billingState', { billingId: connection.id });
    const hold = billingRefusal(connection);
    return {
      ...shown,
      ...(hold ? { hold: hold.toData() } : {}),
      hasCredential: connection.kind === 'file' || secretStore !== null,
      capabilities: [...capabilitiesOf[connection.kind]],
      ...state,
    };
  }

  async #toStored(input: BillingInput, before: StoredBilling | null): Promise<StoredBilling> {
    const { secret: _secret, accessKey: _key, csv, proxy: entered, ...fields } = input;
    const { proxy } = separatePassword(entered, before?.proxy);
    if (input.kind === 'whmcs') {
      if (input.url === undefined) throw missing('the address of WHMCS');
      if (input.identifier === undefined) throw missing('the identifier of an API credential');
      if (before === null && input.secret === undefined) throw missing('the secret');
      fields.url = baseText(input.url);
      if (travelsInClear(fields.url)) assertAllowed(this.#options.policy, 'plainHttp');
      const ca = input.tls?.ca;
      if (ca !== undefined) {
        const { pem } = await readCertificates(Buffer.from(ca));
        fields.tls = { ...input.tls, ca: pem };
      }
      if (input.adminUrl !== undefined) fields.adminUrl = adminText(input.adminUrl);
    } else if (before === null && csv === undefined) throw missing('a table of customers');
    const environment = input.environment ?? before?.environment;
    return {
      ...fields,
      ...(environment ? { environment } : {}),
      ...(proxy ? { proxy } : {}),
      id: before?.id ?? readableId(input.name, 'billing'),
      secretStore: before?.secretStore ?? null,
      hasAccessKey: before?.hasAccessKey ?? false,
    };
  }

  async #keepSecrets(
    connection: StoredBilling,
    input: BillingInput,
    proxyPassword: string | null,
  ): Promise<StoredBilling> {
    const { secrets, log } = this.#options;
    // where the secret is entered, a keychain that lost the former one stops nothing
    const known = await this.#credential(connection).catch((thrown: unknown) => {
      if (input.secret === undefined) throw thrown;
      return null;
    });
    const stays = connection.proxy?.hasPassword ? known?.proxyPassword : null;
    const credential: Credential = {
      secret: input.secret ?? known?.secret ?? '',
      accessKey: input.accessKey === undefined ? (known?.accessKey ?? null) : input.accessKey,
      proxyPassword: proxyPassword ?? stays ?? null,
    };
    for (const text of Object.values(credential)) if (text) log.hide(text);
    const kept = await secrets.set(secretName(connection.id), JSON.stringify(credential));
    return { ...connection, secretStore: kept, hasAccessKey: credential.accessKey !== null };
  }

  async #credential(connection: StoredBilling): Promise<Credential> {
    if (connection.demo) return this.#demoCredential();
    const found = await this.#options.secrets.get(secretName(connection.id));
    if (!found) {
      throw new AppError({
        code: 'CREDENTIAL_MISSING',
        message: `No secret is available for "${connection.name}".`,
        hint: 'Edit the billing connection and enter the secret again.',
      });
    }
    const credential = readCredential(found.secret);
    for (const text of Object.values(credential)) if (text) this.#options.log.hide(text);
    return credential;
  }

  async #demoCredential(): Promise<Credential> {
    const { cluster } = await this.#options.demo.running();
    const secret = cluster.billing?.secret ?? '';
    if (secret) this.#options.log.hide(secret);
    return { secret, accessKey: null };
  }
}

/** Identifies an installation or table, independent of its connection's name. */
function addressOf({ kind, url = '', name }: StoredBilling): string {
  return kind === 'file' ? `file ${name}` : `whmcs ${baseText(url)}`;
}

/** Parses a stored credential; a secret from a file is the bare secret. */
function readCredential(text: string): Credential {
  return text.startsWith('{')
    ? (JSON.parse(text) as Credential)
    : { secret: text, accessKey: null };
}

function missing(what: string): AppError {
  return invalidInput(`A billing connection needs ${what}.`, 'Enter it and save again.');
}

function nameTaken(name: string): AppError {
  return new AppError({
    code: 'ALREADY_EXISTS',
    message: `A billing connection named "${name}" exists already.`,
    hint: 'Enter another name; scripts find a connection by it.',
  });
}
