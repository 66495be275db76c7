import { type AppError, invalidInput } from '#shared/errors.ts';
import type { LimitResource } from '#shared/limit-resources.ts';
import type { GatewayLimits, LimitTarget } from '../model/gateway.ts';
import { foreignAnswer, readDecimal, requireObject, soleAnswer } from '../model/read-fields.ts';
import type { GatewayRequest, QueryParameter } from '../model/request.ts';
import { userParameter } from './users.ts';

const service: QueryParameter = ['ostor-limits', null];

/** A resource on the wire: its type, its name in a request, its key in an answer. */
export const limitNames: Record<LimitResource, { type: string; resource: string; key: string }> = {
  opsDefault: { type: 'ops', resource: 'default', key: 'ops:default' },
  opsGet: { type: 'ops', resource: 'get', key: 'ops:get' },
  opsPut: { type: 'ops', resource: 'put', key: 'ops:put' },
  opsList: { type: 'ops', resource: 'list', key: 'ops:list' },
  opsDelete: { type: 'ops', resource: 'delete', key: 'ops:delete' },
  bandwidthOut: { type: 'bandwidth', resource: 'out', key: 'bandwidth:out' },
};

export function targetParameter(target: LimitTarget): QueryParameter {
  return 'bucket' in target ? ['bucket', target.bucket] : userParameter(target);
}

/**
 * Reads an answer about limits; resources it leaves out are `"0"`.
 * @throws `ANSWER_FOREIGN`
 */
export function readLimits(json: unknown): NonNullable<GatewayLimits> {
  const limits = requireObject(soleAnswer(json, 'limits'), 'limits');
  if (!Object.keys(limits).some((key) => /^(ops|bandwidth):/.test(key)))
    throw foreignAnswer('limits');
  const read = ({ key }: { key: string }) =>
    limits[key] === undefined ? '0' : readDecimal(limits[key], key);
  return {
    opsDefault: read(limitNames.opsDefault),
    opsGet: read(limitNames.opsGet),
    opsPut: read(limitNames.opsPut),
    opsList: read(limitNames.opsList),
    opsDelete: read(limitNames.opsDelete),
    bandwidthOut: read(limitNames.bandwidthOut),
  };
}

/** Reads the limits of a user or bucket; refused where none are set. */
export function limitsRequest(target: LimitTarget): GatewayRequest<NonNullable<GatewayLimits>> {
  return {
    purpose: 'read the limits',
    method: 'GET',
    query: [service, targetParameter(target)],
    read: readLimits,
  };
}

/**
 * Sets one resource, the only way the gateway takes it, in operations a second or kB/s. Only the newer
 * syntax is sent: the older one counts by the minute, and falling back to it would set a sixtieth.
 * @throws `INPUT_INVALID` unless the value is a decimal that is not negative
 */
export function setLimitRequest(
  target: LimitTarget,
  resource: LimitResource,
  value: string,
): GatewayRequest<void> {
  if (!/^\d+(\.\d+)?$/.test(value)) throw notADecimal();
  const { type, resource: name } = limitNames[resource];
  return {
    purpose: 'set the limit',
    method: 'PUT',
    query: [
      service,
      targetParameter(target),
      ['limit-type', type],
      ['limit-resource', name],
      ['limit-value', value],
    ],
  };
}

export function clearLimitsRequest(target: LimitTarget): GatewayRequest<void> {
  return {
    purpose: 'delete the limits',
    method: 'DELETE',
    query: [service, targetParameter(target)],
  };
}

function notADecimal(): AppError {
  return invalidInput(
    'A limit is a number that is not negative.',
    'Enter digits, with a point before the fraction; 0 means unlimited.',
  );
}
