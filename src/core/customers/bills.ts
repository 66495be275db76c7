import type { z } from 'zod';
import type { Tariff } from '#shared/billing/charges.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import type { customerStatementInput } from '#shared/contract/tariffs.ts';
import { AppError } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { UserBounds } from '../store/snapshot/queries/limit-grid.ts';
import { makeStatement, type Statement } from '../usage/billing/statement.ts';
import { forUsers } from '../usage/billing/statement-register.ts';
import { TariffStore } from '../usage/billing/tariff-store.ts';
import { assertFinal } from '../usage/coverage/coverage-summary.ts';
import { type HourPeriod, hoursOf } from '../usage/coverage/report-period.ts';
import { type ClusterPart, joinStatements } from './customer-statement.ts';
import type { Customers } from './customers.ts';
import { type Evidence, findImplausible, readEvidence } from './implausible.ts';
import type { AcceptedLine } from './store/accepted-lines.ts';
import type { CustomerStore } from './store/customer-store.ts';

/** What the statement of a customer is asked for. */
export type CustomerStatementInput = z.output<typeof customerStatementInput>;
type Customer = CallOutput<'customers.get'>;

interface TariffName {
  /** Where it is looked for first. */
  connectionId?: string | undefined;
  tariffId: string;
  /** Left out: the newest. */
  version?: number | undefined;
}

/** What {@link CustomerBills} works with. */
export interface CustomerBillsOptions {
  store: CustomerStore;
  customers: Customers;
  clusters: Clusters;
  archives: Archives;
  connectionIds(): Promise<string[]>;
}

/** What was made for earlier customers of a run: theirs differ in users alone. */
export interface BillMemory {
  evidence: Map<string, Promise<Evidence>>;
  tariffs: Map<string, Promise<Tariff>>;
}

/** A memory for one run over many customers. */
export const newBillMemory = (): BillMemory => ({ evidence: new Map(), tariffs: new Map() });

/** Makes the statements of customers: all their users, on every cluster. */
export class CustomerBills {
  readonly #options: CustomerBillsOptions;

  constructor(options: CustomerBillsOptions) {
    this.#options = options;
  }

  /**
   * @param issuedBy the tariff of an issued statement, which it is made with again
   * @throws AppError `COVERAGE_INCOMPLETE` where `requireFinal` is not met, `NOT_FOUND`, `INPUT_INVALID`
   */
  async make(
    input: CustomerStatementInput,
    memory: BillMemory = newBillMemory(),
    issuedBy?: Pick<Tariff, 'tariffId' | 'version'>,
    known?: Customer,
  ): Promise<Statement> {
    const customer = known ?? (await this.#options.customers.get(input.customerId));
    const tariff = issuedBy
      ? await this.#find(customer, { ...input, ...issuedBy }, memory)
      : await this.tariffOf(customer, input, memory);
    const period = hoursOf(input);
    const usersOn = groupUsers(customer);
    if (usersOn.size === 0) throw noUsers(customer);
    const { customerId } = customer;
    const accepted = await this.#options.store.ask('acceptedLines', { customerId, ...period });
    const parts: ClusterPart[] = [];
    for (const [connectionId, userIds] of usersOn) {
      parts.push(await this.#part({ connectionId, userIds, tariff, period, memory, accepted }));
    }
    const unmapped = unmappedOf(customer);
    const of = { customer: facts(customer), unmapped, tariff, period };
    const statement = joinStatements(parts, of);
    if (input.requireFinal) {
      assertNotHeld(statement);
      assertFinal(statement.coverage, statement.reasons);
    }
    return statement;
  }

  /** Lets lines count that were held back. @throws AppError `INPUT_INVALID` for one that is not */
  async acceptHeld(input: ParsedInput<'statements.acceptHeld'>): Promise<Statement> {
    const { lines, reason, ...of } = input;
    const memory = newBillMemory();
    const { held = [] } = await this.make({ ...of, requireFinal: false }, memory);
    const open = held.filter(({ accepted }) => !accepted);
    const selected = lines ? lines.map((line) => findHeld(open, line)) : open;
    if (selected.length === 0) throw notHeld();
    await this.#options.store.ask('acceptLines', {
      ...{ customerId: of.customerId, ...hoursOf(of), reason, operator: operatorName() },
      lines: selected.map((line) => ({ ...line, quantity: line.quantity ?? '' })),
    });
    return this.make({ ...of, requireFinal: false }, memory);
  }

  /** The customer's own tariff, else that of its plan, else the one asked for. */
  async tariffOf(
    customer: Customer,
    {
      tariffId,
      version,
      connectionId,
    }: Pick<CustomerStatementInput, 'tariffId' | 'version' | 'connectionId'>,
    memory: BillMemory = newBillMemory(),
  ): Promise<Tariff> {
    const own = customer.tariffId ?? (await this.#tariffOfPlan(customer, tariffId));
    // the version asked for is one of the tariff asked for
    const known = tariffId === undefined || tariffId === own ? version : undefined;
    return this.#find(customer, { connectionId, tariffId: own, version: known }, memory);
  }

  #find(customer: Customer, of: TariffName, memory: BillMemory): Promise<Tariff> {
    const mapped = customer.users.map((user) => user.connectionId);
    const asked = of.connectionId === undefined ? [] : [of.connectionId];
    const first = [...new Set([...asked, ...mapped])];
    const key = [of.tariffId, of.version, ...first].join(' ');
    const finding = memory.tariffs.get(key) ?? this.#findOn(first, of);
    memory.tariffs.set(key, finding);
    return finding;
  }

  async #findOn(first: readonly string[], { tariffId, version }: TariffName): Promise<Tariff> {
    const { archives, connectionIds } = this.#options;
    for (const id of new Set([...first, ...(await connectionIds())])) {
      try {
        return await new TariffStore(await archives.get(id)).get(tariffId, version ?? null);
      } catch {
        // another cluster may have it
      }
    }
    throw new AppError({
      code: 'NOT_FOUND',
      message: 'No cluster has the tariff of this customer.',
      hint: 'Name another tariff, or set one for the customer or its plan.',
    });
  }

  async #tariffOfPlan({ customerId, name }: Customer, asked: string | undefined): Promise<string> {
    const tariffs = await this.#options.store.ask('tariffsOfPlans', { customerId });
    const [only = asked, second] = tariffs;
    if (only !== undefined && second === undefined) return only;
    throw new AppError({
      code: 'INPUT_INVALID',
      message:
        second === undefined
          ? `Neither "${name}" nor a plan of it has a tariff.`
          : `The plans of "${name}" have different tariffs.`,
      hint: 'Set a tariff for the customer, or name one for this statement.',
    });
  }

  async #part(of: {
    connectionId: string;
    userIds: string[];
    tariff: Tariff;
    period: HourPeriod;
    memory: BillMemory;
    accepted: readonly LineOnRecord[];
  }): Promise<ClusterPart> {
    const { connectionId, userIds, tariff, period, memory } = of;
    const key = [
      connectionId,
      tariff.tariffId,
      tariff.version,
      period.fromHour,
      period.toHour,
    ].join(' ');
    const making = memory.evidence.get(key) ?? this.#whole(connectionId, tariff, period);
    memory.evidence.set(key, making);
    const evidence = await making;
    const statement = forUsers(evidence.now, userIds);
    const { connection } = await this.#options.clusters.get(connectionId);
    const held = findImplausible(connectionId, evidence, userIds).map((line) => {
      const found = of.accepted.find((one) => isSameLine(one, line));
      if (!found || found.quantity !== line.quantity) return { ...line, accepted: null };
      const { by, at, reason } = found;
      return { ...line, accepted: { by, at, reason } };
    });
    return { connectionId, name: connection.name, statement, held };
  }

  /** Everybody's statement of the period and of the one before it, which tells what is plausible. */
  async #whole(connectionId: string, tariff: Tariff, period: HourPeriod): Promise<Evidence> {
    const archive = await this.#options.archives.get(connectionId);
    const { fromHour, toHour } = period;
    const earlier = { fromHour: 2 * fromHour - toHour, toHour: fromHour };
    const now = await makeStatement(archive, tariff, period, null);
    const before = await makeStatement(archive, tariff, earlier, null);
    const bounds = await this.#bounds(connectionId);
    return readEvidence(archive, { now, before }, bounds, period);
  }

  /** Limits and quotas only tell what is plausible: a cluster that can't be read stops no bill. */
  async #bounds(connectionId: string): Promise<ReadonlyMap<string, UserBounds>> {
    try {
      const cluster = await this.#options.clusters.get(connectionId);
      return await (await cluster.snapshot()).ask('userBounds');
    } catch {
      return new Map();
    }
  }
}

type LineOnRecord = AcceptedLine & { reason: string; by: string; at: string };
type LineName = Pick<AcceptedLine, 'connectionId' | 'userId' | 'item'>;

function isSameLine(one: LineName, other: LineName): boolean {
  return (
    one.connectionId === other.connectionId &&
    one.userId === other.userId &&
    one.item === other.item
  );
}

function findHeld<Line extends LineName>(held: readonly Line[], line: LineName): Line {
  const found = held.find((one) => isSameLine(one, line));
  if (!found) throw notHeld();
  return found;
}

/** Where nothing but lines that were held back is in the way, somebody has to look at them. */
function assertNotHeld({ held = [], reasons }: Statement): void {
  const open = held.filter(({ accepted }) => !accepted);
  if (open.length === 0 || open.length < reasons.length) return;
  throw new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `Held back: ${reasons.join(' ')}`,
    hint: 'Make the statement of this customer, and accept the line with a reason if it is true.',
  });
}

function notHeld(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'No such line of this statement is held back.',
    hint: 'Make the statement again and take the lines from it.',
  });
}

/** A customer's users by cluster, each once, sorted. */
export function groupUsers({ users }: Pick<Customer, 'users'>): Map<string, string[]> {
  const groups = new Map<string, Set<string>>();
  for (const { connectionId, userId } of users) {
    groups.set(connectionId, (groups.get(connectionId) ?? new Set()).add(userId));
  }
  const sorted = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  return new Map(sorted.map(([id, userIds]) => [id, [...userIds].sort()]));
}

function facts(customer: Customer): NonNullable<Statement['customer']> {
  const { customerId, billingId, externalId, company, name, email, currency } = customer;
  return { customerId, billingId, externalId, name: company || name, email, currency };
}

const ended = new Set(['Terminated', 'Cancelled', 'Fraud']);

function unmappedOf({ serviceList, users }: Customer): string[] {
  if (users.some(({ serviceId }) => serviceId === null)) return [];
  const mapped = new Set(users.map(({ serviceId }) => serviceId));
  return serviceList
    .filter(({ serviceId, status, gone }) => !gone && !ended.has(status) && !mapped.has(serviceId))
    .map(({ productName, externalId }) => `"${productName}" (service ${externalId}) has no user.`);
}

function noUsers({ name }: Customer): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `"${name}" has no users: there is nothing to make a statement of.`,
    hint: "Map the customer's users on its page first.",
  });
}
