import { expect, type Page } from '@playwright/test';
import type { Simulator, SimulatorOptions } from '#simulator/index.ts';
import { startWhmcsSimulator, type WhmcsSimulator } from '#simulator/whmcs/index.ts';
import type { TestFixtures } from '../fixtures.ts';
import { callValue } from './call-console.ts';
import { collectStatistics } from './collect.ts';
import { saveCluster } from './save-cluster.ts';

const startOfMonth = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 1);

/** The month with statistics, named in addresses: it may be another one than the last when a test ends. */
export const billedMonth = `month=${new Date(startOfMonth - 1).toISOString().slice(0, 7)}`;

/** A gateway whose statistics are those of the month before. */
export const billedGateway: SimulatorOptions = {
  ...{ users: 20, buckets: 40, usage: 33, usageServices: 1, usagePeriodSeconds: 86_400 },
  ...{ hugeCounters: false, now: startOfMonth + 3_600_000 },
};

/** A WHMCS whose clients have the gateway's users, by e-mail. */
export async function startWhmcsOf(
  gateway: Simulator,
  clients = 40,
  pendingOrderEvery?: number,
): Promise<WhmcsSimulator> {
  const tenants = [...gateway.state.users.byId.values()].filter(({ system }) => !system);
  const whmcs = await startWhmcsSimulator({
    ...{ clients, emails: tenants.map(({ email }) => email) },
    ...(pendingOrderEvery === undefined ? {} : { pendingOrderEvery }),
  });
  for (const client of whmcs.state.clients.values()) client.currency = 1;
  return whmcs;
}

interface Billed {
  gateway: Simulator;
  whmcs: WhmcsSimulator;
  page: Page;
  /** Of the cluster. */
  id: string;
}

/** Opens a console with a cluster and what it is billed by, without the forms. The WHMCS is the caller's to stop. */
export async function openBilled({
  openConsole,
  openGateway,
}: Pick<TestFixtures, 'openConsole' | 'openGateway'>): Promise<Billed> {
  const gateway = await openGateway(billedGateway);
  const whmcs = await startWhmcsOf(gateway);
  const { page } = await openConsole();
  const id = await saveCluster(page, gateway);
  const { url, identifier, secret } = whmcs;
  const system = { kind: 'whmcs' as const, name: 'Billing', url, identifier, secret };
  const { id: billingId } = await callValue(page, 'billing.save', { ...system, readOnly: false });
  expect((await callValue(page, 'billing.refresh', { id: billingId })).customers).toBe(40);
  return { gateway, whmcs, page, id };
}

/** Last month's statistics, and what they cost. */
export async function prepareTariff(page: Page, connectionId: string): Promise<string> {
  await collectStatistics(page, connectionId);
  const { tariffId } = await callValue(page, 'tariffs.save', {
    connectionId,
    tariff: {
      ...{ name: 'Standard', currency: 'EUR', minorDigits: 2, gigabyte: 'decimal' },
      pricesIn: 'currency',
      prices: [
        {
          ...{ validFrom: '2020-01-01', storedPerGbHour: '0', downloadedPerGb: '8.5' },
          ...{ uploadedPerGb: '1', putPerThousand: '0.5', getPerThousand: '0.04' },
          ...{ listPerThousand: '0.5', otherPerThousand: '0', baseFee: '5' },
        },
      ],
      free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
    },
  });
  return tariffId;
}
