import { isFree, type Tariff } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import type { Archive } from '../store/archive/archive.ts';
import { type PackedSizes, unpackUserSizes } from '../store/archive/queries/sizes.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
import type { HandedUser } from './handed-over.ts';

type Customer = Pick<CallOutput<'customers.get'>, 'users' | 'serviceList'>;

/** What was read at once of the users of a cluster that are charged in a period. */
interface KnownUsers {
  listedBefore: ReadonlySet<string>;
  users: ReadonlyMap<string, unknown>;
  /** See {@link readStarts}. */
  starts: ReadonlyMap<string, number>;
}

const dayHours = 24;

const hasFees = ({ prices }: Tariff): boolean =>
  prices.some(({ baseFee, minimum }) => !isFree(baseFee) || !isFree(minimum));

/** Returns who was listed before a period: no fee of theirs begins within it. */
export function listedBefore(sizes: PackedSizes, { fromHour }: HourPeriod): Set<string> {
  const earlier = [...unpackUserSizes(sizes)].filter(
    ({ changes: [first] }) => first && first.at <= fromHour * hour,
  );
  return new Set(earlier.map(({ userId }) => userId));
}

/**
 * Reads when users began that may be new in a period, all at once: of those charged in it who were not
 * listed before it.
 */
export async function readStarts(
  archive: Pick<Archive, 'read'>,
  tariff: Tariff,
  period: HourPeriod,
  userIds: readonly string[],
): Promise<Map<string, number>> {
  if (userIds.length === 0 || !hasFees(tariff)) return new Map();
  const started = await archive.read('userStarts', { at: period.fromHour * hour, userIds });
  return new Map(started.map(({ userId, at }) => [userId, at / hour]));
}

/**
 * Returns the hour from which on a customer's users on one cluster owe base fee and minimum: the first of
 * their days. That of a user is the day on which its service was registered in the billing system; where
 * no service of it says so, the day on which the user was created, or handed over to the customer; where
 * neither is known, the beginning of the period. Infinity where the customer has no user there.
 */
export async function feesFrom(
  archive: Pick<Archive, 'read'>,
  of: {
    customer: Customer;
    connectionId: string;
    userIds: readonly string[];
    handed: ReadonlyMap<string, Pick<HandedUser, 'hours' | 'feesAt'>>;
    evidence: KnownUsers;
    tariff: Tariff;
    period: HourPeriod;
  },
): Promise<number> {
  const { connectionId, userIds, period, evidence } = of;
  if (userIds.length === 0) return Number.POSITIVE_INFINITY;
  if (!hasFees(of.tariff)) return period.fromHour;
  const registered = userIds.map((userId) => registeredHour(of.customer, { connectionId, userId }));
  const open = userIds.filter(
    (userId, index) =>
      registered[index] === null &&
      !evidence.listedBefore.has(userId) &&
      !evidence.users.has(userId),
  );
  const unused = await readStarts(archive, of.tariff, period, open);
  const starts = userIds.map((userId, index) => {
    const { hours, feesAt } = of.handed.get(userId) ?? {};
    if (feesAt !== undefined) return feesAt;
    const handedAt = hours?.[0]?.fromHour ?? 0;
    const createdAt = evidence.starts.get(userId) ?? unused.get(userId) ?? 0;
    return registered[index] ?? Math.max(createdAt, handedAt);
  });
  const first = Math.min(...starts);
  return Math.max(period.fromHour, Math.floor(first / dayHours) * dayHours);
}

/** When the first service of a user was registered; null where one has no such day, or it has none. */
function registeredHour(
  { users, serviceList }: Customer,
  { connectionId, userId }: { connectionId: string; userId: string },
): number | null {
  const own = users.filter((user) => user.connectionId === connectionId && user.userId === userId);
  const days = own.map(
    ({ serviceId }) =>
      serviceList.find((service) => service.serviceId === serviceId)?.registeredOn ?? null,
  );
  const [first = null] = days.toSorted((one, two) => ((one ?? '') < (two ?? '') ? -1 : 1));
  return first === null ? null : Date.parse(`${first}T00:00:00Z`) / hour;
}
