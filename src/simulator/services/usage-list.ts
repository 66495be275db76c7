import type { WireUsageList } from '#shared/wire/usage.ts';
import { type Answer, encodeJson, jsonTextAnswer } from '../model/answer.ts';
import { parameter } from '../model/simulated-request.ts';
import type { Variants } from '../model/variants.ts';
import { argumentRefusal, integer, type ServiceContext } from './service-context.ts';

/** Where the first name after `after` stands among sorted names. */
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
export function listUsageObjects(context: ServiceContext): Answer {
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
