import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Statement } from '../usage/billing/statement.ts';
import { sharedWords } from './customer-statement.ts';
import type { HandedUser } from './handed-over.ts';

type Customer = CallOutput<'customers.get'>;

/** Users that other customers have too, in words. */
export function sharedOn(connectionId: string, { users }: Customer): string[] {
  return users.flatMap((user) =>
    user.connectionId === connectionId && user.alsoOf.length > 0
      ? [sharedWords(user.email || user.userId, user.alsoOf.length)]
      : [],
  );
}

/** A customer's users without those that others have in all of the period, and with those in question. */
export function usersByCluster({ users }: Customer, handed: readonly HandedUser[]) {
  const [here, elsewhere] = [true, false].map((isHere) =>
    handed.filter(({ counts, held }) => (counts || held !== null) === isHere),
  );
  const isElsewhere = (user: Customer['users'][number]): boolean =>
    !!elsewhere?.some(
      ({ connectionId, userId }) => connectionId === user.connectionId && userId === user.userId,
    );
  const others = users.filter((user) => !isElsewhere(user));
  return groupUsers({ users: [...others, ...(here ?? [])] });
}

/** A customer's users by cluster, each once, sorted. */
export function groupUsers({
  users,
}: {
  users: readonly Pick<Customer['users'][number], 'connectionId' | 'userId'>[];
}): Map<string, string[]> {
  const groups = new Map<string, Set<string>>();
  for (const { connectionId, userId } of users) {
    groups.set(connectionId, (groups.get(connectionId) ?? new Set()).add(userId));
  }
  const sorted = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  return new Map(sorted.map(([id, userIds]) => [id, [...userIds].sort()]));
}

export function facts(customer: Customer): NonNullable<Statement['customer']> {
  const { customerId, billingId, externalId, company, name, email, currency } = customer;
  return { customerId, billingId, externalId, name: company || name, email, currency };
}

const ended = new Set(['Terminated', 'Cancelled', 'Fraud']);

export function unmappedOf({ serviceList, users }: Customer): string[] {
  if (users.some(({ serviceId }) => serviceId === null)) return [];
  const mapped = new Set(users.map(({ serviceId }) => serviceId));
  return serviceList
    .filter(({ serviceId, status, gone }) => !gone && !ended.has(status) && !mapped.has(serviceId))
    .map(({ productName, externalId }) => `"${productName}" (service ${externalId}) has no user.`);
}

export function noUsers({ name }: Customer): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `"${name}" has no users: there is nothing to make a statement of.`,
    hint: "Map the customer's users on its page first.",
  });
}
