import type {
  WireUsageCounters,
  WireUsageItem,
  WireUsageList,
  WireUsageObject,
} from '#shared/wire/usage.ts';
import { type Answer, encodeJson, jsonTextAnswer, Refusal } from '../model/answer.ts';
import { parameter } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import type { UsageCounters, UsageItem, UsageRecord } from '../state/usage-object.ts';
import {
  argumentRefusal,
  deletedAnswer,
  integer,
  methodRefusal,
  type Service,
  type ServiceContext,
} from './service-context.ts';

/** Where the first name after `after` is among sorted names. */
function positionAfter(names: readonly string[], after: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

function limitOf(context: ServiceContext): number | undefined {
  const text = parameter(context.request, 'limit');
  if (text === undefined || !context.variants.usagePaging) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw argumentRefusal('limit is invalid');
  return Number(text);
}

function startOf(variants: Variants, names: readonly string[], after: string | undefined): number {
  if (after === undefined) return 0;
  if (variants.usageCursorStuck) return variants.usagePageSize;
  const position = positionAfter(names, after);
  return variants.usageRepeatsNames ? Math.max(0, position - 1) : position;
}

function truncatedView(variants: Variants, isTruncated: boolean): boolean {
  if (variants.usageTruncated === 'true-to-fact') return isTruncated;
  return variants.usageTruncated === 'always';
}

/** GET ostor-usage without `obj`: names in order, in pages, with the variant's quirks. */
function listUsageObjects(context: ServiceContext): Answer {
  const { request, state, variants } = context;
  const limit = limitOf(context);
  const after = variants.usagePaging ? parameter(request, 'after') : undefined;
  if (variants.usageLimitExcludesAfter && limit !== undefined && after !== undefined) {
    throw argumentRefusal('limit cannot be used with pagination');
  }
  const names = state.usage.names();
  const start = startOf(variants, names, after);
  const size = variants.usagePaging ? (limit ?? variants.usagePageSize) : names.length;
  const items = names.slice(start, start + size);
  const isTruncated = start + items.length < names.length;
  const first = names[0];
  if (variants.usage1970 && first !== undefined) {
    items.push(`${first.slice(0, 25)}-1970-01-01T00:00:00.000Z-1800`);
  }
  const count = variants.usageCountLies ? items.length * 2 + 1 : items.length;
  const list: WireUsageList = {
    nr_items: integer(variants, count),
    truncated: truncatedView(variants, isTruncated || variants.usage1970),
    items,
  };
  const text = encodeJson(list);
  const threshold = variants.usageLimitBreaksAbove;
  const broken = threshold > 0 && limit !== undefined && limit > threshold;
  return jsonTextAnswer(broken ? text.slice(0, text.length - 40) : text);
}

function countersView(variants: Variants, counters: UsageCounters): WireUsageCounters {
  const view = (value: bigint) => integer(variants, value);
  return {
    ops: {
      put: view(counters.put),
      get: view(counters.get),
      list: view(counters.list),
      other: view(counters.other),
    },
    net_io: { uploaded: view(counters.uploaded), downloaded: view(counters.downloaded) },
  };
}

function thirdOf(counters: UsageCounters): UsageCounters {
  const third = { ...counters };
  for (const name of Object.keys(third) as (keyof UsageCounters)[]) third[name] /= 3n;
  return third;
}

function restOf(counters: UsageCounters, part: UsageCounters): UsageCounters {
  const rest = { ...counters };
  for (const name of Object.keys(rest) as (keyof UsageCounters)[]) rest[name] -= part[name];
  return rest;
}

/** Counters direct, or spread over two storage classes whose sum they are. */
function nestedCounters(variants: Variants, counters: UsageCounters): WireUsageItem['counters'] {
  if (variants.counters === 'flat') return countersView(variants, counters);
  const cold = thirdOf(counters);
  return {
    DEFAULT: countersView(variants, restOf(counters, cold)),
    COLD: countersView(variants, cold),
  };
}

function serviceIdToken(form: Variants['serviceId'], serviceId: string): string {
  switch (form) {
    case 'bare':
      return serviceId;
    case 'bare-0x':
      return `0x${serviceId}`;
    case 'quoted-0x':
      return `"0x${serviceId}"`;
    default:
      return `"${serviceId}"`;
  }
}

/** The text of a statistics object. With a bare service id it may not be valid JSON. */
export function usageObjectText(
  variants: Variants,
  record: UsageRecord,
  period: number,
  items: readonly UsageItem[],
): string {
  const views = items.map(
    (item): WireUsageItem => ({
      key: { bucket: item.bucket, epoch: item.epoch, user_id: item.userId, tag: '' },
      counters: nestedCounters(variants, item.counters),
    }),
  );
  const object: WireUsageObject = {
    fmt_version: 1,
    start_ts: integer(variants, record.startTs),
    period: integer(variants, period),
    nr_items: integer(variants, views.length),
    items: views,
  };
  // The service id is second, as in the guide, and may be a token that JSON does not know.
  const { fmt_version, ...rest } = object;
  const token = serviceIdToken(variants.serviceId, record.serviceId);
  return `{"fmt_version":${fmt_version},"service_id":${token},${encodeJson(rest).slice(1)}`;
}

/** `ostor-usage`: list with paging, one object, removal. */
export const usageService: Service = (context) => {
  const { method } = context.request;
  const name = parameter(context.request, 'obj');
  if (method === 'GET') {
    return name === undefined ? listUsageObjects(context) : readObject(context, name);
  }
  if (method !== 'DELETE') throw methodRefusal();
  return name === undefined ? removeEverything(context) : removeObject(context, name);
};

function existing({ state }: ServiceContext, name: string): UsageRecord {
  const record = state.usage.find(name);
  if (record === undefined) {
    throw new Refusal(404, 'NoSuchKey', 'The specified statistics object does not exist');
  }
  return record;
}

function readObject(context: ServiceContext, name: string): Answer {
  const { state, variants } = context;
  const record = existing(context, name);
  const { period, items } = state.usage.fetch(record, variants.usageChanges);
  return jsonTextAnswer(usageObjectText(variants, record, period, items));
}

function removeObject(context: ServiceContext, name: string): Answer {
  const record = existing(context, name);
  context.state.usage.remove(record.name);
  return deletedAnswer(context.variants, [{ kind: 'usage.removed', target: record.name }]);
}

// The reference calls `obj` optional. What a gateway does without is not known: the worst is assumed.
function removeEverything(context: ServiceContext): Answer {
  const names = context.state.usage.names();
  for (const name of names) context.state.usage.remove(name);
  return deletedAnswer(
    context.variants,
    names.map((target) => ({ kind: 'usage.removed', target })),
  );
}
