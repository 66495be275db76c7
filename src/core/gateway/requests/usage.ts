import { AppError } from '#shared/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { Gateway, RequestOptions, UsageObjectPage } from '../model/gateway.ts';
import { foreignAnswer, isJsonObject, readText } from '../model/read-fields.ts';
import type { Refusal } from '../model/request.ts';
import { isUsageObjectName } from '../model/usage-object-name.ts';

const service: QueryParameter = ['ostor-usage', null];

/** Above 710 gateways were seen to send broken JSON; a broken page is asked for again, smaller. */
const safeLimit = 500;
const smallestLimit = 50;

const noSuchObject: Refusal = {
  code: 'NOT_FOUND',
  message: 'There is no such statistics object on the gateway any more.',
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

/** Statistics objects: listing by page, reading, removing. */
export function usageOperations(
  exchange: Exchange,
): Pick<Gateway, 'listUsageObjects' | 'getUsageObject' | 'removeUsageObject'> {
  return {
    listUsageObjects: (page = {}, options) => listPage(exchange, page, options),
    async getUsageObject(name, options) {
      const answer = await exchange.read(
        {
          purpose: 'read the statistics object',
          method: 'GET',
          query: [service, objectParameter(name)],
          refusals: { 404: noSuchObject },
        },
        options,
      );
      return answer.bytes;
    },
    async removeUsageObject(name, options) {
      await exchange.act(
        {
          purpose: 'remove the statistics object',
          method: 'DELETE',
          query: [service, objectParameter(name)],
          refusals: { 404: noSuchObject },
        },
        options,
      );
    },
  };
}

async function listPage(
  exchange: Exchange,
  page: { after?: string; limit?: number },
  options: RequestOptions | undefined,
): Promise<UsageObjectPage> {
  const query: QueryParameter[] = [service];
  if (page.after !== undefined) query.push(['after', page.after]);
  if (page.limit !== undefined) query.push(['limit', String(page.limit)]);
  try {
    return readUsageObjectPage(
      await exchange.readJson(
        { purpose: 'list the statistics objects', method: 'GET', query, slow: true },
        options,
      ),
    );
  } catch (thrown) {
    if (refusesLimitWithAfter(thrown, page)) return listPage(exchange, without(page), options);
    const smaller = smallerLimit(page.limit);
    if (!isBroken(thrown) || smaller === null) throw thrown;
    return listPage(exchange, { ...page, limit: smaller }, options);
  }
}

/** Some gateways take `limit` on the first page only. */
function refusesLimitWithAfter(thrown: unknown, page: { after?: string; limit?: number }): boolean {
  const refused = thrown instanceof AppError && thrown.code === 'REQUEST_REFUSED';
  return refused && page.after !== undefined && page.limit !== undefined;
}

function without(page: { after?: string }): { after?: string } {
  return page.after === undefined ? {} : { after: page.after };
}

function isBroken(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    (thrown.code === 'ANSWER_TRUNCATED' || thrown.code === 'ANSWER_NOT_JSON')
  );
}

function smallerLimit(limit: number | undefined): number | null {
  if (limit === undefined || limit > safeLimit) return safeLimit;
  const half = Math.floor(limit / 2);
  return half >= smallestLimit ? half : null;
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
