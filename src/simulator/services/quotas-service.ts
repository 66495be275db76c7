import type { WireQuota } from '#shared/wire/limits-and-quotas.ts';
import { type Answer, emptyAnswer, jsonAnswer, Refusal } from '../model/answer.ts';
import { parameter } from '../model/simulated-request.ts';
import {
  argumentRefusal,
  deletedAnswer,
  methodRefusal,
  type Service,
  type ServiceContext,
} from './service-context.ts';
import { targetKey } from './target.ts';

const selectors = ['emailAddress', 'id', 'bucket', 'default'] as const;

/** `ostor-quotas`: of users, of buckets, and the two defaults. Sizes in GB. */
export const quotasService: Service = (context) => {
  switch (context.request.method) {
    case 'GET':
      return readQuota(context);
    case 'PUT':
      return setQuota(context);
    case 'DELETE':
      return clearQuota(context);
    default:
      throw methodRefusal();
  }
};

// `user:<id>` and `default:user` are quotas of users; `bucket:<name>` and `default:bucket` of buckets.
function kindOf(key: string): 'user' | 'bucket' {
  return key.startsWith('user:') || key === 'default:user' ? 'user' : 'bucket';
}

function readQuota(context: ServiceContext): Answer {
  const { state, variants } = context;
  const key = targetKey(context, 'reading', selectors);
  const kind = kindOf(key);
  const inherited =
    variants.quotaRead === 'effective' ? state.quotas.read(`default:${kind}`) : undefined;
  const size = state.quotas.read(key) ?? inherited;
  if (size === undefined && variants.quotaUnset === 'not-found') {
    throw new Refusal(404, 'NoSuchQuota', 'The quota is not set');
  }
  const digit = kind === 'user' ? '0' : '1';
  const quota: WireQuota = {
    version: '1',
    type: variants.quotaType === 'words' ? kind : digit,
    size: variants.quotaSize === 'string' ? String(size ?? 0n) : (size ?? 0n),
  };
  return jsonAnswer(quota);
}

function setQuota(context: ServiceContext): Answer {
  const key = targetKey(context, 'now', selectors);
  const text = parameter(context.request, 'quota-size') ?? '';
  if (!/^\d{1,18}$/.test(text)) throw argumentRefusal('quota-size is invalid');
  context.state.quotas.set(key, BigInt(text));
  return emptyAnswer([{ kind: 'quota.set', target: key, detail: text }]);
}

function clearQuota(context: ServiceContext): Answer {
  const key = targetKey(context, 'now', selectors);
  context.state.quotas.delete(key);
  return deletedAnswer(context.variants, [{ kind: 'quota.cleared', target: key }]);
}
