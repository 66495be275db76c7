import { AppError } from '#shared/errors.ts';
import type { Exchange } from '../exchange.ts';
import type { QueryParameter } from '../model/encode.ts';
import type { Gateway, GatewayQuota, QuotaTarget } from '../model/gateway.ts';
import {
  foreignAnswer,
  readInteger,
  readText,
  requireObject,
  soleAnswer,
} from '../model/read-fields.ts';
import { targetParameter } from './limits.ts';
import { nullIfUnset, type TargetProbe } from './unset.ts';

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

/** Storage quotas of users and buckets, and the two defaults. Setting is sent once. */
export function quotaOperations(
  exchange: Exchange,
  probe: TargetProbe,
): Pick<Gateway, 'getQuota' | 'setQuota' | 'clearQuota'> {
  return {
    getQuota: (target, options) =>
      nullIfUnset(
        async () =>
          readQuota(
            await exchange.readJson(
              {
                purpose: 'read the quota',
                method: 'GET',
                query: [service, quotaParameter(target)],
              },
              options,
            ),
            target,
          ),
        async () => {
          if (!('default' in target)) await probe(target, options);
        },
      ),
    async setQuota(target, sizeGb, options) {
      if (sizeGb < 0n) throw negative();
      await exchange.act(
        {
          purpose: 'set the quota',
          method: 'PUT',
          query: [service, quotaParameter(target), ['quota-size', sizeGb.toString()]],
        },
        options,
      );
    },
    async clearQuota(target, options) {
      await exchange.act(
        {
          purpose: 'remove the quota',
          method: 'DELETE',
          query: [service, quotaParameter(target)],
        },
        options,
      );
    },
  };
}

function quotaParameter(target: QuotaTarget): QueryParameter {
  return 'default' in target ? ['default', target.default] : targetParameter(target);
}

function negative(): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: 'A quota cannot be negative.',
    hint: 'Enter the size in whole gigabytes.',
  });
}
