import type { CallInput } from '#shared/contract/index.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import { taskResult } from './task-end.ts';
import { TestConsole } from './test-console.ts';

/** A tariff in cents that charges traffic and requests alone. */
export const standardTariff = {
  name: 'Standard',
  currency: 'EUR',
  minorDigits: 2,
  gigabyte: 'decimal' as const,
  prices: [
    {
      validFrom: '2020-01-01',
      storedPerGbHour: '0',
      downloadedPerGb: '800',
      uploadedPerGb: '100',
      putPerThousand: '50',
      getPerThousand: '4',
      listPerThousand: '50',
      otherPerThousand: '0',
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

interface BilledClusterOptions {
  gateway?: SimulatorOptions;
  clients?: number;
  tariff?: CallInput<'tariffs.save'>['tariff'];
}

/** Refreshes a cluster, and waits until the sizes that were found are in the archive: bills are made of them. */
export async function refreshSizes(console_: TestConsole, connectionId: string): Promise<void> {
  await console_.call('sync.refresh', { connectionId });
  await console_.call('storage.lastSample', { connectionId });
}

/** A console with a collected cluster and a WHMCS whose clients are mapped to the cluster's users. */
export class BilledCluster {
  readonly gateway: Simulator;
  readonly whmcs: WhmcsSimulator;
  readonly console: TestConsole;
  connectionId = '';
  billingId = '';
  tariffId = '';
  /** Customers with a user, each once. */
  customerIds: string[] = [];

  private constructor(gateway: Simulator, whmcs: WhmcsSimulator, console_: TestConsole) {
    this.gateway = gateway;
    this.whmcs = whmcs;
    this.console = console_;
  }

  static async start({
    gateway: simulated = { usage: 600, users: 15, now: Date.UTC(2026, 9, 20) },
    clients = 14,
    tariff = standardTariff,
  }: BilledClusterOptions = {}): Promise<BilledCluster> {
    const gateway = await startSimulator(simulated);
    const emails = [...gateway.state.users.byId.values()]
      .filter(({ system }) => !system)
      .map(({ email }) => email);
    const whmcs = await startWhmcsSimulator({ clients, emails });
    for (const client of whmcs.state.clients.values()) client.currency = 1;
    const billed = new BilledCluster(gateway, whmcs, await TestConsole.start());
    await billed.#prepare(tariff);
    return billed;
  }

  async #prepare(tariff: CallInput<'tariffs.save'>['tariff']): Promise<void> {
    const { console: console_, gateway, whmcs } = this;
    const { url: endpoint, accessKeyId, secretKey } = gateway;
    const { id: connectionId } = await console_.call('connections.save', {
      ...{ name: 'Rack 1', environment: 'lab', endpoint, accessKeyId, secretKey },
    });
    await refreshSizes(console_, connectionId);
    await this.finish((await console_.call('usage.collect', { connectionId })).taskId);
    const { tariffId } = await console_.call('tariffs.save', { connectionId, tariff });
    const { url, identifier, secret } = whmcs;
    const billing = { name: 'Billing', kind: 'whmcs' as const, url, identifier, secret };
    const { id: billingId } = await console_.call('billing.save', billing);
    await console_.call('billing.refresh', { id: billingId });
    const { rows } = await console_.call('customers.suggestions', { limit: 1000 });
    for (const { customerId, userId } of rows) {
      await console_.call('customers.map', { customerId, connectionId, userId });
    }
    const customerIds = [...new Set(rows.map(({ customerId }) => customerId))];
    Object.assign(this, { connectionId, billingId, tariffId, customerIds });
  }

  /** What a task yields. @throws Error where it failed */
  finish(taskId: string): Promise<unknown> {
    return taskResult(this.console, taskId);
  }

  async draft(statementIds: string[]): Promise<unknown> {
    const { billingId } = this;
    return this.finish(
      (await this.console.call('invoices.draft', { billingId, statementIds })).taskId,
    );
  }

  async end(): Promise<void> {
    await this.console.end();
    await this.whmcs.stop();
    await this.gateway.stop();
  }
}
