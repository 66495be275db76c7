import type { z } from 'zod';
import {
  chargeUser,
  hourToIso,
  isFree,
  noQuantities,
  type PriceSegment,
  priceSegments,
  type Quantities,
  type Tariff,
} from '#shared/billing/charges.ts';
import { feesOf } from '#shared/billing/fees.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { statementInput } from '#shared/contract/tariffs.ts';
import { hour } from '#shared/durations.ts';
import { fromWireInteger, toWireInteger, type WireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';
import { sha256 } from '../../store/archive/file/encodings.ts';
import { type PackedSizes, unpackUserSizes } from '../../store/archive/queries/sizes.ts';
import { summariseCoverage } from '../coverage/coverage-summary.ts';
import type { HourPeriod } from '../coverage/report-period.ts';
import { areaUnder, sampleDensity, sizeCurve } from '../size-history/size-curve.ts';
import { readOverlaps, stateOverlaps } from './overlaps.ts';

export type Statement = CallOutput<'statements.make'>;

export type ClusterStatementInput = z.output<typeof statementInput>;

type Reader = Pick<Archive, 'read' | 'isDamaged'>;
type Usage = Map<string, Quantities[]>;

/** Reads the sizes of all users in a period. */
export function readUserSizes(
  archive: Pick<Archive, 'read'>,
  { fromHour, toHour }: HourPeriod,
): Promise<PackedSizes> {
  return archive.read('readAllUserSizes', { from: fromHour * hour, to: toHour * hour });
}

/** Returns the figures of each user in a period, and of how many hours they are. */
export async function readTraffic(archive: Reader, period: HourPeriod) {
  const query = { ...period, groupBy: 'user' as const, filter: {} };
  const groups = await archive.read('reportGroups', query);
  const users = new Map(groups.map((group) => [group.userId ?? '', group]));
  const { coveredHours } = await coverageOfArchive(archive, period);
  return { coveredHours, users };
}

/**
 * Makes the bill of a period. Nothing but the archive and the tariff goes into it, not even the clock:
 * how complete it is, is judged as of the last time the gateway's list was read.
 * @param userIds only these; null for everyone who used or stored something
 * @param sizes those of the period, where they were read before
 */
export async function makeStatement(
  archive: Reader,
  tariff: Tariff,
  { fromHour, toHour }: HourPeriod,
  userIds: readonly string[] | null,
  sizes?: PackedSizes,
): Promise<Statement> {
  const segments = priceSegments(tariff, fromHour, toHour);
  const usage: Usage = new Map();
  await addTraffic(archive, segments, usage);
  const hasTraffic = usage.size > 0;
  const stored = sizes ?? (await readUserSizes(archive, { fromHour, toHour }));
  addStorage(stored, segments, usage);
  const { looks } = stored;
  const emails = await archive.read('knownEmails');
  const users = (userIds ? [...new Set(userIds)] : [...usage.keys()]).sort().flatMap((userId) => {
    const lines = chargeUser(tariff, segments, usage.get(userId) ?? []);
    if (lines.length === 0 && !userIds) return [];
    const amount = toWireInteger(sumAmounts(lines));
    return [{ userId, email: emails.get(userId) ?? null, lines, amount }];
  });
  const fees = users.flatMap(({ userId, amount }) =>
    feesOf(tariff, { fromHour, toHour }, fromWireInteger(amount)).map((fee) => ({
      ...fee,
      userId,
    })),
  );
  const total = sumAmounts([...users, ...fees]);
  const coverage = await coverageOfArchive(archive, { fromHour, toHour });
  const reasons = [
    ...(coverage.final ? [] : [coverage.words]),
    ...sampleReasons(tariff, looks, { fromHour, toHour }),
  ];
  const known = { traffic: hasTraffic || coverage.coveredHours + coverage.silentHours > 0, looks };
  const unknown = unknownKinds(known, { fromHour, toHour });
  const hasData = chargedKinds(tariff).some((kind) => !unknown.includes(kind));
  return {
    state: !hasData ? 'no-data' : reasons.length === 0 ? 'final' : 'draft',
    reasons,
    unknown,
    tariffId: tariff.tariffId,
    tariffVersion: tariff.version,
    tariffName: tariff.name,
    currency: tariff.currency,
    minorDigits: tariff.minorDigits,
    gigabyte: tariff.gigabyte,
    ...(tariff.language === undefined ? {} : { language: tariff.language }),
    from: hourToIso(fromHour),
    to: hourToIso(toHour),
    users: hasData ? users : [],
    fees: hasData ? fees : [],
    pricesIn: 'currency',
    total: hasData ? toWireInteger(total) : null,
    coverage,
    overlaps: stateOverlaps(await readOverlaps(archive, { fromHour, toHour }), userIds),
    sources: await digestSources(archive, { fromHour, toHour }),
  };
}

export function sumAmounts(parts: readonly { amount: WireInteger }[]): bigint {
  return parts.reduce((sum, { amount }) => sum + fromWireInteger(amount), 0n);
}

function quantitiesOf(usage: Usage, userId: string, segments: readonly PriceSegment[]) {
  const known = usage.get(userId);
  if (known) return known;
  const fresh = segments.map(noQuantities);
  usage.set(userId, fresh);
  return fresh;
}

async function addTraffic(
  archive: Reader,
  segments: readonly PriceSegment[],
  usage: Usage,
): Promise<void> {
  for (const [index, { fromHour, toHour }] of segments.entries()) {
    const query = { fromHour, toHour, groupBy: 'user' as const, filter: {} };
    for (const group of await archive.read('reportGroups', query)) {
      const quantities = quantitiesOf(usage, group.userId ?? '', segments)[index];
      if (!quantities) continue;
      const { downloaded, uploaded, put, get, list, other } = group;
      Object.assign(quantities, { downloaded, uploaded, put, get, list, other });
    }
  }
}

function addStorage(sizes: PackedSizes, segments: readonly PriceSegment[], usage: Usage): void {
  const { looks } = sizes;
  for (const { userId, changes } of unpackUserSizes(sizes)) {
    const corners = sizeCurve({ looks, changes });
    const areas = segments.map((segment) =>
      areaUnder(corners, segment.fromHour * hour, segment.toHour * hour),
    );
    if (areas.every((area) => area === 0n)) continue;
    const quantities = quantitiesOf(usage, userId, segments);
    areas.forEach((area, index) => {
      const part = quantities[index];
      if (part) part.stored = area;
    });
  }
}

async function coverageOfArchive(archive: Reader, period: HourPeriod) {
  const listing = await archive.read('lastListedAt');
  const now = Math.floor((listing ?? 0) / 1000);
  const answer = await archive.read('readCoverage', { ...period, now });
  return summariseCoverage(answer, archive.isDamaged);
}

type Kind = Statement['unknown'][number];

const trafficPrices = [
  'downloadedPerGb',
  'uploadedPerGb',
  'putPerThousand',
  'getPerThousand',
  'listPerThousand',
  'otherPerThousand',
] as const;

/** What is charged for by any of a tariff's prices; a tariff without one is taken to charge traffic. */
function chargedKinds({ prices }: Tariff): Kind[] {
  const kinds: Kind[] = prices.some(chargesStorage) ? ['stored'] : [];
  const isTrafficCharged = prices.some(
    (some) =>
      trafficPrices.some((name) => !isFree(some[name])) ||
      Object.entries(some.tiers ?? {}).some(([item, tiers]) => item !== 'stored' && tiers?.length),
  );
  return isTrafficCharged || kinds.length === 0 ? ['traffic', ...kinds] : kinds;
}

function chargesStorage({ storedPerGbHour, storedPerGbMonth, tiers }: Tariff['prices'][number]) {
  return !isFree(storedPerGbHour) || !isFree(storedPerGbMonth) || (tiers?.stored?.length ?? 0) > 0;
}

/** Of what nothing is on record in the period: its amounts are unknown, not zero. */
function unknownKinds(
  known: { traffic: boolean; looks: readonly number[] },
  { fromHour, toHour }: HourPeriod,
): Kind[] {
  const { covered } = sampleDensity(known.looks, fromHour * hour, toHour * hour);
  return [
    ...(known.traffic ? [] : ['traffic' as const]),
    ...(covered > 0 ? [] : ['stored' as const]),
  ];
}

function sampleReasons(
  { prices, longestSampleGapHours }: Tariff,
  looks: readonly number[],
  { fromHour, toHour }: HourPeriod,
): string[] {
  if (!prices.some(chargesStorage)) return [];
  const { widestGap } = sampleDensity(looks, fromHour * hour, toHour * hour);
  if (widestGap !== null && widestGap <= longestSampleGapHours * hour) {
    return endReasons(looks, toHour);
  }
  const found =
    widestGap === null
      ? 'no sizes were recorded'
      : `the longest gap is ${Math.ceil(widestGap / hour)} h`;
  return [`Sizes have to be sampled at least every ${longestSampleGapHours} h; ${found}.`];
}

/** Up to the last look the size is known; what was stored from there on is not charged yet. */
function endReasons(looks: readonly number[], toHour: number): string[] {
  const last = looks.at(-1) ?? 0;
  if (last >= toHour * hour) return [];
  const short = Math.ceil((toHour * hour - last) / hour);
  return [
    `Sizes were last sampled ${short} h before the period ends; refresh once after it is over.`,
  ];
}

async function digestSources(
  archive: Reader,
  period: HourPeriod,
): Promise<{ objects: number; digest: string }> {
  const lines = await readSourceLines(archive, period);
  return { objects: lines.length, digest: sha256(lines.join('')) };
}

/** A line for each statistics object of a period: name, space, digest of its content. */
export async function readSourceLines(archive: Reader, period: HourPeriod): Promise<string[]> {
  const objects = await archive.read('sourceDigests', period);
  return objects.map(({ name, digest }) => `${name} ${digest}\n`);
}
