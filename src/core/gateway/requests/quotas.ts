import { type AppError, invalidInput } from '#shared/errors.ts';
import type { GatewayQuota, QuotaTarget } from '../model/gateway.ts';
import {
  foreignAnswer,
  readInteger,
  readText,
  requireObject,
  soleAnswer,
} from '../model/read-fields.ts';
import type { GatewayRequest, QueryParameter } from '../model/request.ts';
import { targetParameter } from './limits.ts';

const service: QueryParameter = ['ostor-quotas', null];

/**
 * Reads an answer about a quota. The size is in the guide's gigabytes, whatever a reference says of
 * bytes, and is never multiplied; the type comes as a word or, in older gateways, as a digit.
 * @throws `ANSWER_FOREIGN`
 */
export function readQuota(json: unknown, target?: QuotaTarget): NonNullable<GatewayQuota> {
  const quota = requireObject(soleAnswer(json, 'a quota'), 'a quota');
  if (quota.size === undefined) throw foreignAnswer('a quota');
  const given = readText(quota.type);
  const type = given === '0' ? 'user' : given === '1' ? 'bucket' : given;
  const kind = target && kindOf(target);
  if (kind && ['user', 'bucket'].includes(type) && type !== kind) {
    throw foreignAnswer(`the quota of a ${kind}`);
  }
  return { sizeGb: readInteger(quota.size, 'size'), type };
}

function kindOf(target: QuotaTarget): 'user' | 'bucket' {
  if ('default' in target) return target.default;
  return 'bucket' in target ? 'bucket' : 'user';
}

/** Reads the quota of a user or bucket, or a default; refused where none is set. */
export function quotaRequest(target: QuotaTarget): GatewayRequest<NonNullable<GatewayQuota>> {
  return {
    purpose: 'read the quota',
    method: 'GET',
    query: [service, quotaParameter(target)],
    read: (json) => readQuota(json, target),
  };
}

/**
 * Sets a quota, in the guide's gigabytes, unconverted.
 * @throws `INPUT_INVALID` for a negative size
 */
export function setQuotaRequest(target: QuotaTarget, sizeGb: bigint): GatewayRequest<void> {
  if (sizeGb < 0n) throw negative();
  return {
    purpose: 'set the quota',
    method: 'PUT',
    query: [service, quotaParameter(target), ['quota-size', sizeGb.toString()]],
  };
}

/** Removes a quota: the default applies again. */
export function clearQuotaRequest(target: QuotaTarget): GatewayRequest<void> {
  return {
    purpose: 'delete the quota',
    method: 'DELETE',
    query: [service, quotaParameter(target)],
  };
}

function quotaParameter(target: QuotaTarget): QueryParameter {
  return 'default' in target ? ['default', target.default] : targetParameter(target);
}

function negative(): AppError {
  return invalidInput('A quota cannot be negative.', 'Enter the size in whole gigabytes.');
}
