import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import {
  changeError,
  isChange,
  type NumberRules,
  readEnteredNumber,
} from '#shared/entered-number.ts';
import { type LimitResource, limitRows, quotaRules, rateRules } from '#shared/limit-resources.ts';
import { readQuota } from '../limits/edit-quota.tsx';

export type ChangeKind = 'quota' | 'limits' | 'enable' | 'disable' | 'revoke';

/** The form's values, as typed. */
export interface ChangeValues {
  kind: ChangeKind;
  quota: 'value' | 'zero' | 'none';
  sizeGb: string;
  limits: 'values' | 'none';
  rates: Record<LimitResource, string>;
  olderThanDays: string;
}

/** The form's initial values. */
export function emptyChange(kind: ChangeKind): ChangeValues {
  return {
    kind,
    quota: 'value',
    sizeGb: '',
    limits: 'values',
    rates: {
      opsDefault: '',
      opsGet: '',
      opsPut: '',
      opsList: '',
      opsDelete: '',
      bandwidthOut: '',
    },
    olderThanDays: '365',
  };
}

export const daysRules = { unit: 'days', most: 36_500 } satisfies NumberRules;

/** The change that was entered; null while it is not complete or not right. */
export function changeOf(values: ChangeValues): BulkChange | null {
  switch (values.kind) {
    case 'quota':
      if (values.quota === 'none') return { change: 'clearQuota' };
      if (values.quota === 'zero') return { change: 'setQuota', sizeGb: 0 };
      return setQuota(values.sizeGb);
    case 'limits':
      return values.limits === 'none' ? { change: 'clearLimits' } : setLimits(values.rates);
    case 'enable':
    case 'disable':
      return { change: values.kind };
    case 'revoke':
      return revokeOldKeys(values.olderThanDays);
  }
}

/** Returns whether something entered is computed for each target from what it has. */
export function isOfEach({ kind, quota, sizeGb, limits, rates }: ChangeValues): boolean {
  if (kind === 'quota') return quota === 'value' && isChange(sizeGb);
  return kind === 'limits' && limits === 'values' && Object.values(rates).some(isChange);
}

/** Returns why a quota that was entered for many can't be sent, in words. */
export function bulkQuotaError(text: string): string | undefined {
  return isChange(text) ? changeError(text, quotaRules) : readQuota(text).error;
}

function setQuota(text: string): BulkChange | null {
  if (isChange(text)) {
    return bulkQuotaError(text) ? null : { change: 'adjustQuota', by: text.trim() };
  }
  const { value } = readQuota(text);
  return value === undefined ? null : { change: 'setQuota', sizeGb: value };
}

function revokeOldKeys(text: string): BulkChange | null {
  const { value } = readEnteredNumber(text, daysRules);
  return value === undefined ? null : { change: 'revokeOldKeys', olderThanDays: Number(value) };
}

function setLimits(rates: Record<LimitResource, string>): BulkChange | null {
  const limits: Partial<Record<LimitResource, number>> = {};
  const by: Partial<Record<LimitResource, string>> = {};
  for (const { id, shortUnit } of limitRows) {
    const text = rates[id].trim();
    if (text === '') continue;
    const rules = rateRules(shortUnit);
    if (isChange(text)) {
      if (changeError(text, rules)) return null;
      by[id] = text;
      continue;
    }
    const { value } = readEnteredNumber(text, rules);
    if (value === undefined) return null;
    limits[id] = Number(value);
  }
  const named = Object.keys(limits).length > 0;
  if (Object.keys(by).length > 0) {
    return { change: 'adjustLimits', by, ...(named ? { limits } : {}) };
  }
  return named ? { change: 'setLimits', limits } : null;
}

export type BulkSource = CallInput<'bulk.preview'>['source'];

/** Selected access keys. */
export type KeyReferences = Extract<BulkSource, { from: 'keys' }>['keys'];

export type ChosenTargets =
  | { kind: 'user'; ids: readonly string[] }
  | { kind: 'bucket'; ids: readonly string[] }
  | { kind: 'key'; keys: KeyReferences }
  | ({ kind: 'filter'; total: number; search: string | undefined } & (
      | { of: 'user'; filter: CallInput<'users.list'>['filter'] }
      | { of: 'bucket'; filter: CallInput<'buckets.list'>['filter'] }
    ));

type BulkChange = Extract<BulkSource, { from: 'users' }>['change'];

export type BulkRun = CallOutput<'bulk.get'>;

export type BulkRow = CallOutput<'bulk.rows'>['rows'][number];

/** Returns how many targets were selected, and what they are: `12 users`. */
export function countOf(targets: ChosenTargets): {
  count: number;
  noun: 'user' | 'bucket' | 'key';
} {
  if (targets.kind === 'filter') return { count: targets.total, noun: targets.of };
  if (targets.kind === 'key') return { count: targets.keys.length, noun: 'key' };
  return { count: targets.ids.length, noun: targets.kind };
}

/**
 * The source of a change of selected targets.
 * @param change null while it is not complete; selected keys are revoked, whatever it is
 * @returns null while it is not complete
 */
export function sourceOf(targets: ChosenTargets, change: BulkChange | null): BulkSource | null {
  if (targets.kind === 'key') return { from: 'keys', keys: targets.keys };
  if (change === null) return null;
  switch (targets.kind) {
    case 'user':
      return { from: 'users', userIds: [...targets.ids], change };
    case 'bucket':
      return { from: 'buckets', names: [...targets.ids], change };
    case 'filter': {
      const search = targets.search ? { search: targets.search } : {};
      return targets.of === 'user'
        ? {
            from: 'filter',
            ...search,
            ...(targets.filter ? { filter: targets.filter } : {}),
            change,
          }
        : {
            from: 'bucketFilter',
            ...search,
            ...(targets.filter ? { filter: targets.filter } : {}),
            change,
          };
    }
  }
}
