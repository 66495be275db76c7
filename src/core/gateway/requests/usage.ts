import { invalidInput } from '#shared/errors.ts';
import type { UsageObjectPage } from '../model/gateway.ts';
import { foreignAnswer, isJsonObject, readText } from '../model/read-fields.ts';
import type { GatewayRequest, QueryParameter, Refusal } from '../model/request.ts';

/** What the name of a statistics object says: `s3-usage-<service id>-<ISO start>-<period>`. */
interface UsageObjectName {
  name: string;
  /** Hexadecimal id of the gateway's service. */
  serviceId: string;
  /** Start of the period, Unix seconds. */
  startTs: number;
  /** The configured period, seconds; what was really counted may differ. */
  period: number;
}

const pattern = /^s3-usage-([0-9A-Za-z]+)-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)-(\d+)$/;

/** Takes a name apart; null where it is not of that form. */
export function parseUsageObjectName(name: string): UsageObjectName | null {
  const parts = pattern.exec(name);
  const milliseconds = Date.parse(parts?.[2] ?? '');
  if (!parts?.[1] || !parts[3] || Number.isNaN(milliseconds)) return null;
  return {
    name,
    serviceId: parts[1],
    startTs: Math.floor(milliseconds / 1000),
    period: Number(parts[3]),
  };
}

/** Returns whether a name is one that may be sent as `obj`: anything else could mean something else. */
export function isUsageObjectName(name: string): boolean {
  return /^s3-usage-\S+$/.test(name);
}

const service: QueryParameter = ['ostor-usage', null];

const noSuchObject: Refusal = {
  code: 'NOT_FOUND',
  message: 'This statistics object no longer exists on the gateway.',
  hint: 'It may have been collected and deleted elsewhere: list the objects again.',
};

/**
 * Reads a page of the list; `nr_items` is not trusted, the items are.
 * @throws `ANSWER_FOREIGN`
 */
export function readUsageObjectPage(json: unknown): UsageObjectPage {
  if (!isJsonObject(json) || !Array.isArray(json.items)) {
    throw foreignAnswer('a list of statistics objects');
  }
  return {
    names: json.items.map(readText).filter((name) => name !== ''),
    truncated: json.truncated === true || json.truncated === 'true',
  };
}

export function usageListRequest({
  after,
  limit,
}: {
  after?: string;
  limit?: number;
} = {}): GatewayRequest<UsageObjectPage> {
  const query: QueryParameter[] = [service];
  if (after !== undefined) query.push(['after', after]);
  if (limit !== undefined) query.push(['limit', String(limit)]);
  return {
    purpose: 'list the statistics objects',
    method: 'GET',
    query,
    slow: true,
    read: readUsageObjectPage,
  };
}

/** Reads one statistics object, as bytes. */
export function usageObjectRequest(name: string): GatewayRequest {
  return {
    purpose: 'read the statistics object',
    method: 'GET',
    query: [service, objectParameter(name)],
    refusals: { 404: noSuchObject },
  };
}

export function removeUsageObjectRequest(name: string): GatewayRequest<void> {
  return {
    purpose: 'delete the statistics object',
    method: 'DELETE',
    query: [service, objectParameter(name)],
    refusals: { 404: noSuchObject },
  };
}

/** Never leaves the name out: without it a request would mean the list, or all of it. */
function objectParameter(name: string): QueryParameter {
  if (isUsageObjectName(name)) return ['obj', name];
  throw invalidInput(
    'This is not the name of a statistics object.',
    'Names begin with s3-usage-; take one from the list.',
  );
}
