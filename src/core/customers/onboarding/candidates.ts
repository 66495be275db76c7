import type { ParsedInput } from '#shared/contract/index.ts';
import { type AppError, invalidInput } from '#shared/errors.ts';
import { withoutInvisible } from '#shared/plain-text.ts';
import { toWireInteger } from '#shared/units.ts';
import { type CsvRecord, parseCsv } from '../../changes/bulk/csv.ts';
import { changesOf, columnNamed } from '../../changes/bulk/table-columns.ts';
import { sha256 } from '../../store/archive/file/encodings.ts';
import type { BillingConnections } from '../billing-connections.ts';
import type { Customers } from '../customers.ts';
import { refuseAmbiguous } from '../plan-products.ts';
import type { BillingOrder } from '../port/billing-system.ts';
import type { CustomerStore } from '../store/customer-store.ts';
import type { OnboardableService } from '../store/onboardable.ts';
import type { WantedRow } from '../store/onboarding.ts';

type Source = ParsedInput<'onboarding.prepare'>['source'];

/** What a source says of a new user, before plan, cluster and gateway were asked. */
export interface Candidate
  extends Pick<
    WantedRow,
    'line' | 'email' | 'customerId' | 'customerName' | 'serviceId' | 'productName' | 'problem'
  > {
  /** What the service is of. */
  product: { billingId: string; productId: string } | null;
  /** Named by the line of a table; looked for by name. */
  plan: string | null;
  cluster: string | null;
  accountName: string | null;
  quotaGb: string | null;
  limits: WantedRow['limits'];
}

export interface CandidateParts {
  store: CustomerStore;
  billing: BillingConnections;
  customers: Customers;
}

const nothingNamed = {
  line: null,
  plan: null,
  cluster: null,
  accountName: null,
  quotaGb: null,
  limits: null,
  problem: null,
};

const hasUser = {
  own: {
    message: 'The service has a user already.',
    hint: "Look at the customer's page; unmap the user there if it is another one's.",
  },
  'of-customer': {
    message: 'A user is mapped to the customer as a whole, and so to this service too.',
    hint: "Map that user to its own service on the customer's page, then preview again.",
  },
};

function ofService(service: OnboardableService): Candidate {
  const { email, customerId, customerName, serviceId, billingId, productId, productName } = service;
  return {
    ...nothingNamed,
    ...{ email, customerId, customerName, serviceId, productName },
    product: { billingId, productId },
    problem: service.user && hasUser[service.user],
  };
}

/**
 * Returns whom a source names, in its order.
 * @throws AppError `BILLING_UNSUPPORTED`, `INPUT_INVALID`, `TARGET_AMBIGUOUS`
 */
export async function candidatesOf(
  source: Source,
  parts: CandidateParts,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  if (source.from === 'csv') return ofTable(source, parts);
  if (source.from === 'orders') return ofOrders(source.billingId, parts, signal);
  const { from: _from, ...query } = source;
  const { billingId, productIds } = query;
  if (productIds && billingId === undefined) await refuseAmbiguous(productIds, parts.store);
  return (await parts.store.ask('onboardableServices', query)).map(ofService);
}

/** A digest of what a preview rests on of the services it found. */
export const servicesDigest = (candidates: readonly Candidate[]): string =>
  sha256(JSON.stringify(candidates));

/** Returns the digest of the same services as they are by now; nothing is asked of the billing system. */
export async function servicesDigestNow(
  source: Exclude<Source, { from: 'csv' }>,
  serviceIds: string[],
  parts: CandidateParts,
): Promise<string> {
  if (source.from === 'services') return servicesDigest(await candidatesOf(source, parts));
  const services = await parts.store.ask('onboardableServices', { serviceIds });
  return servicesDigest(services.map(ofService));
}

/** Services of pending orders; those newer than the last refresh are read first. */
async function ofOrders(
  billingId: string,
  { store, billing, customers }: CandidateParts,
  signal?: AbortSignal,
): Promise<Candidate[]> {
  const system = await billing.open(billingId);
  const options = signal ? { signal } : {};
  const orders = await system.pendingOrders(options).finally(() => system.close());
  const externalIds = [...new Set(orders.flatMap(({ serviceIds }) => serviceIds))];
  const find = () => store.ask('onboardableServices', { billingId, externalIds });
  let services = await find();
  if (services.length < externalIds.length) {
    await customers.refresh(billingId, signal);
    services = await find();
  }
  return services.map(ofService);
}

/**
 * Returns the pending order of each service that waits for one, by service id. What can't be read says
 * nothing: the preview does without.
 */
export async function ordersOf(
  candidates: readonly Candidate[],
  { store, billing }: Pick<CandidateParts, 'store' | 'billing'>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, NonNullable<WantedRow['order']>>> {
  const serviceIds = candidates.flatMap(({ serviceId }) => serviceId ?? []);
  const services = await store.ask('onboardableServices', { serviceIds });
  const pending = services.filter(({ status }) => status === 'Pending');
  const found = new Map<string, NonNullable<WantedRow['order']>>();
  for (const [billingId, waiting] of Map.groupBy(pending, (service) => service.billingId)) {
    const byExternalId = new Map(waiting.map((one) => [one.externalId, one.serviceId]));
    const orders = await readOrders(billing, billingId, signal);
    for (const { serviceIds: ordered, externalId, number, payment } of orders) {
      for (const id of ordered) {
        const serviceId = byExternalId.get(id);
        if (serviceId) found.set(serviceId, { billingId, externalId, number, payment });
      }
    }
  }
  return found;
}

/** The pending orders of a billing system; none where it has none, or they can't be read. */
async function readOrders(
  billing: BillingConnections,
  billingId: string,
  signal?: AbortSignal,
): Promise<BillingOrder[]> {
  try {
    const system = await billing.open(billingId);
    const orders = system.capabilities.has('orders')
      ? system.pendingOrders(signal ? { signal } : {})
      : Promise.resolve([]);
    return await orders.finally(() => system.close());
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}

const headings: Record<string, string> = {
  customer: 'customer_id',
  client: 'customer_id',
  client_id: 'customer_id',
  customer_id: 'customer_id',
  service: 'service_id',
  service_id: 'service_id',
  plan: 'plan',
  service_plan: 'plan',
  cluster: 'cluster',
  connection: 'cluster',
  account: 'account',
  account_name: 'account',
};

function headingNamed(heading: string): string | null {
  const plain = withoutInvisible(heading)
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return headings[plain] ?? columnNamed(heading);
}

type Cells = ReadonlyMap<string, string>;
interface Line {
  line: number;
  cells: Cells;
}

function readTable(text: string): Line[] {
  const records = parseCsv(text);
  if (!Array.isArray(records)) {
    throw invalidTable(`line ${records.line}, cell ${records.column}: ${records.message}`);
  }
  const [head, ...body] = records;
  const columns = (head?.cells ?? []).map(headingNamed);
  if (!['email', 'customer_id', 'service_id'].some((name) => columns.includes(name))) {
    throw invalidTable("the first line has to name 'email', 'customer id' or 'service id'.");
  }
  const twice = columns.find((name, at) => name !== null && columns.indexOf(name) !== at);
  if (twice) throw invalidTable(`the column '${twice}' appears twice.`);
  return body.map(({ line, cells }: CsvRecord) => ({
    line,
    cells: new Map(
      columns.flatMap((name, at) => (name === null ? [] : [[name, cells[at] ?? ''] as const])),
    ),
  }));
}

function invalidTable(finding: string): AppError {
  return invalidInput(
    `The table cannot be read: ${finding}`,
    'Correct the table and prepare it once more; nothing was sent.',
  );
}

const cellOf = (cells: Cells, name: string): string | null =>
  withoutInvisible(cells.get(name) ?? '') || null;

async function ofTable(
  { text, billingId }: Extract<Source, { from: 'csv' }>,
  { store }: CandidateParts,
): Promise<Candidate[]> {
  const lines = readTable(text);
  const named = (column: string): string[] =>
    lines.flatMap(({ cells }) => cellOf(cells, column) ?? []);
  const [services, customers] = await Promise.all([
    store.ask('onboardableServices', { billingId, externalIds: named('service_id') }),
    store.ask('customersByExternalId', { billingId, externalIds: named('customer_id') }),
  ]);
  const serviceById = Map.groupBy(services, ({ externalId }) => externalId);
  const customerById = Map.groupBy(customers, ({ externalId }) => externalId);
  return lines.map((line) => ofLine(line, serviceById, customerById));
}

type ById<Found> = ReadonlyMap<string, readonly Found[]>;
type NamedCustomer = { customerId: string; customerName: string; email: string };

function ofLine(
  { line, cells }: Line,
  services: ById<OnboardableService>,
  customers: ById<NamedCustomer>,
): Candidate {
  const [serviceId, customerId] = [cellOf(cells, 'service_id'), cellOf(cells, 'customer_id')];
  const service = serviceId === null ? null : onlyOne(services, serviceId);
  const customer = customerId === null ? null : onlyOne(customers, customerId);
  const { changes, errors } = changesOf(cells);
  const quota = changes.find((change) => change.change === 'setQuota');
  const limits = changes.find((change) => change.change === 'setLimits');
  const base = service ? ofService(service) : null;
  const problem =
    errors[0] !== undefined
      ? wrong(`${errors[0].column}: ${errors[0].message}`)
      : (notOne('service', serviceId, services) ??
        notOne('customer', customerId, customers) ??
        (service && customer && service.customerId !== customer.customerId
          ? wrong(`Service ${serviceId} is another customer's than ${customerId}.`)
          : null));
  return {
    ...nothingNamed,
    line,
    email: cellOf(cells, 'email') ?? service?.email ?? customer?.email ?? '',
    customerId: service?.customerId ?? customer?.customerId ?? null,
    customerName: service?.customerName ?? customer?.customerName ?? null,
    serviceId: base?.serviceId ?? null,
    product: base?.product ?? null,
    productName: base?.productName ?? null,
    plan: cellOf(cells, 'plan'),
    cluster: cellOf(cells, 'cluster'),
    accountName: cellOf(cells, 'account'),
    quotaGb: quota ? String(toWireInteger(quota.sizeGb)) : null,
    limits: limits?.limits ?? null,
    problem: problem ?? base?.problem ?? null,
  };
}

const onlyOne = <Found>(found: ById<Found>, id: string): Found | null => {
  const [only = null, second] = found.get(id) ?? [];
  return second === undefined ? only : null;
};

const wrong = (message: string): NonNullable<Candidate['problem']> => ({
  message,
  hint: 'Correct the line of the table and prepare it once more.',
});

function notOne(
  what: string,
  id: string | null,
  found: ById<unknown>,
): NonNullable<Candidate['problem']> | null {
  if (id === null) return null;
  const count = found.get(id)?.length ?? 0;
  if (count === 1) return null;
  if (count === 0) return wrong(`No billing system lists a ${what} ${id}.`);
  return wrong(`Several billing systems list a ${what} ${id}: name the one that is meant.`);
}
