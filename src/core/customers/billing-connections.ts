import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { AppError, invalidInput } from '#shared/errors.ts';
import { travelsInClear } from '#shared/plain-http.ts';
import { type ProxyLookup, routeFor, separatePassword } from '../clusters/connections/proxy-for.ts';
import type { DemoCluster, DemoHost } from '../clusters/demo/demo-host.ts';
import type { SecretStore } from '../clusters/secrets/secret-store.ts';
import type { ConsoleLog } from '../platform/log/console-log.ts';
import type { NoticeBoard } from '../platform/notice-board.ts';
import { readableId } from '../platform/readable-id.ts';
import { FileSystem, parseCustomerTable } from './file/file-system.ts';
import type { BillingSystem } from './port/billing-system.ts';
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
  log: ConsoleLog;
  notices: NoticeBoard;
  systemProxy: ProxyLookup | undefined;
  version: string;
  demo: DemoHost;
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
  async get(id: string): Promise<StoredBilling> {
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
   * Saves a connection and, where given, its secrets.
   * @throws AppError `ALREADY_EXISTS` (the name), `ENDPOINT_INVALID`, `FILE_INVALID`, `INPUT_INVALID`
   */
  async save(input: BillingInput): Promise<BillingView> {
    const { store } = this.#options;
    const before = input.id === undefined ? null : await this.get(input.id);
    const connection = this.#toStored(input, before);
    if (before === null) {
      const address = addressOf(connection);
      const removed = await store.ask('removedAs', { address });
      connection.id = removed ?? connection.id; // its customers and mappings are there again
    }
    if (input.csv !== undefined) parseCustomerTable(input.csv);
    const table = input.csv === undefined ? {} : { table: input.csv };
    if (!(await store.ask('saveConnection', { connection, ...table }))) throw nameTaken(input.name);
    const { password } = separatePassword(input.proxy, before?.proxy);
    const outdated = before?.proxy?.hasPassword === true && !connection.proxy?.hasPassword;
    const { secret, accessKey } = input;
    const keepsKey = accessKey === undefined || (accessKey === null && !connection.hasAccessKey);
    const isSame = secret === undefined && keepsKey && password === null;
    const { secrets } = this.#options;
    const hasKept = outdated && (await secrets.get(secretName(connection.id))) !== null;
    if (isSame && !hasKept) return this.#view(connection);
    const kept = await this.#keepSecrets(connection, input, password);
    await store.ask('saveConnection', { connection: kept });
    return this.#view(kept);
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
    const { store, secrets, notices } = this.#options;
    const connection = await this.get(id);
    const address = addressOf(connection);
    await store.ask('removeConnection', { billingId: id, address });
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
   * @throws AppError `CREDENTIAL_MISSING`, `FILE_INVALID`
   */
  async open(id: string): Promise<BillingSystem> {
    const connection = await this.get(id);
    if (connection.kind === 'file') return this.#openFile(id);
    const { secret, accessKey, proxyPassword } = await this.#credential(connection);
    const { systemProxy, version } = this.#options;
    const base = parseBase(connection.url ?? '');
    const endpoint = base.endpoint.origin;
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
        userAgent: `ostor-console/${version}`,
        ...(silence === undefined ? {} : { timeouts: { headers: silence, body: silence } }),
      }),
      { readOnly: connection.readOnly, inClear: travelsInClear(endpoint) },
    );
  }

  /**
   * Opens the system behind a connection to change something in it.
   * @throws AppError `CONNECTION_READ_ONLY`, and those of {@link open}
   */
  async openForWrites(id: string): Promise<BillingSystem> {
    const { readOnly, name } = await this.get(id);
    if (!readOnly) return this.open(id);
    throw new AppError({
      code: 'CONNECTION_READ_ONLY',
      message: `"${name}" is read-only: nothing is sent to this billing system.`,
      hint: 'Edit the billing connection and allow changes.',
    });
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

  async #stored(): Promise<StoredBilling[]> {
    const stored = await this.#options.store.ask('listConnections', null);
    return stored.map(({ settings }) => storedBilling.parse(settings));
  }

  async #view(connection: StoredBilling): Promise<BillingView> {
    const { secretStore, ...shown } = connection;
    const state = await this.#options.store.ask('billingState', { billingId: connection.id });
    return {
      ...shown,
      hasCredential: connection.kind === 'file' || secretStore !== null,
      capabilities: [...capabilitiesOf[connection.kind]],
      ...state,
    };
  }

  #toStored(input: BillingInput, before: StoredBilling | null): StoredBilling {
    const { secret: _secret, accessKey: _key, csv, proxy: entered, ...fields } = input;
    const { proxy } = separatePassword(entered, before?.proxy);
    if (input.kind === 'whmcs') {
      if (input.url === undefined) throw missing('the address of WHMCS');
      if (input.identifier === undefined) throw missing('the identifier of an API credential');
      if (before === null && input.secret === undefined) throw missing('the secret');
      fields.url = baseText(input.url);
      if (input.adminUrl !== undefined) fields.adminUrl = adminText(input.adminUrl);
    } else if (before === null && csv === undefined) throw missing('a table of customers');
    return {
      ...fields,
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
