import type { CallOutput } from '#shared/contract/index.ts';
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
  const number = (value: number | bigint): string => value.toLocaleString('en-US');
  const one = objects === 1;
  const which = `${number(objects)} statistics object${one ? '' : 's'}`;
  const moment = `${hourToIso(hour).slice(0, 16).replace('T', ' ')} UTC`;
  const reach = `reach${one ? 'es' : ''} over ${moment} by up to ${number(seconds)} s`;
  const holds = `${number(downloaded)} bytes out, ${number(uploaded)} bytes in and ${number(put + get + list + other)} operations`;
  const where =
    at === 'end' ? 'counted whole in this period' : 'counted whole in the period before';
  return `${which} ${reach}: ${holds}, ${where}, in which ${one ? 'it begins' : 'they begin'}.`;
}
