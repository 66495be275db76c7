import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { formatCounted } from '#shared/counted.ts';
import { AppError, conflict, invalidInput, toAppError } from '#shared/errors.ts';
import { toWireInteger } from '#shared/units.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import { outcomeIsUnknown } from '../gateway/outcome.ts';
import { reasonOf, type TaskControls } from '../platform/tasks/task-registry.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import type { BillingConnections } from './billing-connections.ts';
import { assertCan, startBillingRun } from './billing-run.ts';
import type { Customers } from './customers.ts';
import type { BillingSystem, ServiceUsage } from './port/billing-system.ts';
import type { CustomerStore } from './store/customer-store.ts';

export interface UsageFiguresOptions extends Pick<ClusterWork, 'archives' | 'tasks'> {
  store: CustomerStore;
  billing: BillingConnections;
  customers: Customers;
}

type Input = ParsedInput<'invoices.sendUsage'>;

/** Whose figures are sent, and the operator's ticket or reason. */
type SentFor = Pick<Input, 'billingId' | 'ticket'> & { customerId: string };

type Preview = CallOutput<'invoices.usage'>;
type Row = Preview['rows'][number];

/** The result of the run's task. */
export interface UsageResult {
  written: number;
  unchanged: number;
  refused: number;
  failed: number;
  failures: { serviceId: string; message: string; hint: string }[];
}

interface Figure extends Omit<Row, 'found' | 'wanted'> {
  wanted: ServiceUsage | null;
}

/** Traffic of this month by user, each cluster read once; null where none is archived. */
type Traffic = Map<string, Promise<Map<string, bigint> | null>>;

const megabyte = 1024n * 1024n;
/** WHMCS keeps them in 32 bits. */
const mostMegabytes = 2n ** 31n - 1n;

/** This calendar month, UTC. */
function thisMonth(now = new Date()): { from: string; to: string } {
  const start = (months: number): string =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months)).toISOString();
  return { from: start(0), to: start(1) };
}

/**
 * Writes what the users of services store, and this month's traffic, into the usage columns of the
 * billing system. Setting them twice sets them once; each is read back. Never where the billing
 * system bills overages itself: it would charge a second time.
 */
export class UsageFigures {
  readonly #options: UsageFiguresOptions;

  constructor(options: UsageFiguresOptions) {
    this.#options = options;
  }

  /** What would be written for a customer's services, next to the current values. Sends readings only. */
  async preview(customerId: string): Promise<Preview> {
    const { customers, billing } = this.#options;
    const { billingId } = await customers.get(customerId);
    const system = await billing.open(billingId);
    try {
      assertCan(system, 'usage');
      await customers.syncClusters();
      const figures = await this.#figuresOf(customerId, await overagesOf(system), new Map());
      const rows: Row[] = [];
      for (const { wanted, ...figure } of figures) {
        const found = await system.usageOf(figure.externalId);
        rows.push({ ...figure, found: found && toWire(found), wanted: wanted && toWire(wanted) });
      }
      return { month: thisMonth().from.slice(0, 7), rows };
    } finally {
      await system.close();
    }
  }

  /** Starts a run. @throws AppError `CONNECTION_READ_ONLY`, `BILLING_UNSUPPORTED`, `CREDENTIAL_MISSING` */
  async start(input: Input): Promise<{ taskId: string }> {
    const { billingId, customerIds } = input;
    const task = { kind: 'invoices.sendUsage', title: 'Send usage figures' };
    return startBillingRun(
      this.#options,
      { billingId, needs: 'usage', ...task, total: customerIds.length },
      (system, controls) => this.#run(system, input, controls),
    );
  }

  async #run(
    system: BillingSystem,
    { billingId, customerIds, ticket }: Input,
    controls: TaskControls,
  ): Promise<UsageResult> {
    const result: UsageResult = { written: 0, unchanged: 0, refused: 0, failed: 0, failures: [] };
    await this.#options.customers.syncClusters();
    const overages = await overagesOf(system);
    const traffic: Traffic = new Map();
    for (const [index, customerId] of [...new Set(customerIds)].entries()) {
      await controls.checkpoint();
      for (const figure of await this.#figuresOf(customerId, overages, traffic)) {
        await this.#one(system, { billingId, customerId, ticket }, figure, result);
      }
      const { failed, failures } = result;
      controls.progress({ done: index + 1, failed, ...(failed > 0 ? reasonOf(failures) : {}) });
    }
    return result;
  }

  async #one(
    system: BillingSystem,
    of: SentFor,
    figure: Figure,
    result: UsageResult,
  ): Promise<void> {
    const { serviceId, wanted, refusal } = figure;
    const note = (message: string, hint: string) =>
      result.failures.push({ serviceId, message, hint });
    if (wanted === null) {
      result.refused += 1;
      note(refusal ?? '', 'Nothing was written for this service.');
      return;
    }
    try {
      result[await this.#write(system, of, figure, wanted)] += 1;
    } catch (thrown) {
      const { message, hint } = toAppError(thrown);
      result.failed += 1;
      note(message, hint);
    }
  }

  async #write(
    system: BillingSystem,
    of: SentFor,
    { serviceId, externalId }: Figure,
    wanted: ServiceUsage,
  ): Promise<'written' | 'unchanged'> {
    const before = await system.usageOf(externalId);
    if (before && isSame(before, wanted)) return 'unchanged';
    const figures = { serviceId, before: before && words(before), after: words(wanted) };
    const record = (result: 'intent' | 'done' | 'failed' | 'unknown', problem?: string) =>
      this.#options.store.ask('addRecord', {
        ...{ ...of, operator: operatorName(), action: 'invoices.sendUsage', result },
        details: { ...figures, ...(problem === undefined ? {} : { problem }) },
      });
    await record('intent');
    const error = await system.setUsage(externalId, wanted).then(
      () => null,
      (thrown: unknown) => toAppError(thrown),
    );
    // whatever the answer was: what the service holds now counts
    const now = await system.usageOf(externalId).catch(() => null);
    if (now && isSame(now, wanted)) {
      await record('done');
      return 'written';
    }
    const failure = error ?? notConfirmed();
    const isOpen = now === null && (error === null || outcomeIsUnknown(error));
    await record(isOpen ? 'unknown' : 'failed', failure.message);
    throw failure;
  }

  async #figuresOf(
    customerId: string,
    overages: ReadonlyMap<string, boolean>,
    traffic: Traffic,
  ): Promise<Figure[]> {
    const customer = await this.#options.customers.get(customerId);
    const figures: Figure[] = [];
    for (const service of customer.serviceList) {
      const users = customer.users.filter((user) => user.serviceId === service.serviceId);
      if (service.gone || users.length === 0) continue;
      const { serviceId, externalId, productId, productName } = service;
      const of = { serviceId, externalId, productName, users: users.length };
      try {
        assertNotBilledThere(productName, overages.get(productId));
        figures.push({ ...of, refusal: null, wanted: await this.#usageOf(users, traffic) });
      } catch (thrown) {
        figures.push({ ...of, refusal: toAppError(thrown).message, wanted: null });
      }
    }
    return figures;
  }

  async #usageOf(
    users: readonly { connectionId: string; userId: string; email: string | null }[],
    traffic: Traffic,
  ): Promise<ServiceUsage> {
    let disk = 0n;
    let bandwidth: bigint | null = 0n;
    for (const { connectionId, userId, email } of users) {
      const bytes = await this.#options.store.ask('bytesOf', { connectionId, userId });
      if (bytes === null) throw sizeUnknown(email || userId);
      disk += BigInt(bytes);
      const reading = traffic.get(connectionId) ?? this.#trafficOf(connectionId);
      traffic.set(connectionId, reading);
      const month = await reading;
      // without statistics the traffic is not known: the column is left as it is
      if (month === null) bandwidth = null;
      else if (bandwidth !== null) bandwidth += month.get(userId.toLowerCase()) ?? 0n;
    }
    const usage = {
      diskMb: disk / megabyte,
      bandwidthMb: bandwidth === null ? null : bandwidth / megabyte,
    };
    if (usage.diskMb > mostMegabytes || (usage.bandwidthMb ?? 0n) > mostMegabytes) throw tooLarge();
    return usage;
  }

  async #trafficOf(connectionId: string): Promise<Map<string, bigint> | null> {
    const archive = await this.#options.archives.get(connectionId);
    const query = { ...hoursOf(thisMonth()), groupBy: 'user', filter: {} } as const;
    const groups = await archive.read('reportGroups', query);
    if (groups.length === 0) return null;
    return new Map(
      groups.map(({ userId, uploaded, downloaded }) => [
        userId?.toLowerCase() ?? '',
        uploaded + downloaded,
      ]),
    );
  }
}

async function overagesOf(system: BillingSystem): Promise<Map<string, boolean>> {
  const products = await system.products();
  return new Map(products.map(({ productId, billsOverages }) => [productId, billsOverages]));
}

function toWire({ diskMb, bandwidthMb }: ServiceUsage): NonNullable<Row['wanted']> {
  return {
    diskMb: toWireInteger(diskMb),
    bandwidthMb: bandwidthMb === null ? null : toWireInteger(bandwidthMb),
  };
}

function isSame(found: ServiceUsage, wanted: ServiceUsage): boolean {
  if (found.diskMb !== wanted.diskMb) return false;
  return wanted.bandwidthMb === null || found.bandwidthMb === wanted.bandwidthMb;
}

function words({ diskMb, bandwidthMb }: ServiceUsage): string {
  return `${diskMb} MB stored${bandwidthMb === null ? '' : `, ${bandwidthMb} MB of traffic`}`;
}

function assertNotBilledThere(product: string, billsOverages: boolean | undefined): void {
  if (billsOverages === false) return;
  throw conflict(
    billsOverages
      ? `WHMCS bills overages of "${product}" itself: figures written there would be charged a second time.`
      : `WHMCS does not list "${product}": whether it bills overages of it itself is not known.`,
    'Turn overage billing of the product off in WHMCS first.',
  );
}

function sizeUnknown(user: string): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `What ${user} stores is not known yet.`,
    hint: 'Refresh the cluster.',
  });
}

function tooLarge(): AppError {
  return invalidInput(
    `WHMCS keeps usage up to ${formatCounted(Number(mostMegabytes), 'MB', 'MB')}.`,
    'Bill this service by statements.',
  );
}

function notConfirmed(): AppError {
  return new AppError({
    code: 'WRITE_NOT_CONFIRMED',
    message: 'The figures were sent; read back, the service holds others.',
    hint: 'A server module of WHMCS may write them too: look at the product there.',
  });
}
