import type { WireLimits, WireQuota } from '#shared/wire/clusters.ts';
import { type Answer, type Change, emptyAnswer, jsonAnswer, Refusal } from '../model/answer.ts';
import { hasFlag, parameter, type SimulatedRequest } from '../model/simulated-request.ts';
import { type LimitName, limitNames, type SimulatedLimits } from '../state/cluster-state.ts';
import {
  argumentRefusal,
  byMethod,
  deletedAnswer,
  noSuchBucket,
  oneSelector,
  type Service,
  type ServiceContext,
  selectedUser,
} from './service-context.ts';

const limitSelectors = ['emailAddress', 'id', 'bucket'] as const;
const operations = ['get', 'put', 'list', 'delete'] as const;

const noLimits: SimulatedLimits = {
  'ops:default': 0,
  'ops:get': 0,
  'ops:put': 0,
  'ops:list': 0,
  'ops:delete': 0,
  'bandwidth:out': 0,
};

/** `ostor-limits`: reading, both syntaxes of setting, removal of all or of one type. */
export const limitsService: Service = byMethod({
  GET: readLimits,
  PUT: setLimits,
  DELETE: clearLimits,
});

function readLimits(context: ServiceContext): Answer {
  const limits = context.state.limits.read(targetKey(context, 'reading', limitSelectors));
  if (limits === undefined && context.variants.limitsUnset === 'not-found') {
    throw new Refusal(404, 'NoSuchLimits', 'The limits are not set');
  }
  if (limits === undefined && context.variants.limitsUnset === 'error') {
    throw new Refusal(400, 'LimitsDisabled', 'Limits are disabled');
  }
  const shown = limits ?? noLimits;
  const ops = (name: LimitName) => shown[name].toFixed(2);
  const view: WireLimits = {
    'ops:default': ops('ops:default'),
    'ops:get': ops('ops:get'),
    'ops:put': ops('ops:put'),
    'ops:list': ops('ops:list'),
    'ops:delete': ops('ops:delete'),
    'bandwidth:out': String(shown['bandwidth:out']),
  };
  return jsonAnswer(view);
}

function numberOf(text: string | undefined, pattern: RegExp): number {
  if (text === undefined || !pattern.test(text))
    throw argumentRefusal('The limit value is invalid');
  return Number(text);
}

function newSyntax(request: SimulatedRequest, before: SimulatedLimits): SimulatedLimits {
  const name = `${parameter(request, 'limit-type')}:${parameter(request, 'limit-resource')}`;
  const known = limitNames.find((candidate) => candidate === name);
  if (known === undefined) throw argumentRefusal('The limit type or resource is invalid');
  return { ...before, [known]: numberOf(parameter(request, 'limit-value'), /^\d{1,12}(\.\d+)?$/) };
}

// Older references: whole operations a minute; what is omitted takes the default, and `ops` without
// a bandwidth sets that to zero.
function oldSyntax(request: SimulatedRequest, before: SimulatedLimits): SimulatedLimits {
  const ops = hasFlag(request, 'ops');
  if (ops === hasFlag(request, 'bandwidth')) {
    throw argumentRefusal('Exactly one of ops and bandwidth is required');
  }
  if (!ops)
    return { ...before, 'bandwidth:out': numberOf(parameter(request, 'out'), /^\d{1,12}$/) };
  const perSecond = (name: string, absent: number) => {
    const text = parameter(request, name);
    return text === undefined ? absent : numberOf(text, /^\d{1,12}$/) / 60;
  };
  const fallback = perSecond('default', 0);
  const changed: Record<LimitName, number> = { ...noLimits, 'ops:default': fallback };
  for (const operation of operations) changed[`ops:${operation}`] = perSecond(operation, fallback);
  return changed;
}

function setLimits(context: ServiceContext): Answer {
  const { request, state, variants } = context;
  const key = targetKey(context, 'now', limitSelectors);
  const isNew = hasFlag(request, 'limit-type');
  if (variants.limitSyntax !== 'both' && isNew !== (variants.limitSyntax === 'new')) {
    throw argumentRefusal('The parameters are invalid');
  }
  const kept = variants.limitPutResetsSiblings ? undefined : state.limits.get(key);
  const before = kept ?? noLimits;
  const after = isNew ? newSyntax(request, before) : oldSyntax(request, before);
  state.limits.set(key, after);
  return emptyAnswer([change('limits.set', key, after)]);
}

function clearLimits(context: ServiceContext): Answer {
  const { request, state, variants } = context;
  const key = targetKey(context, 'now', limitSelectors);
  const types = ['ops', 'bandwidth'].filter((type) => hasFlag(request, type));
  const before = state.limits.get(key);
  const after = { ...(before ?? noLimits) };
  for (const name of limitNames) {
    if (types.length === 0 || types.some((type) => name.startsWith(type))) after[name] = 0;
  }
  const nothingLeft = limitNames.every((name) => after[name] === 0);
  if (nothingLeft && variants.limitsDeleted === 'unset') state.limits.delete(key);
  else state.limits.set(key, after);
  return deletedAnswer(variants, [change('limits.cleared', key, after)]);
}

function change(kind: string, target: string, limits: SimulatedLimits): Change {
  const set = limitNames.filter((name) => limits[name] !== 0);
  return { kind, target, detail: set.map((name) => `${name}=${limits[name]}`).join(' ') };
}

/**
 * Returns what a limit or quota hangs on, as a key of the state: `user:<id>`, `bucket:<name>` or, where
 * the service has defaults, `default:user` and `default:bucket`. Throws 400 without exactly one selector,
 * 404 where the target does not exist.
 */
function targetKey(
  context: ServiceContext,
  view: 'now' | 'reading',
  selectors: readonly string[],
): string {
  const selector = oneSelector(context.request, selectors);
  if (selector === undefined) throw argumentRefusal('A user or a bucket is required');
  const { name, value } = selector;
  if (name === 'default') {
    if (value !== 'user' && value !== 'bucket') throw argumentRefusal('default is user or bucket');
    return `default:${value}`;
  }
  if (name !== 'bucket') return `user:${selectedUser(context, view).id}`;
  const { buckets } = context.state;
  const bucket = view === 'now' ? buckets.get(value) : buckets.read(value);
  if (bucket === undefined) throw noSuchBucket();
  return `bucket:${bucket.name}`;
}

const quotaSelectors = ['emailAddress', 'id', 'bucket', 'default'] as const;

/** `ostor-quotas`: of users, of buckets, and the two defaults. Sizes in GB. */
export const quotasService: Service = byMethod({
  GET: readQuota,
  PUT: setQuota,
  DELETE: clearQuota,
});

// `user:<id>` and `default:user` are quotas of users; `bucket:<name>` and `default:bucket` of buckets.
function kindOf(key: string): 'user' | 'bucket' {
  return key.startsWith('user:') || key === 'default:user' ? 'user' : 'bucket';
}

function readQuota(context: ServiceContext): Answer {
  const { state, variants } = context;
  const key = targetKey(context, 'reading', quotaSelectors);
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
  const key = targetKey(context, 'now', quotaSelectors);
  const text = parameter(context.request, 'quota-size') ?? '';
  if (!/^\d{1,18}$/.test(text)) throw argumentRefusal('quota-size is invalid');
  context.state.quotas.set(key, BigInt(text));
  return emptyAnswer([{ kind: 'quota.set', target: key, detail: text }]);
}

function clearQuota(context: ServiceContext): Answer {
  const key = targetKey(context, 'now', quotaSelectors);
  context.state.quotas.delete(key);
  return deletedAnswer(context.variants, [{ kind: 'quota.cleared', target: key }]);
}
