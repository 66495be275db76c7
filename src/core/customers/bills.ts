import type { z } from 'zod';
import type { Tariff } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { customerStatementInput } from '#shared/contract/tariffs.ts';
import { AppError } from '#shared/errors.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { makeStatement, type Statement } from '../usage/billing/statement.ts';
import { forUsers } from '../usage/billing/statement-register.ts';
import { TariffStore } from '../usage/billing/tariff-store.ts';
import { assertFinal } from '../usage/coverage/coverage-summary.ts';
import { type HourPeriod, hoursOf } from '../usage/coverage/report-period.ts';
import { type ClusterPart, joinStatements } from './customer-statement.ts';
import type { Customers } from './customers.ts';
import { findImplausible } from './implausible.ts';
import type { CustomerStore } from './store/customer-store.ts';

/** What the statement of a customer is asked for. */
export type CustomerStatementInput = z.output<typeof customerStatementInput>;
type Customer = CallOutput<'customers.get'>;

/** What {@link CustomerBills} works with. */
export interface CustomerBillsOptions {
  store: CustomerStore;
  customers: Customers;
  clusters: Clusters;
  archives: Archives;
  connectionIds(): Promise<string[]>;
}

interface Whole {
  now: Statement;
  before: Statement;
  looks: number;
}

/** What was made for earlier customers of a run: theirs differ in users alone. */
export type BillMemory = Map<string, Promise<Whole>>;

const hour = 3_600_000;

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
    memory: BillMemory = new Map(),
    issuedBy?: Pick<Tariff, 'tariffId' | 'version'>,
  ): Promise<Statement> {
    const customer = await this.#options.customers.get(input.customerId);
    const { connectionId } = input;
    const tariff = issuedBy
      ? await this.#find(customer, connectionId, issuedBy.tariffId, issuedBy.version)
      : await this.tariffOf(customer, input);
    const period = hoursOf(input);
    const usersOn = groupUsers(customer);
    if (usersOn.size === 0) throw noUsers(customer);
    const parts: ClusterPart[] = [];
    for (const [connectionId, userIds] of usersOn) {
      parts.push(await this.#part({ connectionId, userIds, tariff, period, memory }));
    }
    const { acceptHeld } = input;
    const unmapped = unmappedOf(customer);
    const of = { customer: facts(customer), unmapped, acceptHeld, tariff, period };
    const statement = joinStatements(parts, of);
    if (input.requireFinal) assertFinal(statement.coverage, statement.reasons);
    return statement;
  }

  /** The customer's own tariff, else that of its plan, else the one asked for. */
  async tariffOf(
    customer: Customer,
    {
      tariffId,
      version,
      connectionId,
    }: Pick<CustomerStatementInput, 'tariffId' | 'version' | 'connectionId'>,
  ): Promise<Tariff> {
    const own = customer.tariffId ?? (await this.#tariffOfPlan(customer, tariffId));
    // the version asked for is one of the tariff asked for
    const known = tariffId === undefined || tariffId === own ? version : undefined;
    return this.#find(customer, connectionId, own, known);
  }

  async #find(
    customer: Customer,
    connectionId: string | undefined,
    tariffId: string,
    version: number | undefined,
  ): Promise<Tariff> {
    const { archives, connectionIds } = this.#options;
    const asked = connectionId === undefined ? [] : [connectionId];
    const mapped = customer.users.map((user) => user.connectionId);
    for (const id of new Set([...asked, ...mapped, ...(await connectionIds())])) {
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
  }): Promise<ClusterPart> {
    const { connectionId, userIds, tariff, period, memory } = of;
    const key = [
      connectionId,
      tariff.tariffId,
      tariff.version,
      period.fromHour,
      period.toHour,
    ].join(' ');
    const making = memory.get(key) ?? this.#whole(connectionId, tariff, period);
    memory.set(key, making);
    const { now, before, looks } = await making;
    const statement = forUsers(now, userIds);
    const { connection } = await this.#options.clusters.get(connectionId);
    const held = findImplausible(connectionId, statement, forUsers(before, userIds), looks);
    return { connectionId, name: connection.name, statement, held };
  }

  /** Everybody's statement of the period and of the one before it, which tells what is plausible. */
  async #whole(connectionId: string, tariff: Tariff, period: HourPeriod): Promise<Whole> {
    const archive = await this.#options.archives.get(connectionId);
    const { fromHour, toHour } = period;
    const earlier = { fromHour: 2 * fromHour - toHour, toHour: fromHour };
    const now = await makeStatement(archive, tariff, period, null);
    const before = await makeStatement(archive, tariff, earlier, null);
    const looks = await archive.read('sizeLooks', { from: fromHour * hour, to: toHour * hour });
    return { now, before, looks: looks.length };
  }
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
