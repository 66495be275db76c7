import { hourToIso } from '#shared/billing/charges.ts';
import { collationKey } from '#shared/collation-key.ts';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { comparable, searchedText } from '#shared/plain-text.ts';
import { fromWireInteger, toWireInteger, type WireInteger } from '#shared/units.ts';
import { addTo, noCounters, type UsageCounters } from '../../gateway/usage-object.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { ReportGroup } from '../../store/archive/queries/report.ts';
import type { UsageFilter } from '../../store/archive/queries/usage-source.ts';
import {
  type HourKnowledge,
  knowledgeOfHours,
  stretchesOf,
  summariseCoverage,
} from '../coverage/coverage-summary.ts';
import { type HourPeriod, hoursOf, localDays } from '../coverage/report-period.ts';

export type ReportInput = Omit<ParsedInput<'usage.report'>, 'connectionId' | 'limit'> & {
  /** Omitted: every row. */
  limit?: number | undefined;
};
export type Report = CallOutput<'usage.report'>;
export type ReportRow = Report['rows'][number];

type ContractFilter = ReportInput['filter'];
type ArchiveReader = Pick<Archive, 'read' | 'isDamaged'>;

export function readFilter(filter: ContractFilter = {}): UsageFilter {
  const { epoch, ...rest } = filter;
  return { ...rest, ...(epoch === undefined ? {} : { epoch: fromWireInteger(epoch) }) };
}

export function toWireCounters(counters: UsageCounters): Record<keyof UsageCounters, WireInteger> {
  return {
    put: toWireInteger(counters.put),
    get: toWireInteger(counters.get),
    list: toWireInteger(counters.list),
    other: toWireInteger(counters.other),
    uploaded: toWireInteger(counters.uploaded),
    downloaded: toWireInteger(counters.downloaded),
  };
}

async function readCoverageSummary(archive: ArchiveReader, period: HourPeriod) {
  return summariseCoverage(await readCoverageNow(archive, period), archive.isDamaged);
}

function readCoverageNow(archive: ArchiveReader, period: HourPeriod) {
  const now = Math.floor(Date.now() / 1000);
  return archive.read('readCoverage', { ...period, now });
}

/** Makes a report from the archive: exact usage by subject, and its coverage. */
export async function makeReport(archive: ArchiveReader, input: ReportInput): Promise<Report> {
  const period = hoursOf(input);
  const [groups, coverage, recreated] = await Promise.all([
    readGroups(archive, input, period),
    readCoverageSummary(archive, period),
    input.groupBy === 'bucket' ? archive.read('recreatedBuckets') : [],
  ]);
  const matching = groups.filter((group) => matches(group, searchedText(input.search)));
  const totals = noCounters();
  for (const group of matching) addTo(totals, group);
  const sorted = matching.sort(compareBy(input));
  const end = input.limit === undefined ? undefined : input.offset + input.limit;
  const names = new Set(recreated);
  return {
    total: sorted.length,
    rows: sorted.slice(input.offset, end).map((group) => toRow(group, input.groupBy, names)),
    totals: toWireCounters(totals),
    coverage,
    from: hourToIso(period.fromHour),
    to: hourToIso(period.toHour),
  };
}

/** Groups whose `slot` is the hour at which they begin. */
async function readGroups(
  archive: ArchiveReader,
  { groupBy, filter, timeZone }: Pick<ReportInput, 'groupBy' | 'filter' | 'timeZone'>,
  period: HourPeriod,
): Promise<ReportGroup[]> {
  const query = { ...period, filter: readFilter(filter) };
  const isLocal = groupBy === 'day' && timeZone !== undefined && timeZone !== 'UTC';
  if (isLocal) {
    const hours = await archive.read('reportGroups', { ...query, groupBy: 'hour' });
    return mergeSlots(hours, localDays(period, timeZone));
  }
  const groups = await archive.read('reportGroups', { ...query, groupBy });
  return groupBy === 'day'
    ? groups.map((group) => ({ ...group, slot: Math.max((group.slot ?? 0) * 24, period.fromHour) }))
    : groups;
}

function mergeSlots(groups: ReportGroup[], slotOf: (hour: number) => number): ReportGroup[] {
  const merged = new Map<number, ReportGroup>();
  for (const group of groups) {
    const slot = slotOf(group.slot ?? 0);
    const sum = merged.get(slot);
    if (sum) addTo(sum, group);
    else merged.set(slot, { ...group, slot });
  }
  return [...merged.values()];
}

function matches({ userId, email, bucket }: ReportGroup, search: string): boolean {
  if (search === '') return true;
  return [userId, email, bucket].some((text) => comparable(text ?? '').includes(search));
}

type Compare = (left: ReportGroup, right: ReportGroup) => number;

/** Compares by name in natural order, equal names by their ids. */
function nameComparison(): Compare {
  // the key of a name takes long compared with a comparison, and most are compared often or never
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const key = keys.get(name) ?? collationKey(name);
    keys.set(name, key);
    return key;
  };
  return (left, right) => {
    if (left.slot !== null && right.slot !== null) return left.slot - right.slot;
    const [one, other] = [nameOf(left), nameOf(right)];
    const [a, b] = one === other ? [idOf(left), idOf(right)] : [keyOf(one), keyOf(other)];
    if (a !== b) return a < b ? -1 : 1;
    return one === other ? 0 : one < other ? -1 : 1;
  };
}

const nameOf = ({ email, bucket }: ReportGroup): string => bucket ?? email ?? '';
const idOf = ({ userId, epoch }: ReportGroup): string => String(epoch ?? userId);

function figureOf(group: ReportGroup, by: string): bigint {
  if (by === 'operations') return group.put + group.get + group.list + group.other;
  if (by === 'traffic') return group.uploaded + group.downloaded;
  return group[by as keyof UsageCounters];
}

/** Equal figures are in the order of their names, so that pages never overlap. */
function compareBy({ sort, groupBy }: Pick<ReportInput, 'sort' | 'groupBy'>): Compare {
  const isTime = groupBy === 'day' || groupBy === 'hour';
  const { by, descending } = sort ?? { by: isTime ? 'name' : 'traffic', descending: !isTime };
  const sign = descending ? -1 : 1;
  const byName = nameComparison();
  if (by === 'name') return (left, right) => sign * byName(left, right);
  return (left, right) => {
    const [a, b] = [figureOf(left, by), figureOf(right, by)];
    return a === b ? byName(left, right) : a < b ? -sign : sign;
  };
}

function toRow(
  group: ReportGroup,
  groupBy: ReportInput['groupBy'],
  recreated: ReadonlySet<string>,
): ReportRow {
  const { userId, email, bucket, epoch, slot } = group;
  const at = slot === null ? null : hourToIso(slot);
  return {
    key: groupBy === 'user' ? (userId ?? '') : (at ?? `${bucket}#${epoch}`),
    userId,
    email,
    bucket,
    epoch: epoch === null ? null : toWireInteger(epoch),
    recreated: bucket !== null && recreated.has(bucket),
    at,
    ...toWireCounters(group),
  };
}

/** How much of an hour or a day is on record. */
type SlotCoverage = 'complete' | 'partly' | 'missing' | 'open';

/**
 * Returns what is known of a period by the hour: stretches as a series has them, and of each hour or day,
 * by its beginning, how much is on record.
 */
export async function readKnowledge(
  archive: ArchiveReader,
  input: Pick<ReportInput, 'from' | 'to' | 'groupBy' | 'timeZone'>,
) {
  const period = hoursOf(input);
  const hours = knowledgeOfHours(await readCoverageNow(archive, period), period);
  const slots = new Map<string, SlotCoverage>();
  const { groupBy } = input;
  if (groupBy === 'day' || groupBy === 'hour') {
    const starts = slotsOf(period, groupBy, input.timeZone ?? 'UTC');
    starts.forEach((slot, index) => {
      const end = starts[index + 1] ?? period.toHour;
      const own = hours.slice(slot - period.fromHour, end - period.fromHour);
      slots.set(hourToIso(slot), coverageOfSlot(own));
    });
  }
  return {
    missing: stretchesOf(hours, 'missing', period),
    open: stretchesOf(hours, 'open', period),
    slots,
  };
}

function coverageOfSlot(hours: readonly HourKnowledge[]): SlotCoverage {
  if (hours.every((hour) => hour === 'known')) return 'complete';
  if (hours.includes('known')) return 'partly';
  return hours.includes('missing') ? 'missing' : 'open';
}

const hoursUpTo = 8 * 24;

/** The figures over time: a point for every hour or day of the period, zeros too. */
export async function makeSeries(
  archive: ArchiveReader,
  input: Omit<ParsedInput<'usage.series'>, 'connectionId'>,
): Promise<CallOutput<'usage.series'>> {
  const period = hoursOf(input);
  const { fromHour, toHour } = period;
  const automatic = toHour - fromHour <= hoursUpTo ? 'hour' : 'day';
  const step = input.step === 'auto' ? automatic : input.step;
  const [groups, coverage] = await Promise.all([
    readGroups(archive, { ...input, groupBy: step }, period),
    readCoverageNow(archive, period),
  ]);
  const bySlot = new Map(groups.map((group) => [group.slot, group]));
  const points = slotsOf(period, step, input.timeZone ?? 'UTC').map((slot) => ({
    at: hourToIso(slot),
    ...toWireCounters(bySlot.get(slot) ?? noCounters()),
  }));
  const hours = knowledgeOfHours(coverage, period);
  return {
    step,
    points,
    missing: stretchesOf(hours, 'missing', period),
    open: stretchesOf(hours, 'open', period),
    coverage: summariseCoverage(coverage, archive.isDamaged),
  };
}

function slotsOf(period: HourPeriod, step: 'hour' | 'day', timeZone: string): number[] {
  const slots = new Set<number>();
  const dayOf = step === 'day' ? localDays(period, timeZone) : (hour: number) => hour;
  for (let hour = period.fromHour; hour < period.toHour; hour += 1) slots.add(dayOf(hour));
  return [...slots];
}
