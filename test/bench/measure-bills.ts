import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySecretStore } from '#core/clusters/secrets/secret-store.ts';
import type { Core } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import type { CallInput } from '#shared/contract/index.ts';
import type { IssueAllResult } from '#shared/contract/issued-statements.ts';
import { callsOf, taskResult } from '../../src/collect/headless-calls.ts';
import { fillMonth, userIdOf } from './bill-data.ts';

const period = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };

/** What a month of bills costs. */
export interface BillCost {
  counters: number;
  /** A report by user over the same month: what reading it takes at least. */
  reportSeconds: number;
  /** Statements of all customers, made, put into the register and journalled. */
  issueSeconds: number;
  /** What the processor worked for it, in all threads: what others do meanwhile is not in it. */
  issueCpuSeconds: number;
  issued: number;
  /** The same once more: all are there. */
  againSeconds: number;
  /** PDFs of all of them, written as one zip. */
  pdfsPerSecond: number;
  zipBytes: number;
  /** The process's memory before, and at the most while statements and PDFs were made. */
  restingBytes: number;
  highestBytes: number;
}

const tariff: CallInput<'tariffs.save'>['tariff'] = {
  ...{ name: 'Standard', currency: 'EUR', minorDigits: 2, gigabyte: 'decimal' },
  pricesIn: 'currency',
  prices: [
    {
      ...{ validFrom: '2020-01-01', storedPerGbHour: '0.00004', downloadedPerGb: '0.01' },
      ...{ uploadedPerGb: '0.002', putPerThousand: '0.005', getPerThousand: '0.0004' },
      ...{ listPerThousand: '0.005', otherPerThousand: '0', baseFee: '5' },
    },
  ],
  free: { storedGbHours: 0, downloadedGb: 100, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

/** One user a customer, on one cluster. */
async function prepare(core: Core, dataDir: string, customers: number) {
  const call = callsOf(core, new AbortController().signal);
  const { id: connectionId } = await call('connections.save', {
    ...{ name: 'Rack 1', endpoint: 'http://127.0.0.1:9', environment: 'lab' },
    ...{ accessKeyId: 'bench', secretKey: 'bench' },
  });
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  const counters = fillMonth(dataDir, connectionId, { users: customers, from, to });
  for (;;) {
    const { state } = await call('archive.status', { connectionId });
    if (state === 'sound') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { tariffId } = await call('tariffs.save', { connectionId, tariff });
  const rows = Array.from({ length: customers }, (_, user) =>
    [
      user,
      `Customer ${user}`,
      `user-${user}@example.com`,
      'Active',
      user,
      user % 2 === 0 ? 'p1' : 'p2',
      'S3',
      'Active',
    ].join(','),
  );
  const header = 'customer id,name,email,status,service id,product id,product name,service status';
  const { id } = await call('billing.save', {
    ...{ name: 'Table', kind: 'file', csv: [header, ...rows].join('\n') },
  });
  await call('billing.refresh', { id });
  // half of them have their own tariff, the others that of their plan
  await call('servicePlans.save', { name: 'Plan', tariffId, productIds: ['p2'] });
  for (let offset = 0; offset < customers; offset += 1000) {
    const { rows: page } = await call('customers.list', { offset, limit: 1000 });
    for (const { customerId, externalId } of page) {
      const userId = userIdOf(Number(externalId));
      const { serviceList } = await call('customers.map', { customerId, connectionId, userId });
      const [{ serviceId = '', productId = '' } = {}] = serviceList;
      if (productId === 'p1') await call('customers.setTariff', { customerId, tariffId });
      else await call('customers.map', { customerId, serviceId, connectionId, userId });
    }
  }
  return { call, connectionId, counters };
}

/** Bills a month of this many customers over an archive of ten million counters. */
export async function measureBills(customers: number): Promise<BillCost> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ostor-bench-'));
  const core = await createCore({
    ...{ shell: 'web', version: 'bench', dataDir, secretStore: new MemorySecretStore() },
  });
  let highest = 0;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 20);
  try {
    const { call, connectionId, counters } = await prepare(core, dataDir, customers);
    const report = { connectionId, ...period, groupBy: 'user' as const, limit: 1000 };
    await call('usage.report', report);
    const reportSeconds = await seconds(() => call('usage.report', report));
    let issued = 0;
    const issue = async () => {
      const { taskId } = await call('statements.issueAll', period);
      const result = await taskResult(call, taskId, new AbortController().signal);
      const { items, ...counts } = result as IssueAllResult;
      ({ issued } = counts);
      const refused = items.find(({ error }) => error !== null);
      if (refused) process.stderr.write(`${refused.name}: ${refused.error?.message}\n`);
    };
    const restingBytes = process.memoryUsage.rss();
    highest = 0;
    const before = process.cpuUsage();
    const issueSeconds = await seconds(issue);
    const { user, system } = process.cpuUsage(before);
    const issueCpuSeconds = (user + system) / 1e6;
    const againSeconds = await seconds(issue);
    let zipBytes = 0;
    const pdfSeconds = await seconds(async () => {
      const destination = { to: 'folder' as const, path: join(dataDir, 'out') };
      ({ bytes: zipBytes } = await call('statements.exportAll', { ...period, destination }));
    });
    const pdfsPerSecond = issued / pdfSeconds;
    const costs = { counters, reportSeconds, issueSeconds, issueCpuSeconds, issued, againSeconds };
    return { ...costs, pdfsPerSecond, zipBytes, restingBytes, highestBytes: highest };
  } finally {
    clearInterval(watch);
    await core.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
