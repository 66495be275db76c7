import { hourToIso } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import { toWireInteger } from '#shared/units.ts';
import { addTo, noCounters, type UsageCounters } from '../../gateway/usage-object.ts';
import { printedMinute } from '../../platform/printed-time.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { OverlappingObject } from '../../store/archive/queries/report.ts';
import type { HourPeriod } from '../coverage/report-period.ts';

type StatedOverlap = NonNullable<CallOutput<'statements.make'>['overlaps']>[number];

/** One end of hours that are billed, and the statistics objects that reach over it. */
interface Bound {
  at: StatedOverlap['at'];
  hour: number;
  objects: readonly OverlappingObject[];
}

/** What reaches over an end, of some users. */
interface Overlap extends UsageCounters {
  objects: number;
  /** How far the farthest reaches beyond it. */
  seconds: number;
}

/** Reads which statistics objects reach over the beginning and the end of hours. */
export function readOverlaps(
  archive: Pick<Archive, 'read'>,
  { fromHour, toHour }: HourPeriod,
): Promise<Bound[]> {
  const ends = [{ at: 'start', hour: fromHour } as const, { at: 'end', hour: toHour } as const];
  return Promise.all(
    ends.map(async (end) => ({
      ...end,
      objects: await archive.read('readOverlap', { hour: end.hour }),
    })),
  );
}

/**
 * States what reaches over the beginning or the end of a period. The gateway does not say what of an
 * object happened when, so that none is divided: it counts where it begins.
 * @param userIds of these alone; null: of everybody
 */
export function stateOverlaps(
  bounds: readonly Bound[],
  userIds: readonly string[] | null,
): StatedOverlap[] {
  return bounds.flatMap((bound) => {
    const overlap: Overlap = { objects: 0, seconds: 0, ...noCounters() };
    for (const { seconds, users } of bound.objects) {
      const found = userIds
        ? userIds.flatMap((userId) => users.get(userId) ?? [])
        : [...users.values()];
      for (const counters of found) addTo(overlap, counters);
      if (found.length === 0) continue;
      overlap.objects += 1;
      overlap.seconds = Math.max(overlap.seconds, seconds);
    }
    return overlap.objects > 0 ? [toWire(bound, overlap)] : [];
  });
}

function toWire({ at, hour }: Bound, overlap: Overlap): StatedOverlap {
  const { objects, seconds, uploaded, downloaded, put, get, list, other } = overlap;
  return {
    at,
    objects,
    seconds,
    uploaded: toWireInteger(uploaded),
    downloaded: toWireInteger(downloaded),
    operations: toWireInteger(put + get + list + other),
    words: inWords(at, hour, overlap),
  };
}

function inWords(at: StatedOverlap['at'], hour: number, overlap: Overlap): string {
  const { objects, seconds, uploaded, downloaded, put, get, list, other } = overlap;
  const which = formatCounted(objects, 'statistics object');
  const moment = printedMinute(hourToIso(hour));
  const reach = `${agreeing(objects, 'reaches', 'reach')} over ${moment} by up to ${formatCount(seconds)} s`;
  const holds = `${formatCounted(downloaded, 'byte')} out, ${formatCounted(uploaded, 'byte')} in and ${formatCounted(put + get + list + other, 'operation')}`;
  const where =
    at === 'end' ? 'counted whole in this period' : 'counted whole in the period before';
  return `${which} ${reach}: ${holds}, ${where}, in which ${agreeing(objects, 'it begins', 'they begin')}.`;
}
