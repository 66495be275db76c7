import { gigabyteOf, hourToIso } from '#shared/billing/charges.ts';
import { inUnits } from '#shared/billing/money.ts';
import { fromWireInteger } from '#shared/units.ts';
import { printedMinute } from '../platform/printed-time.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { PeakFloors, UsagePeak } from '../store/archive/queries/peaks.ts';
import type { PackedSizes } from '../store/archive/queries/sizes.ts';
import type { UserBounds } from '../store/snapshot/queries/limit-grid.ts';
import type { readOverlaps } from '../usage/billing/overlaps.ts';
import type { readTraffic, Statement } from '../usage/billing/statement.ts';
import type { HourPeriod } from '../usage/coverage/report-period.ts';
import { itemNames } from './draft-lines.ts';
import { listedBefore } from './fees-from.ts';
import { readSampledSizes, readSizesIn, type SampledSizes } from './sampled-sizes.ts';

type Line = NonNullable<Statement['held']>[number];
type Item = Exclude<Line['item'], 'user'>;
type TrafficItem = Exclude<Item, 'stored'>;
type ChargedUser = Statement['users'][number];
type Traffic = Awaited<ReturnType<typeof readTraffic>>;

/** Beyond this many times what is usual nobody is billed without a look. */
const jump = 1000n;
/** From which quantity on a jump counts. */
const least: PeakFloors = {
  downloaded: 1_000_000_000n,
  uploaded: 1_000_000_000n,
  put: 100_000n,
  get: 100_000n,
  list: 100_000n,
  other: 100_000n,
};
/** From which quantity on the scale of others, or of what is stored, counts. */
const large = { traffic: 1_000_000_000_000n, operations: 10_000_000n };
/** What one user can do in a second at most: a network of 100 Gbit/s, and as many operations. */
const fastest = { traffic: 12_500_000_000n, operations: 100_000n };
const fewestOthers = 5;

const isTraffic = (item: Item): boolean => item === 'downloaded' || item === 'uploaded';
const kindOf = (item: Item): 'traffic' | 'operations' =>
  isTraffic(item) ? 'traffic' : 'operations';

/** What was read of a cluster to judge its statements by, whatever the tariff. */
export interface Readings {
  stored: PackedSizes;
  overlaps: Awaited<ReturnType<typeof readOverlaps>>;
  /** Of the period before: how many hours are on record, and what was used in them. */
  before: Traffic;
  bounds: ReadonlyMap<string, UserBounds>;
  peaks: ReadonlyMap<string, UsagePeak[]>;
  slotSeconds: number;
  services: number;
  sizes: ReadonlyMap<string, SampledSizes>;
  /** Users that were listed before the period. */
  listedBefore: ReadonlySet<string>;
}

/** What a cluster's statement of everybody is judged by, read once for all customers. */
export interface Evidence extends Readings {
  now: Statement;
  users: ReadonlyMap<string, ChargedUser>;
  /** From which hour on users of these may be there that are new in the period. */
  starts: ReadonlyMap<string, number>;
  /** The middle one of all users' quantities, where there are enough of them. */
  middle: ReadonlyMap<Item, bigint>;
}

/** Reads what lines are judged by, besides sizes, the period before, and limits. */
export async function readPeaks(
  archive: Pick<Archive, 'read'>,
  of: Pick<Readings, 'stored' | 'overlaps' | 'before' | 'bounds'>,
  period: HourPeriod,
): Promise<Readings> {
  const { peaks, ...shape } = await archive.read('usagePeaks', peakQuery(of.bounds, period));
  const sizes = readSampledSizes(of.stored);
  const before = listedBefore(of.stored, period);
  return { ...of, ...shape, sizes, peaks: byItem(peaks), listedBefore: before };
}

/** Reads what a user is judged by that is charged for some hours of the period alone. */
export async function readEvidenceIn(
  archive: Pick<Archive, 'read'>,
  evidence: Evidence,
  period: HourPeriod,
  only: { userId: string; hours: readonly HourPeriod[] },
): Promise<Evidence> {
  const query = { ...peakQuery(evidence.bounds, period), only };
  const { peaks } = await archive.read('usagePeaks', query);
  const { looks, sampled } = readSizesIn(evidence.stored, only);
  const stored = { ...evidence.stored, looks };
  return { ...evidence, stored, sizes: sampled, peaks: byItem(peaks) };
}

function peakQuery(bounds: Readings['bounds'], period: HourPeriod) {
  const userFloors = new Map([...bounds].map(([userId, own]) => [userId, floorsOf(own)]));
  return { ...period, least, floors: floorsOf(null), userFloors };
}

const byItem = (peaks: readonly UsagePeak[]): Readings['peaks'] =>
  Map.groupBy(peaks, ({ userId, item }) => `${userId} ${item}`);

/** Puts a statement of everybody besides what it is judged by. */
export function evidenceOf(
  now: Statement,
  readings: Readings,
  starts: Evidence['starts'] = new Map(),
): Evidence {
  const users = new Map(now.users.map((user) => [user.userId, user]));
  return { ...readings, now, users, starts, middle: middleOf(now) };
}

/** What a user can do in a second at most: its limits where it has any, else what nobody can pass. */
function perSecond(item: TrafficItem, bounds: UserBounds | null): bigint {
  const limit = bounds?.perSecond[item];
  return limit === undefined ? fastest[kindOf(item)] : limit;
}

function floorsOf(bounds: UserBounds | null): PeakFloors {
  const items = Object.keys(least) as TrafficItem[];
  return Object.fromEntries(
    items.map((item) => [item, perSecond(item, bounds) * 3600n]),
  ) as PeakFloors;
}

function quantitiesOf({ lines }: ChargedUser): Map<Item, bigint> {
  const sums = new Map<Item, bigint>();
  for (const { item, quantity } of lines) {
    sums.set(item, (sums.get(item) ?? 0n) + fromWireInteger(quantity));
  }
  return sums;
}

function middleOf({ users }: Statement): Map<Item, bigint> {
  const byItem = Map.groupBy(
    users.flatMap((user) => [...quantitiesOf(user)]),
    ([item]) => item,
  );
  const middles = [...byItem].flatMap(([item, all]): [Item, bigint][] => {
    if (all.length <= fewestOthers) return [];
    const sorted = all.map(([, quantity]) => quantity).sort((a, b) => (a < b ? -1 : 1));
    return [[item, sorted[sorted.length >> 1] ?? 0n]];
  });
  return new Map(middles);
}

/**
 * Finds lines of users that nobody should be billed without a look: what is physically impossible,
 * what jumps a thousandfold against other hours, the period before, other users or what is stored, and
 * sizes that rest on one sample.
 */
export function findImplausible(
  connectionId: string,
  evidence: Evidence,
  users: readonly ChargedUser[],
): Omit<Line, 'accepted'>[] {
  return users.flatMap((user) => {
    const { userId } = user;
    // what costs nothing is no line that anybody is billed for
    const charged = user.lines.filter(({ amount }) => fromWireInteger(amount) !== 0n);
    const quantities = quantitiesOf(user);
    return [...new Set(charged.map(({ item }) => item))].flatMap((item) => {
      const quantity = quantities.get(item) ?? 0n;
      const whose = user.email || userId;
      const why =
        item === 'stored'
          ? storageReason(evidence, userId)
          : trafficReason(evidence, userId, item, quantity);
      if (why === null) return [];
      const words = `The ${itemNames[item].toLowerCase()} of ${whose} ${why}.`;
      return [{ connectionId, userId, item, quantity: String(quantity), words }];
    });
  });
}

function storageReason({ now, stored, sizes, bounds }: Evidence, userId: string): string | null {
  if (stored.looks.length <= 1) return 'rests on one sample of sizes';
  const sampled = sizes.get(userId);
  if (!sampled) return null;
  if (sampled.samples === 1) return 'rests on one sample of its size';
  const { spike, others, largest } = sampled;
  if (spike !== null && spike >= jump * others && spike >= large.traffic) {
    return `rests on one sample of ${gigabytes(spike, now)}, where all others say ${gigabytes(others, now)} at most`;
  }
  const quota = bounds.get(userId)?.quota ?? null;
  return quota !== null && largest >= jump * quota
    ? `came to ${gigabytes(largest, now)}, where its quota is ${gigabytes(quota, now)}`
    : null;
}

function trafficReason(
  evidence: Evidence,
  userId: string,
  item: TrafficItem,
  quantity: bigint,
): string | null {
  const peaks = evidence.peaks.get(`${userId} ${item}`) ?? [];
  for (const peak of peaks) {
    const why = peakReason(evidence, peak);
    if (why !== null) return why;
  }
  if (quantity < least[item]) return null;
  const { now, before, middle } = evidence;
  const amount = (of: bigint): string => amountWords(item, of, now);
  const old = before.users.get(userId)?.[item] ?? 0n;
  const isComparable = 2 * before.coveredHours >= now.coverage.coveredHours && old > 0n;
  if (isComparable) {
    return quantity < jump * old
      ? null
      : `came to ${amount(quantity)}, ${times(quantity, old)} times that of the period before (${amount(old)})`;
  }
  if (quantity < large[kindOf(item)]) return null;
  const usual = middle.get(item) ?? 0n;
  if (usual > 0n && quantity >= jump * usual) {
    return `came to ${amount(quantity)}, ${times(quantity, usual)} times that of most users (${amount(usual)}), and nothing of the period before tells whether that is usual`;
  }
  return isTraffic(item) ? sizeReason(evidence, userId, quantity) : null;
}

function sizeReason(
  { now, sizes, bounds }: Evidence,
  userId: string,
  quantity: bigint,
): string | null {
  const largest = sizes.get(userId)?.largest;
  const stored = largest ?? bounds.get(userId)?.quota ?? 0n;
  const what = largest === undefined ? 'its quota' : 'the most that it stored';
  return stored > 0n && quantity >= jump * stored
    ? `came to ${gigabytes(quantity, now)}, ${times(quantity, stored)} times ${what} (${gigabytes(stored, now)}), and nothing of the period before tells whether that is usual`
    : null;
}

/** Twice what is possible: clocks and objects are not exact. */
function peakReason(evidence: Evidence, { userId, item, hour, quantity, usual }: UsagePeak) {
  const { slotSeconds, services, bounds } = evidence;
  const own = bounds.get(userId) ?? null;
  const limit = own?.perSecond[item];
  const most = 2n * perSecond(item, own) * BigInt(slotSeconds) * BigInt(services);
  const at = `in the hour from ${printedMinute(hourToIso(hour))}`;
  const amount = amountWords(item, quantity, evidence.now);
  if (quantity > most) {
    return limit === undefined
      ? `came to ${amount} ${at}, which no network or gateway can do`
      : `came to ${amount} ${at}, more than twice what its rate limit allows`;
  }
  if (usual === null || quantity < least[item] || quantity < jump * usual) return null;
  return `came to ${amount} ${at}, ${times(quantity, usual)} times its usual hour`;
}

const times = (quantity: bigint, usual: bigint): string =>
  (quantity / usual).toLocaleString('en-US');

function amountWords(item: TrafficItem, quantity: bigint, statement: Statement): string {
  return isTraffic(item) ? gigabytes(quantity, statement) : quantity.toLocaleString('en-US');
}

/** Bytes in the unit that the tariff charges by. */
function gigabytes(bytes: bigint, statement: Statement): string {
  const units = Number(inUnits(bytes, gigabyteOf(statement)));
  return `${units.toLocaleString('en-US', { maximumFractionDigits: units < 1 ? 6 : 3 })} GB`;
}
