import type { CallOutput } from '#shared/contract/index.ts';
import { agreeing, formatCount, formatCounted } from '#shared/counted.ts';
import { toWireInteger } from '#shared/units.ts';
import type { Archive } from '../../store/archive/archive.ts';
import type { Overlap } from '../../store/archive/queries/overlaps.ts';
import { type HourPeriod, hourToIso } from '../coverage/report-period.ts';

type StatedOverlap = NonNullable<CallOutput<'statements.make'>['overlaps']>[number];

/**
 * States which statistics objects reach over the beginning or the end of a period. The gateway does
 * not say what of an object happened when, so that none is divided: it counts where it begins.
 */
export async function statedOverlaps(
  archive: Pick<Archive, 'read'>,
  { fromHour, toHour }: HourPeriod,
  userIds: readonly string[] | null,
): Promise<StatedOverlap[]> {
  const ids = userIds === null ? null : [...userIds];
  const [start, end] = await Promise.all(
    [fromHour, toHour].map((hour) => archive.read('readOverlap', { hour, userIds: ids })),
  );
  return [
    ...(start && start.objects > 0 ? [toWire('start', fromHour, start)] : []),
    ...(end && end.objects > 0 ? [toWire('end', toHour, end)] : []),
  ];
}

function toWire(at: StatedOverlap['at'], hour: number, overlap: Overlap): StatedOverlap {
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
  const moment = `${hourToIso(hour).slice(0, 16).replace('T', ' ')} UTC`;
  const reach = `${agreeing(objects, 'reaches', 'reach')} over ${moment} by up to ${formatCount(seconds)} s`;
  const holds = `${formatCounted(downloaded, 'byte')} out, ${formatCounted(uploaded, 'byte')} in and ${formatCounted(put + get + list + other, 'operation')}`;
  const where =
    at === 'end' ? 'counted whole in this period' : 'counted whole in the period before';
  return `${which} ${reach}: ${holds}, ${where}, in which ${agreeing(objects, 'it begins', 'they begin')}.`;
}
