import { hourToIso } from '#shared/billing/charges.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { operatorName } from '../changes/journal/journal.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { EventBus } from '../platform/events.ts';
import { hoursOf } from '../usage/coverage/report-period.ts';
import type { CustomerBills } from './bills.ts';
import type { CustomerRegister } from './customer-register.ts';
import { userHours } from './customer-statement.ts';
import { type Customers, refuseMapping } from './customers.ts';
import type { BilledCustomer } from './store/billed-customers.ts';
import type { CustomerStore } from './store/customer-store.ts';
import type { UserHours } from './store/issued-users.ts';
import type { BilledHours, Handover } from './store/mapping-writers.ts';

type Input = ParsedInput<'customers.handOver'>;
type Preview = CallOutput<'customers.previewHandover'>;
type Statement = CallOutput<'statements.make'>;
type Compared = Awaited<ReturnType<CustomerRegister['compareWith']>>[number];

export interface HandoversOptions {
  store: CustomerStore;
  customers: Customers;
  clusters: Clusters;
  bills: CustomerBills;
  register: CustomerRegister;
  events: EventBus;
}

/**
 * Gives a user to one customer from an hour on, and corrects the issued statements that had it for
 * other hours: each hour is billed to one customer.
 */
export class Handovers {
  readonly #options: HandoversOptions;

  constructor(options: HandoversOptions) {
    this.#options = options;
  }

  /** Says what a handover would change. Nothing is written. */
  async preview(input: ParsedInput<'customers.previewHandover'>): Promise<Preview> {
    const { store, bills, customers } = this.#options;
    await customers.get(input.customerId);
    const { statement: wanted } = input;
    const { handover, own, before, changes } = await this.#changes(input);
    const [billed] = wanted
      ? await store.ask('billedAfter', {
          ...{ handover, places: [{ customerId: wanted.customerId, ...hoursOf(wanted) }] },
        })
      : [];
    const statement =
      wanted && billed
        ? await bills
            .make({ ...wanted, requireFinal: false }, undefined, undefined, billed)
            .catch(() => null)
        : null;
    return {
      since: hourToIso(handover.sinceHour),
      own,
      before,
      corrections: changes.map(toCorrection),
      statement: statement && {
        state: statement.state,
        total: statement.total,
        currency: statement.currency,
        minorDigits: statement.minorDigits,
        amount: statement.users.find((user) => isUser(user, input))?.amount ?? 0,
      },
    };
  }

  /**
   * Hands a user over and issues the corrections. Ended in the middle, it is done again: what is
   * corrected by then stays.
   */
  async handOver(input: Input): Promise<CallOutput<'customers.handOver'>> {
    const { store, customers, clusters, register, events } = this.#options;
    const { customerId, connectionId } = input;
    await customers.get(customerId);
    await clusters.get(connectionId);
    await customers.syncClusters();
    const { handover, changes } = await this.#changes(input);
    refuseMapping(await store.ask('handOver', handover));
    const corrections: CallOutput<'statements.issue'>[] = [];
    try {
      for (const { issued } of changes) {
        corrections.push(await register.correct(issued.statementId));
      }
    } finally {
      events.emit('customers.changed', {});
    }
    return { customer: await customers.get(customerId), corrections };
  }

  /** The statements that change, those first that have fewer hours of the user afterwards. */
  async #changes(input: Input) {
    const { store, register } = this.#options;
    const { since, ...mapping } = input;
    const sinceHour = Math.floor(Date.parse(since) / hour);
    const { customerId, serviceId, connectionId, userId } = mapping;
    const user = { customerId, serviceId, connectionId, userId };
    const handover: Handover = { ...user, sinceHour, operator: operatorName(), at: Date.now() };
    const { own, before, issued, billed: had } = await store.ask('handoverFacts', user);
    const places = issued.map((one) => ({ customerId: one.customerId, ...hoursOf(one) }));
    const billed = await store.ask('billedAfter', { handover, places });
    const other = issued.flatMap(({ statementId, hours }, index) => {
      const known = billed[index];
      const place = places[index];
      if (!known || !place) return [];
      const after = hoursAfter(known, place, user);
      return after === null || after === hours ? [] : [{ statementId, known }];
    });
    const compared = await register.compareWith(other);
    const more = ({ before: was, after }: Compared): number =>
      lengthOf(after, user) - lengthOf(was, user);
    const changes = compared
      .filter((one) => one.difference.changed && more(one) !== 0 && isConcerned(one, handover, had))
      .sort((one, two) => more(one) - more(two));
    return { handover, own, before, changes };
  }
}

interface User {
  connectionId: string;
  userId: string;
}

function isUser(one: { connectionId?: string | undefined; userId: string }, other: User): boolean {
  return one.connectionId === other.connectionId && one.userId === other.userId;
}

/**
 * Whether a handover is the reason why a statement has other hours of the user. One that never had it
 * gains hours only from the handover on, or those that another customer was billed for: what else it
 * lacks is no matter of this handover.
 */
function isConcerned(
  { issued, before, after }: Compared,
  handover: Handover,
  had: readonly BilledHours[],
): boolean {
  const of = (statement: Statement) => userHours(statement).filter((one) => isUser(one, handover));
  if (of(before).length > 0) return true;
  return of(after).some(
    ({ fromHour, toHour }) =>
      (issued.customerId === handover.customerId && toHour > handover.sinceHour) ||
      had.some(
        (one) =>
          one.customerId !== issued.customerId && one.fromHour < toHour && one.toHour > fromHour,
      ),
  );
}

/**
 * The hours that a statement would have of a user, written as the register of issued ones has them; null
 * where it stays open whose they are.
 */
function hoursAfter(
  { customer, handedOver }: BilledCustomer,
  { fromHour, toHour }: Pick<UserHours, 'fromHour' | 'toHour'>,
  user: User,
): string | null {
  const handed = handedOver.find((one) => isUser(one, user));
  if (handed?.hours === null) return null;
  const isWhole = !handed && customer.users.some((one) => isUser(one, user));
  const hours = isWhole ? [{ fromHour, toHour }] : (handed?.hours ?? []);
  return hours.map((part) => `${part.fromHour}-${part.toHour}`).join(' ');
}

function lengthOf(statement: Statement, user: User): number {
  return userHours(statement)
    .filter((one) => isUser(one, user))
    .reduce((sum, { fromHour, toHour }) => sum + toHour - fromHour, 0);
}

function toCorrection({ issued, after, difference }: Compared): Preview['corrections'][number] {
  const { statementId, number, customerId = '', customerName = '', from, to } = issued;
  const { currency, minorDigits, total } = issued;
  return {
    ...{ statementId, number, customerId, customerName, from, to, currency, minorDigits },
    before: total,
    after: after.total ?? 0,
    words: difference.words,
  };
}
