import type { WireUsageCounters, WireUsageItem, WireUsageObject } from '#shared/wire/usage.ts';
import { encodeJson } from '../model/answer.ts';
import type { Variants } from '../model/variants.ts';
import type { UsageCounters, UsageItem, UsageRecord } from '../state/usage-object.ts';
import { integer } from './service-context.ts';

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
  // The service id stands second, as in the guide, and may be a token that JSON does not know.
  const { fmt_version, ...rest } = object;
  const token = serviceIdToken(variants.serviceId, record.serviceId);
  return `{"fmt_version":${fmt_version},"service_id":${token},${encodeJson(rest).slice(1)}`;
}
