import {
  chargeUser,
  hourToIso,
  noQuantities,
  type PriceSegment,
  priceSegments,
  type Quantities,
  type Tariff,
} from '#shared/billing/charges.ts';
import { hour } from '#shared/durations.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { type PackedSizes, unpackUserSizes } from '../../store/archive/queries/sizes.ts';
import type { HourPeriod } from '../coverage/report-period.ts';
import { areaUnder, sizeCurve } from '../size-history/size-curve.ts';
import { type Statement, sumAmounts } from './statement.ts';

type ChargedUser = Statement['users'][number];

/**
 * Charges a user for some hours of a statement's period: by the prices, and with the parts of the
 * period, by which a user of the whole of it is charged.
 * @param sizes those of all users in the period
 */
export async function chargeHours(
  archive: Pick<Archive, 'read'>,
  of: { tariff: Tariff; period: HourPeriod; sizes: PackedSizes },
  user: { userId: string; hours: readonly HourPeriod[] },
): Promise<ChargedUser> {
  const { tariff, period, sizes } = of;
  const { userId, hours } = user;
  const segments = priceSegments(tariff, period.fromHour, period.toHour);
  const stored = storedOf(sizes, userId);
  const used: Quantities[] = [];
  for (const segment of segments) used.push(await usedIn(archive, segment, user, stored));
  const lines = chargeUser(tariff, segments, used);
  const emails = await archive.read('knownEmails');
  return {
    ...{ userId, email: emails.get(userId) ?? null, lines },
    amount: toWireInteger(sumAmounts(lines)),
    hours: hours.map(({ fromHour, toHour }) => ({
      from: hourToIso(fromHour),
      to: hourToIso(toHour),
    })),
  };
}

/** @param stored byte-milliseconds between two hours */
async function usedIn(
  archive: Pick<Archive, 'read'>,
  segment: PriceSegment,
  { userId, hours }: { userId: string; hours: readonly HourPeriod[] },
  stored: (fromHour: number, toHour: number) => bigint,
): Promise<Quantities> {
  const sums = noQuantities();
  for (const part of hours) {
    const fromHour = Math.max(part.fromHour, segment.fromHour);
    const toHour = Math.min(part.toHour, segment.toHour);
    if (fromHour >= toHour) continue;
    // as differences from one beginning: customers' parts add up to the whole to the byte
    sums.stored += stored(segment.fromHour, toHour) - stored(segment.fromHour, fromHour);
    const query = { fromHour, toHour, groupBy: 'user' as const, filter: { userId } };
    const [group] = await archive.read('reportGroups', query);
    if (!group) continue;
    const { downloaded, uploaded, put, get, list, other } = group;
    for (const [item, count] of Object.entries({ downloaded, uploaded, put, get, list, other })) {
      sums[item as keyof Quantities] += count;
    }
  }
  return sums;
}

function storedOf(sizes: PackedSizes, userId: string) {
  const changes = unpackUserSizes(sizes).find((user) => user.userId === userId)?.changes ?? [];
  const corners = sizeCurve({ looks: sizes.looks, changes });
  return (fromHour: number, toHour: number) => areaUnder(corners, fromHour * hour, toHour * hour);
}

/** Lets the lines of a user say the hours that they are of, where these are not all of the period. */
export function withinHours(user: ChargedUser): ChargedUser {
  const [begins, ends] = [user.hours?.[0]?.from, user.hours?.at(-1)?.to];
  if (begins === undefined || ends === undefined) return user;
  const lines = user.lines.map((line) => ({
    ...line,
    from: [line.from, begins].sort()[1] ?? begins,
    to: [line.to, ends].sort()[0] ?? ends,
  }));
  return { ...user, lines };
}
