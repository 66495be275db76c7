import type { z } from 'zod';
import type { charges } from '#shared/contract/charged-elsewhere.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
import { baseFeeOf } from './store/charged-twice.ts';
import type { CustomerStore } from './store/customer-store.ts';

type Charges = z.output<typeof charges>;
type Elsewhere = CallOutput<'statements.chargedElsewhere'>;
type ByUser = Elsewhere['byUser'][number];

export interface ChargedElsewhereOptions {
  store: CustomerStore;
  archives: Archives;
}

/** Returns what a customer's statement charges for, as far as it may be charged elsewhere too. */
export function chargesOf(statement: Statement): Charges[] {
  const { customer, currency, minorDigits, users } = statement;
  if (!customer) return [];
  const { customerId, name: customerName } = customer;
  return [
    {
      ...{ customerId, customerName, currency, minorDigits },
      baseFee: toWireInteger(baseFeeOf(statement)),
      users: users.flatMap(({ connectionId, userId }) =>
        connectionId === undefined ? [] : [{ connectionId, userId }],
      ),
    },
  ];
}

/**
 * Finds what customers would pay for twice: a base fee and the recurring amount of a service, and
 * usage that a statement by user bills already.
 */
export async function findElsewhere(
  { store, archives }: ChargedElsewhereOptions,
  all: readonly Charges[],
  period: HourPeriod,
): Promise<Elsewhere> {
  const payers = all.map(({ users: _, ...payer }) => payer);
  const twice = await store.ask('chargedTwice', payers);
  const clusters = new Map<string, Map<string, Charges[]>>();
  for (const one of all) {
    for (const { connectionId, userId } of one.users) {
      const users = clusters.get(connectionId) ?? new Map<string, Charges[]>();
      users.set(userId, [...(users.get(userId) ?? []), one]);
      clusters.set(connectionId, users);
    }
  }
  const byUser: ByUser[] = [];
  for (const [connectionId, users] of clusters) {
    const archive = await archives.get(connectionId);
    for (const { userIds, ...issued } of await archive.read('issuedUsers', period)) {
      const customers = new Map<string, ByUser['customers'][number]>();
      for (const { customerId, customerName } of userIds.flatMap((id) => users.get(id) ?? [])) {
        customers.set(customerId, { customerId, customerName });
      }
      if (customers.size === 0) continue;
      byUser.push({ connectionId, ...issued, customers: [...customers.values()] });
    }
  }
  return { twice, byUser };
}
