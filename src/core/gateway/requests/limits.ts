import { AppError } from '#shared/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { Gateway, GatewayLimits, LimitResource, LimitTarget } from '../model/gateway.ts';
import { foreignAnswer, readDecimal, requireObject, soleAnswer } from '../model/read-fields.ts';
import { nullIfUnset, type TargetProbe } from './unset.ts';
import { userParameter } from './users.ts';

const service: QueryParameter = ['ostor-limits', null];

/** A resource on the wire: its type, its name in a request, its key in an answer. */
const resources: Record<LimitResource, { type: string; resource: string; key: string }> = {
  opsDefault: { type: 'ops', resource: 'default', key: 'ops:default' },
  opsGet: { type: 'ops', resource: 'get', key: 'ops:get' },
  opsPut: { type: 'ops', resource: 'put', key: 'ops:put' },
  opsList: { type: 'ops', resource: 'list', key: 'ops:list' },
  opsDelete: { type: 'ops', resource: 'delete', key: 'ops:delete' },
  bandwidthOut: { type: 'bandwidth', resource: 'out', key: 'bandwidth:out' },
};

/** The query parameter that names what limits and quotas hang on. */
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
    opsDefault: read(resources.opsDefault),
    opsGet: read(resources.opsGet),
    opsPut: read(resources.opsPut),
    opsList: read(resources.opsList),
    opsDelete: read(resources.opsDelete),
    bandwidthOut: read(resources.bandwidthOut),
  };
}

/**
 * Rate limits. Only the newer syntax is sent, one resource a request in operations a second: the
 * older one counts by the minute, and falling back to it would set a sixtieth. Setting is sent once.
 */
export function limitOperations(
  exchange: Exchange,
  probe: TargetProbe,
): Pick<Gateway, 'getLimits' | 'setLimit' | 'clearLimits'> {
  return {
    getLimits: (target, options) =>
      nullIfUnset(
        async () =>
          readLimits(
            await exchange.readJson(
              {
                purpose: 'read the limits',
                method: 'GET',
                query: [service, targetParameter(target)],
              },
              options,
            ),
          ),
        () => probe(target, options),
      ),
    async setLimit(target, resource, value, options) {
      if (!/^\d+(\.\d+)?$/.test(value)) throw notADecimal();
      const { type, resource: name } = resources[resource];
      await exchange.act(
        {
          purpose: 'set the limit',
          method: 'PUT',
          query: [
            service,
            targetParameter(target),
            ['limit-type', type],
            ['limit-resource', name],
            ['limit-value', value],
          ],
        },
        options,
      );
    },
    async clearLimits(target, options) {
      await exchange.act(
        {
          purpose: 'remove the limits',
          method: 'DELETE',
          query: [service, targetParameter(target)],
        },
        options,
      );
    },
  };
}

function notADecimal(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'A limit is a number that is not negative.',
    hint: 'Enter digits, with a point before the fraction; 0 stands for unlimited.',
  });
}
