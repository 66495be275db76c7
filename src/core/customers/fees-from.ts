import { isFree, type Tariff } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import type { Archive } from '../store/archive/archive.ts';
import { type PackedSizes, unpackUserSizes } from '../store/archive/queries/sizes.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
import type { FeesBegin } from './customer-statement.ts';
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

interface PayingUsers {
  customer: Customer;
  connectionId: string;
  userIds: readonly string[];
  handed: ReadonlyMap<string, Pick<HandedUser, 'hours' | 'feesAt' | 'feesNotBefore'>>;
  evidence: KnownUsers;
  tariff: Tariff;
  period: HourPeriod;
}

/**
 * Returns from when on a customer's users on one cluster owe base fee and minimum: the first of their
 * days. That of a user is the day on which its service was registered in the billing system; where no
 * service of it says so, the day on which the user was created, or handed over to the customer; where
 * neither is known, the beginning of the period.
 */
export async function feesFrom(
  archive: Pick<Archive, 'read'>,
  of: PayingUsers,
): Promise<FeesBegin> {
  const { userIds, period } = of;
  if (userIds.length === 0) return { hour: Number.POSITIVE_INFINITY, isAssumed: false };
  if (!hasFees(of.tariff)) return { hour: period.fromHour, isAssumed: false };
  const starts = await startsOf(archive, of);
  const known = starts.flatMap((start) => start ?? []);
  const isKnown = known.length === starts.length;
  const first = isKnown ? Math.min(...known) : 0;
  const hour = Math.max(period.fromHour, Math.floor(first / dayHours) * dayHours);
  return { hour, isAssumed: !isKnown && known.every((start) => start > period.fromHour) };
}

/** From which hour on each user owes fees; 0 for always; null where nothing says it. */
async function startsOf(
  archive: Pick<Archive, 'read'>,
  { customer, connectionId, userIds, handed, evidence, tariff, period }: PayingUsers,
): Promise<(number | null)[]> {
  const registered = userIds.map((userId) => registeredHour(customer, { connectionId, userId }));
  const { listedBefore, users, starts } = evidence;
  const open = userIds.filter(
    (userId, index) =>
      registered[index] === null && !listedBefore.has(userId) && !users.has(userId),
  );
  const unused = await readStarts(archive, tariff, period, open);
  return userIds.map((userId, index) => {
    const { hours, feesAt, feesNotBefore } = handed.get(userId) ?? {};
    if (feesAt !== undefined) return feesAt;
    const always = listedBefore.has(userId) ? 0 : undefined;
    const found = [starts.get(userId) ?? unused.get(userId) ?? always, hours?.[0]?.fromHour];
    const days = found.filter((at) => at !== undefined);
    const own = registered[index] ?? (days.length === 0 ? null : Math.max(...days));
    return feesNotBefore === undefined ? own : Math.max(own ?? 0, feesNotBefore);
  });
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
