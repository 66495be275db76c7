import { AppError } from '#shared/errors.ts';
import {
  foreignAnswer,
  isJsonObject,
  type JsonObject,
  parseGatewayJson,
  readInteger,
  readText,
  requireObject,
} from './model/read-fields.ts';

/** What one key of a statistics object counts: operations by kind, and bytes in and out. */
export interface UsageCounters {
  put: bigint;
  get: bigint;
  list: bigint;
  other: bigint;
  uploaded: bigint;
  downloaded: bigint;
}

interface UsageItem {
  /** Empty for operations that were not of a bucket. */
  bucket: string;
  /** Tells apart buckets that had one name after each other. */
  epoch: bigint;
  userId: string;
  tag: string;
  /** The sum over {@link classes}. */
  counters: UsageCounters;
  /** Counters by where they stood: `''` for the documented place, else the keys that led there. */
  classes: { path: string; counters: UsageCounters }[];
  /** Counters the console does not know, by path (`ops.head`), as JSON text: kept, not counted. */
  unknown: Record<string, string>;
}

export interface UsageObject {
  formatVersion: number;
  /** Hexadecimal id of the gateway's service, as text. */
  serviceId: string;
  /** Start of the period, Unix seconds. */
  startTs: number;
  /** Length of the period that was really counted, seconds. */
  period: number;
  /** `nr_items` as sent: not to be trusted, the items are. */
  declaredItems: number;
  items: UsageItem[];
}

const operationNames = ['put', 'get', 'list', 'other'] as const;
const trafficNames = ['uploaded', 'downloaded'] as const;

/**
 * Reads the bytes of a statistics object tolerantly: counters nested by storage class are found and
 * summed, unknown keys are kept, numbers may be text and may need 64 bits.
 * @throws `ANSWER_TRUNCATED`, `ANSWER_NOT_JSON` or `ANSWER_FOREIGN`
 */
export function parseUsageObject(bytes: Uint8Array): UsageObject {
  const object = requireObject(parse(bytes), 'a statistics object');
  if (!Array.isArray(object.items)) throw foreignAnswer('a statistics object');
  return {
    formatVersion: readNumber(object.fmt_version, 'fmt_version'),
    serviceId: readText(object.service_id),
    startTs: readNumber(object.start_ts, 'start_ts'),
    period: readNumber(object.period, 'period'),
    declaredItems: readNumber(object.nr_items, 'nr_items'),
    items: object.items.map(readItem),
  };
}

function parse(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return parseGatewayJson(text);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const truncated = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
    throw new AppError({
      code: truncated ? 'ANSWER_TRUNCATED' : 'ANSWER_NOT_JSON',
      message: truncated
        ? 'The statistics object breaks off in the middle.'
        : 'The statistics object is not JSON.',
      hint: 'Fetch the object again; it stays on the gateway until it was read whole.',
      retryable: true,
    });
  }
}

function readItem(json: unknown): UsageItem {
  const item = requireObject(json, 'an entry of a statistics object');
  const key = requireObject(item.key, 'an entry of a statistics object');
  const classes: UsageItem['classes'] = [];
  const unknown: Record<string, string> = {};
  collect(requireObject(item.counters, 'counters'), [], classes, unknown);
  return {
    bucket: readText(key.bucket),
    epoch: readInteger(key.epoch, 'epoch'),
    userId: readText(key.user_id),
    tag: readText(key.tag),
    counters: sumCounters(classes.map((entry) => entry.counters)),
    classes,
    unknown,
  };
}

/** Walks down to `ops` and `net_io`, wherever they are. */
function collect(
  node: JsonObject,
  path: string[],
  classes: UsageItem['classes'],
  unknown: Record<string, string>,
): void {
  const { ops, net_io: traffic, ...rest } = node;
  if (isJsonObject(ops) || isJsonObject(traffic)) {
    const counters = noCounters();
    take(ops, operationNames, counters, [...path, 'ops'], unknown);
    take(traffic, trafficNames, counters, [...path, 'net_io'], unknown);
    classes.push({ path: path.join('.'), counters });
  }
  for (const [name, value] of Object.entries(rest)) {
    if (isJsonObject(value)) collect(value, [...path, name], classes, unknown);
    else unknown[[...path, name].join('.')] = JSON.stringify(value);
  }
}

function take(
  group: unknown,
  names: readonly (keyof UsageCounters)[],
  counters: UsageCounters,
  path: string[],
  unknown: Record<string, string>,
): void {
  if (!isJsonObject(group)) return;
  for (const [name, value] of Object.entries(group)) {
    const known = names.find((candidate) => candidate === name);
    if (known) counters[known] = readInteger(value, [...path, name].join('.'));
    else unknown[[...path, name].join('.')] = JSON.stringify(value);
  }
}

function sumCounters(all: readonly UsageCounters[]): UsageCounters {
  const sum = noCounters();
  for (const counters of all) addTo(sum, counters);
  return sum;
}

/** Adds one set of figures to another, in place; reports add millions. */
export function addTo(sum: UsageCounters, more: UsageCounters): void {
  sum.put += more.put;
  sum.get += more.get;
  sum.list += more.list;
  sum.other += more.other;
  sum.uploaded += more.uploaded;
  sum.downloaded += more.downloaded;
}

export function noCounters(): UsageCounters {
  return { put: 0n, get: 0n, list: 0n, other: 0n, uploaded: 0n, downloaded: 0n };
}

function readNumber(value: unknown, field: string): number {
  const number = Number(readInteger(value, field));
  if (!Number.isSafeInteger(number)) throw foreignAnswer(`the number "${field}"`);
  return number;
}
