import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, toAppError } from '#shared/errors.ts';
import type { Archives } from '../clusters/archives.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { Statement } from '../usage/billing/statement.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
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

/** A customer's users, without those that others have for the whole period, and with undecided ones. */
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

/**
 * Returns the clusters that a statement rests on which comes to nothing: one whose users others have, as
 * what nobody has stays in it. One without users that has fees is kept.
 */
export function clustersOfNone(issued?: Statement): Statement['clusters'] {
  const { users = [], fees = [], clusters } = issued ?? {};
  return users.length > 0 || fees.length === 0 ? clusters : undefined;
}

/** Whether any of these users existed before a period ended. */
export async function hadOne(
  archive: Pick<Archive, 'read'>,
  userIds: readonly string[],
  { toHour }: HourPeriod,
): Promise<boolean> {
  const later = await archive.read('userStarts', { at: toHour * 3_600_000, userIds });
  return later.length < userIds.length;
}

/** Whether a customer has no user, or one that existed before a period ended. */
export async function hadUsers(
  archives: Archives,
  customer: Customer,
  period: HourPeriod,
): Promise<boolean> {
  const usersOn = [...groupUsers(customer)];
  const had = usersOn.map(async ([connectionId, userIds]) =>
    hadOne(await archives.get(connectionId), userIds, period),
  );
  return had.length === 0 || (await Promise.all(had)).includes(true);
}

/** The month's run leaves such a customer out, see {@link isOwingNothing}. */
export function owesNothing({ name, company }: Customer): AppError {
  return new AppError({
    code: 'COVERAGE_INCOMPLETE',
    message: `All users of "${company || name}" were created after this period: it owes nothing for it.`,
    hint: 'Make the statement of a period in which it has a user.',
    details: { owesNothing: true },
  });
}

export const isOwingNothing = (thrown: unknown): boolean =>
  toAppError(thrown).details?.owesNothing === true;
