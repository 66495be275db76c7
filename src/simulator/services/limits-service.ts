import type { WireLimits } from '#shared/wire/limits-and-quotas.ts';
import { type Answer, type Change, emptyAnswer, jsonAnswer, Refusal } from '../model/answer.ts';
import { hasFlag, parameter, type SimulatedRequest } from '../model/simulated-request.ts';
import { type LimitName, limitNames, type SimulatedLimits } from '../state/limits.ts';
import {
  argumentRefusal,
  deletedAnswer,
  methodRefusal,
  type Service,
  type ServiceContext,
} from './service-context.ts';
import { targetKey } from './target.ts';

const selectors = ['emailAddress', 'id', 'bucket'] as const;
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
export const limitsService: Service = (context) => {
  switch (context.request.method) {
    case 'GET':
      return readLimits(context);
    case 'PUT':
      return setLimits(context);
    case 'DELETE':
      return clearLimits(context);
    default:
      throw methodRefusal();
  }
};

function readLimits(context: ServiceContext): Answer {
  const limits = context.state.limits.read(targetKey(context, 'reading', selectors));
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
  const key = targetKey(context, 'now', selectors);
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
  const key = targetKey(context, 'now', selectors);
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
