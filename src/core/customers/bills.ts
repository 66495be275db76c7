import type { z } from 'zod';
import type { Tariff } from '#shared/billing/charges.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import type { customerStatementInput } from '#shared/contract/tariffs.ts';
import { notFound } from '#shared/errors.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { ClusterWork } from '../clusters/archives.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { UserBounds } from '../store/snapshot/queries/limit-grid.ts';
import { chargeHours } from '../usage/billing/charge-hours.ts';
import { readOverlaps, stateOverlaps } from '../usage/billing/overlaps.ts';
import {
  makeStatement,
  readTraffic,
  readUserSizes,
  type Statement,
} from '../usage/billing/statement.ts';
import { TariffStore } from '../usage/billing/tariff-store.ts';
import { assertFinal } from '../usage/coverage/coverage-summary.ts';
import { type HourPeriod, hoursOf } from '../usage/coverage/report-period.ts';
import {
  clustersOfNone,
  facts,
  hadOne,
  hadUsers,
  noUsers,
  owesNothing,
  sharedOn,
  unmappedOf,
  usersByCluster,
} from './billed-users.ts';
import { type ClusterPart, joinStatements } from './customer-statement.ts';
import { unknownCustomer } from './customers.ts';
import { feesFrom, readStarts } from './fees-from.ts';
import { decideHanded, type HandedUser } from './handed-over.ts';
import {
  assertNotHeld,
  assertNotShared,
  findHeld,
  type HeldLine,
  type HeldOpen,
  isSameLine,
  noSuchLine,
} from './held-lines.ts';
import {
  type Evidence,
  evidenceOf,
  findImplausible,
  type Readings,
  readEvidenceIn,
  readPeaks,
} from './implausible.ts';
import { selectTariff } from './select-tariff.ts';
import type { AcceptedOnRecord } from './store/accepted-lines.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import type { CustomerStore } from './store/customer-store.ts';

/** The input of a customer's statement. */
export type CustomerStatementInput = z.output<typeof customerStatementInput>;
type Customer = CallOutput<'customers.get'>;

interface TariffName {
  /** The cluster to search first. */
  connectionId?: string | undefined;
  tariffId: string;
  /** Left out: the newest. */
  version?: number | undefined;
}

export interface CustomerBillsOptions extends Pick<ClusterWork, 'clusters' | 'archives'> {
  store: CustomerStore;
  connectionIds(): Promise<string[]>;
}

/** The tariff that a statement is made with; `issued`: the one that is made again. */
type IssuedBy = Pick<Tariff, 'tariffId' | 'version'> & { issued?: Statement; reason?: string };

/** Values shared by the customers of a run, whose statements differ only in users. */
export interface BillMemory {
  /** By cluster, tariff and period. */
  evidence: Map<string, Promise<Evidence>>;
  /** By cluster and period. */
  readings: Map<string, Promise<Readings>>;
  tariffs: Map<string, Promise<Tariff>>;
}

/** A memory for one run over many customers. */
export const newBillMemory = (): BillMemory => ({
  evidence: new Map(),
  readings: new Map(),
  tariffs: new Map(),
});

/** Makes the statements of customers: all their users, on every cluster. */
export class CustomerBills {
  readonly #options: CustomerBillsOptions;

  constructor(options: CustomerBillsOptions) {
    this.#options = options;
  }

  /** Reads the sources of customers' statements, all at once; null for a missing customer. */
  read(
    inputs: readonly Pick<CustomerStatementInput, 'customerId' | 'from' | 'to'>[],
  ): Promise<(BilledCustomer | null)[]> {
    const places = inputs.map((input) => ({ customerId: input.customerId, ...hoursOf(input) }));
    return this.#options.store.ask('billedCustomers', places);
  }

  /**
   * @param issuedBy what it is made with again
   * @param known what was read of the customer before
   * @throws AppError `COVERAGE_INCOMPLETE` where `requireFinal` is not met, `NOT_FOUND`, `INPUT_INVALID`
   */
  async make(
    input: CustomerStatementInput,
    memory: BillMemory = newBillMemory(),
    issuedBy?: IssuedBy,
    known?: BilledCustomer,
  ): Promise<Statement> {
    const [billed = known] = known ? [] : await this.read([input]);
    if (!billed) throw unknownCustomer();
    const { customer, accepted } = billed;
    const { tariff, reason } = issuedBy
      ? {
          tariff: await this.#find(customer, { ...input, ...issuedBy }, memory),
          reason: issuedBy.reason ?? issuedBy.issued?.tariffReason,
        }
      : await this.tariffOf(billed, input, memory);
    const period = hoursOf(input);
    const handed = decideHanded(billed, issuedBy?.issued);
    const usersOn = usersByCluster(customer, handed);
    if (usersOn.size === 0) {
      const clusters = clustersOfNone(issuedBy?.issued);
      if (!clusters) throw noUsers(customer);
      for (const { connectionId } of clusters) usersOn.set(connectionId, []);
    }
    const parts: ClusterPart[] = [];
    for (const [connectionId, userIds] of usersOn) {
      const there = handed.filter((user) => user.connectionId === connectionId);
      const part = {
        customer,
        connectionId,
        userIds,
        tariff,
        period,
        memory,
        accepted,
        handed: there,
      };
      parts.push({ ...(await this.#part(part)), shared: sharedOn(connectionId, customer) });
    }
    const isNone = parts.every(({ isOwed }) => !isOwed);
    if (isNone && !issuedBy?.issued) throw owesNothing(customer);
    const unmapped = [...unmappedOf(customer), ...handed.flatMap(({ note }) => note ?? [])];
    const of = { customer: facts(customer), unmapped, tariff, reason, period, isNone };
    const statement = joinStatements(parts, of);
    if (input.requireFinal) {
      assertNotShared(parts, statement);
      assertNotHeld(statement);
      assertFinal(statement.coverage, statement.reasons);
    }
    return statement;
  }

  /** Accepts held-back lines. @throws AppError `INPUT_INVALID` for one that is not */
  acceptHeld(input: ParsedInput<'statements.acceptHeld'>): Promise<Statement> {
    return this.#decide('acceptLines', input, ({ accepted }) => !accepted);
  }

  /** Holds accepted lines back again. @throws AppError `INPUT_INVALID` for one that is not accepted */
  withdrawHeld(input: ParsedInput<'statements.withdrawHeld'>): Promise<Statement> {
    return this.#decide('withdrawLines', input, ({ accepted }) => !!accepted);
  }

  async #decide(
    decision: 'acceptLines' | 'withdrawLines',
    { lines, reason, ...of }: ParsedInput<'statements.acceptHeld'>,
    isOpen: (line: HeldLine) => boolean,
  ): Promise<Statement> {
    const memory = newBillMemory();
    const { held = [] } = await this.make({ ...of, requireFinal: false }, memory);
    const open = held.filter(isOpen);
    const selected = lines ? lines.map((line) => findHeld(open, line)) : open;
    if (selected.length === 0) throw noSuchLine();
    await this.#options.store.ask(decision, {
      ...{ customerId: of.customerId, ...hoursOf(of), reason, operator: operatorName() },
      at: new Date().toISOString(),
      lines: selected.map((line) => ({ ...line, quantity: line.quantity ?? '' })),
    });
    return this.make({ ...of, requireFinal: false }, memory);
  }

  /** The customer's tariff, and the reason for it. */
  async tariffOf(
    billed: BilledCustomer,
    input: Omit<CustomerStatementInput, 'requireFinal'>,
    memory: BillMemory,
  ): Promise<{ tariff: Tariff; reason: string }> {
    const { tariffId, version, connectionId } = input;
    const { tariffId: own, reason } = await this.#selected(billed, input);
    // the version asked for is one of the tariff asked for
    const known = tariffId === undefined || tariffId === own ? version : undefined;
    const of = { connectionId, tariffId: own, version: known };
    return { tariff: await this.#find(billed.customer, of, memory), reason };
  }

  /** A customer who owes nothing for the period needs no tariff. */
  async #selected(
    billed: BilledCustomer,
    input: Pick<CustomerStatementInput, 'tariffId' | 'from' | 'to'>,
  ) {
    try {
      return selectTariff(billed, input.tariffId);
    } catch (thrown) {
      const { archives } = this.#options;
      if (await hadUsers(archives, billed.customer, hoursOf(input))) throw thrown;
      throw owesNothing(billed.customer);
    }
  }

  /** The newest version of a tariff, of this cluster or another. @throws AppError `NOT_FOUND` */
  newestTariff(connectionId: string, tariffId: string): Promise<Tariff> {
    return this.#findOn([connectionId], { tariffId });
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
    throw notFound(
      'No cluster has the tariff of this customer.',
      'Name another tariff, or set one for the customer or its plan.',
    );
  }

  async #part(of: {
    customer: Customer;
    connectionId: string;
    userIds: string[];
    tariff: Tariff;
    period: HourPeriod;
    memory: BillMemory;
    accepted: readonly AcceptedOnRecord[];
    handed: readonly HandedUser[];
  }): Promise<Omit<ClusterPart, 'shared'>> {
    const { connectionId, tariff, period, memory, handed } = of;
    const key = [
      connectionId,
      tariff.tariffId,
      tariff.version,
      period.fromHour,
      period.toHour,
    ].join(' ');
    const making = memory.evidence.get(key) ?? this.#whole(connectionId, tariff, period, memory);
    const evidence = await kept(memory.evidence, key, making);
    const byId = new Map(handed.map((user) => [user.userId, user]));
    const userIds = of.userIds.filter((userId) => byId.get(userId)?.counts !== false);
    const whole = userIds.filter((userId) => !byId.get(userId)?.hours);
    const users = whole.flatMap((userId) => evidence.users.get(userId) ?? []);
    const overlaps = stateOverlaps(evidence.overlaps, whole);
    const lines = handed.flatMap(({ held }): HeldOpen[] => (held ? [held] : []));
    lines.push(...findImplausible(connectionId, evidence, users));
    for (const userId of userIds) {
      const hours = byId.get(userId)?.hours;
      if (!hours || !evidence.users.has(userId)) continue;
      const part = await this.#inHours(connectionId, of, evidence, { userId, hours });
      users.push(...part.users);
      overlaps.push(...part.overlaps);
      lines.push(...part.implausible);
    }
    const statement = { ...evidence.now, users, overlaps };
    const { connection } = await this.#options.clusters.get(connectionId);
    const held = lines.map((line) => {
      const found = of.accepted.find((one) => isSameLine(one, line));
      if (!found || found.quantity !== line.quantity) return { ...line, accepted: null };
      const { by, at, reason } = found;
      return { ...line, accepted: { by, at, reason } };
    });
    const archive = await this.#options.archives.get(connectionId);
    const owners = of.userIds.filter((userId) => !byId.get(userId)?.isOut);
    const isOwed = users.length > 0 || (await hadOne(archive, owners, period));
    const owing = { ...of, userIds, handed: byId, evidence };
    const fees = await feesFrom(archive, owing);
    return { connectionId, name: connection.name, statement, held, isOwed, fees };
  }

  /** Charges a user for the customer's hours only; nothing if there was no usage in them. */
  async #inHours(
    connectionId: string,
    { tariff, period }: { tariff: Tariff; period: HourPeriod },
    evidence: Evidence,
    user: { userId: string; hours: HourPeriod[] },
  ) {
    const archive = await this.#options.archives.get(connectionId);
    const sizes = evidence.stored;
    const charged = await chargeHours(archive, { tariff, period, sizes }, user);
    const users = charged.lines.length > 0 ? [charged] : [];
    const bounds = await Promise.all(user.hours.map((hours) => readOverlaps(archive, hours)));
    const own = await readEvidenceIn(archive, evidence, period, user);
    return {
      users,
      overlaps: stateOverlaps(bounds.flat(), [user.userId]),
      implausible: findImplausible(connectionId, own, users),
    };
  }

  /** The statement of all users, and what is needed to judge its lines. */
  async #whole(
    connectionId: string,
    tariff: Tariff,
    period: HourPeriod,
    memory: BillMemory,
  ): Promise<Evidence> {
    const archive = await this.#options.archives.get(connectionId);
    const key = [connectionId, period.fromHour, period.toHour].join(' ');
    const reading = memory.readings.get(key) ?? this.#read(archive, connectionId, period);
    const readings = await kept(memory.readings, key, reading);
    const now = await makeStatement(archive, tariff, period, null, readings.stored);
    const open = now.users.flatMap(({ userId }) =>
      readings.listedBefore.has(userId) ? [] : [userId],
    );
    return evidenceOf(now, readings, await readStarts(archive, tariff, period, open));
  }

  async #read(archive: Archive, connectionId: string, period: HourPeriod): Promise<Readings> {
    const { fromHour, toHour } = period;
    const stored = await readUserSizes(archive, period);
    const earlier = { fromHour: 2 * fromHour - toHour, toHour: fromHour };
    const before = await readTraffic(archive, earlier);
    const bounds = await this.#bounds(connectionId);
    const overlaps = await readOverlaps(archive, period);
    return readPeaks(archive, { stored, overlaps, before, bounds }, period);
  }

  /** Limits and quotas are only used to judge figures: a cluster that can't be read blocks no bill. */
  async #bounds(connectionId: string): Promise<ReadonlyMap<string, UserBounds>> {
    try {
      const cluster = await this.#options.clusters.get(connectionId);
      return await (await cluster.snapshot()).ask('userBounds');
    } catch {
      return new Map();
    }
  }
}

/** Caches a reading for later callers; a failed one is repeated. */
async function kept<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  reading: Promise<Value>,
): Promise<Value> {
  memory.set(key, reading);
  try {
    return await reading;
  } catch (thrown) {
    memory.delete(key);
    throw thrown;
  }
}
