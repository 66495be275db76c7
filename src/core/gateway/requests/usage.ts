import { AppError } from '#shared/errors.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { UsageObjectPage } from '../model/gateway.ts';
import { foreignAnswer, isJsonObject, readText } from '../model/read-fields.ts';
import type { GatewayRequest, Refusal } from '../model/request.ts';
import { isUsageObjectName } from '../model/usage-object-name.ts';

const service: QueryParameter = ['ostor-usage', null];

const noSuchObject: Refusal = {
  code: 'NOT_FOUND',
  message: 'This statistics object no longer exists on the gateway.',
  hint: 'It may have been collected and removed elsewhere: list the objects again.',
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

/** Lists statistics objects, a page of them. */
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

/** Removes one statistics object. */
export function removeUsageObjectRequest(name: string): GatewayRequest<void> {
  return {
    purpose: 'remove the statistics object',
    method: 'DELETE',
    query: [service, objectParameter(name)],
    refusals: { 404: noSuchObject },
  };
}

/** Never leaves the name out: without it a request would mean the list, or all of it. */
function objectParameter(name: string): QueryParameter {
  if (isUsageObjectName(name)) return ['obj', name];
  throw new AppError({
    code: 'INPUT_INVALID',
    message: 'This is not the name of a statistics object.',
    hint: 'Names begin with s3-usage-; take one from the list.',
  });
}
