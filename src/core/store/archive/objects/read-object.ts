import { isUtf8 } from 'node:buffer';
import { AppError } from '#shared/errors.ts';
import { notUtf8 } from '../../../gateway/answers/answer-body.ts';
import { parseUsageObjectName } from '../../../gateway/requests/usage.ts';
import { parseUsageObject } from '../../../gateway/usage-object.ts';
import { type Count, ObjectScanner, type ReadObject } from './object-scanner.ts';

/** What the name of a statistics object says. Times in whole seconds since the Unix epoch. */
export interface UsageName {
  name: string;
  serviceId: string;
  start: number;
  /** Length of the period that the gateway meant to count; it may have counted another. */
  nominal: number;
}

/** Before this no ostor gateway existed: an earlier date is a clock at its start, 1970. */
const earliest = Date.UTC(2010, 0, 1) / 1000;
const day = 86_400;

/**
 * Reads `s3-usage-<service id>-<ISO start>-<period>`. Null for any other name, and for a time that
 * cannot be true: such an object is neither collected nor deleted, nor is its name asked `after`.
 * @param now Unix seconds
 */
export function parseUsageName(name: string, now: number): UsageName | null {
  const parts = parseUsageObjectName(name);
  if (!parts || !(parts.startTs >= earliest && parts.startTs <= now + 2 * day)) return null;
  return { name, serviceId: parts.serviceId, start: parts.startTs, nominal: parts.period };
}

/**
 * Seconds that are at least between the end of a period and the moment it counts as settled, besides
 * one whole period: the difference of clocks that gateways put up with.
 */
export const settlingMargin = 15 * 60;

/** Returns when the period of an object is over, by the longer of its two lengths: Unix seconds. */
export function endsAt(start: number, nominal: number, period = 0): number {
  return start + Math.max(nominal, period);
}

/** Returns when an object can no longer change: a whole period and a margin after its end; Unix seconds. */
export function settlesAt(start: number, nominal: number, period = 0): number {
  return endsAt(start, nominal, period) + Math.max(nominal, period) + settlingMargin;
}

const int64Max = 2n ** 63n - 1n;
/** How far `start_ts` may be from the time in the name: one reference calls it the upload time. */
const startTolerance = 86_400;

const scanner = new ObjectScanner();

export function readTolerantly(bytes: Uint8Array): ReadObject {
  const { serviceId, startTs, period, items } = parseUsageObject(bytes);
  return {
    serviceId,
    startTs,
    period,
    items: items.map(({ counters, bucket, epoch, userId, tag }) => ({
      subject: { bucket, epoch, userId, tag },
      counters,
    })),
  };
}

function bareId(serviceId: string): string {
  return serviceId.toLowerCase().replace(/^0x/, '').replace(/^0+/, '');
}

function foreign(name: string, what: string, bytes: Uint8Array): AppError {
  return new AppError({
    code: 'ANSWER_FOREIGN',
    message: `The answer for ${name} is not that object: ${what}.`,
    hint: 'It was neither archived nor deleted. Check for a proxy in between that answers for others.',
    retryable: true,
    details: { excerpt: new TextDecoder().decode(bytes.subarray(0, 400)) },
  });
}

/**
 * Reads a statistics object and makes sure that it is the one of this name, so that the answer of a
 * proxy, another object or an error in a success is never archived in its place.
 * @throws `ANSWER_TRUNCATED`, `ANSWER_NOT_JSON`, `ANSWER_FOREIGN`, `ANSWER_ENCODING`
 */
export function readUsageObject(expected: UsageName, bytes: Uint8Array): ReadObject {
  // Names would be read with replaced characters, and two of them as one.
  if (!isUtf8(bytes)) throw notUtf8();
  const plain = scanner.scan(bytes);
  const object = plain ?? readTolerantly(bytes);
  const { name } = expected;
  assertNamed(expected, object, bytes);
  if (!(object.period >= 0 && object.period <= 31 * 86_400)) {
    throw foreign(name, `its period is ${object.period} seconds`, bytes);
  }
  // What the scanner reads can be neither negative nor too large.
  if (!plain) assertAllFit(object, name, bytes);
  return object;
}

/**
 * Makes sure that an object is the one of a name, and not another that a gateway or a proxy answered with.
 * @throws `ANSWER_FOREIGN`
 */
export function assertNamed(
  { name, start, serviceId }: UsageName,
  object: Pick<ReadObject, 'startTs' | 'serviceId'>,
  bytes: Uint8Array,
): void {
  if (object.startTs === 0) throw foreign(name, 'it has no start', bytes);
  if (Math.abs(object.startTs - start) > startTolerance) {
    throw foreign(name, `it starts at ${object.startTs}`, bytes);
  }
  if (object.serviceId !== '' && bareId(object.serviceId) !== bareId(serviceId)) {
    throw foreign(name, `it is of service ${object.serviceId}`, bytes);
  }
}

function assertAllFit(object: ReadObject, name: string, bytes: Uint8Array): void {
  for (const { counters, subject } of object.items) {
    for (const value of [subject.epoch, ...Object.values(counters)] as Count[]) {
      if (value < 0 || value > int64Max) throw foreign(name, `it counts ${value}`, bytes);
    }
  }
}

/**
 * Returns whether two objects say the same, whatever the order of their entries and the form of their
 * text.
 */
export function saysTheSame(left: ReadObject, right: ReadObject): boolean {
  return essence(left) === essence(right);
}

function essence({ startTs, period, items }: ReadObject): string {
  const lines = items.map(({ subject: { bucket, epoch, userId, tag }, counters }) =>
    JSON.stringify([bucket, userId, tag, String(epoch), ...Object.values(counters).map(String)]),
  );
  return [startTs, period, ...lines.sort()].join('\n');
}
